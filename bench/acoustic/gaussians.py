"""Reads and writes the Gaussians of PocketSphinx's English model: what each phone sounds like.

Each phone has its own, and each senone (a third of a phone, beside certain others) mixes those of
its phone with weights of its own. A file of means or variances holds, after a header of text, a
mark of byte order, the counts of phones, of streams and of Gaussians, the length of each stream,
how many numbers follow, and these.
"""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pocketsphinx
from numpy.typing import NDArray

from skill.errors import EngineError
from skill.speech.recognition.cepstra import Cepstra

Gaussians = NDArray[np.float32]  # means or variances, (phones, streams, Gaussians, cepstra)
# In the model's order; the first two and SIL are noises and silence.
PHONES = (
    *("+NSN+", "+SPN+", "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER"),
    *("EY", "F", "G", "HH", "IH", "IY", "JH", "K", "L", "M", "N", "NG", "OW", "OY", "P", "R"),
    *("S", "SH", "SIL", "T", "TH", "UH", "UW", "V", "W", "Y", "Z", "ZH"),
)
SHAPE = (len(PHONES), 3, 128, 13)
_HEAD, _HEAD_END = b"s3\nversion 1.0\nendhdr\n", b"endhdr\n"
_MARK = 0x11223344
_LEAST_VARIANCE = 1e-4  # PocketSphinx's own
_STEP = 1024 * np.log(1.0001)  # in which logarithms of weights are counted


STOCK = Path(pocketsphinx.get_model_path("en-us")) / "en-us"


def stock() -> tuple[Gaussians, Gaussians]:
    """Means and variances of the model in PocketSphinx's wheel; raises EngineError."""
    return read(STOCK / "means"), np.maximum(read(STOCK / "variances"), _LEAST_VARIANCE)


def mixture_weights() -> NDArray[np.float32]:
    """Their logarithms, (streams, Gaussians, senones); raises EngineError."""
    path = STOCK / "sendump"
    try:
        content = path.read_bytes()
        place = length = 0
        # Lines of text about the file, each after its length; the last has none.
        while length or not place:
            (length,) = struct.unpack_from("<i", content, place)
            place += 4 + length
        gaussians, senones = struct.unpack_from("<2i", content, place)
        steps = np.frombuffer(content, np.uint8, SHAPE[1] * gaussians * senones, place + 8)
        if gaussians != SHAPE[2]:
            raise ValueError("it is another kind of model")
    except (OSError, ValueError, struct.error) as error:
        raise _unreadable(path, error) from error
    logarithms: NDArray[np.float32] = (-_STEP * steps).astype(np.float32)
    return logarithms.reshape(SHAPE[1], gaussians, senones)


def read(path: Path) -> Gaussians:
    """One file of means or variances; raises EngineError where it is not of this model's kind."""
    try:
        _, _, body = path.read_bytes().partition(_HEAD_END)
        mark, *counts = struct.unpack_from("<8i", body)
        values = np.frombuffer(body, "<f4", counts[-1], struct.calcsize("<8i"))
        if mark != _MARK or (*counts[:3], *set(counts[3:6])) != SHAPE:
            raise ValueError("it is another kind of model")
        return values.reshape(SHAPE)
    except (OSError, ValueError, struct.error) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> EngineError:
    return EngineError(
        f"{path}: not PocketSphinx's English model: {error}; run: pip install pocketsphinx"
    )


def write(path: Path, values: Gaussians) -> None:
    """As `read` reads it."""
    phones, streams, gaussians, size = values.shape
    counts = struct.pack("<8i", _MARK, phones, streams, gaussians, *[size] * streams, values.size)
    path.write_bytes(_HEAD + counts + values.astype("<f4").tobytes())


class Likelihood:
    """How well frames fit the nearest Gaussian of any phone."""

    def __init__(self, means: Gaussians, variances: Gaussians) -> None:
        # -(x - m)² / 2v - log(v) / 2, as a product with x² and x, and a sum.
        self._weights = np.concatenate([-0.5 / variances, means / variances], axis=3).swapaxes(2, 3)
        self._sums = -0.5 * (means**2 / variances + np.log(variances)).sum(axis=3)

    def of(self, frames: Cepstra) -> NDArray[np.float32]:
        """Log likelihood of each frame, less a constant; for some dozens of frames."""
        total = np.zeros(len(frames), np.float32)
        for stream, part in enumerate(np.split(frames, SHAPE[1], axis=1)):
            products = np.concatenate([part**2, part], axis=1) @ self._weights[:, stream]
            total += (products + self._sums[:, stream, None]).max(axis=(0, 2))
        return total
