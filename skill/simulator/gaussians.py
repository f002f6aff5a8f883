"""Reads and writes the Gaussians of PocketSphinx's English model: what each phone sounds like.

A file holds, after a header of text, a mark of byte order, the counts of phones, of streams and of
Gaussians, the length of each stream, how many numbers follow, and these.
"""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pocketsphinx
from numpy.typing import NDArray

from skill.errors import EngineError
from skill.simulator.cepstra import Cepstra

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


def stock() -> tuple[Gaussians, Gaussians]:
    """Means and variances of the model in PocketSphinx's wheel; raises EngineError."""
    folder = Path(pocketsphinx.get_model_path("en-us")) / "en-us"
    return read(folder / "means"), np.maximum(read(folder / "variances"), _LEAST_VARIANCE)


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
        raise EngineError(
            f"{path}: not PocketSphinx's English model: {error}; run: pip install pocketsphinx"
        ) from error


def write(path: Path, values: Gaussians) -> None:
    """As `read` reads it."""
    phones, streams, gaussians, size = values.shape
    counts = struct.pack("<8i", _MARK, phones, streams, gaussians, *[size] * streams, values.size)
    path.write_bytes(_HEAD + counts + values.astype("<f4").tobytes())


class Likelihood:
    """How well frames fit the nearest Gaussian of any phone."""

    def __init__(self, means: Gaussians, variances: Gaussians) -> None:
        # -(x - m)² / 2v - log(v) / 2, as a product with x² and x, and a sum.
        self._weights, self._sums = [], []
        for stream in range(means.shape[1]):
            mean, variance = (
                values[:, stream].reshape(-1, means.shape[-1]) for values in (means, variances)
            )
            self._weights.append(np.concatenate([-0.5 / variance, mean / variance], axis=1).T)
            self._sums.append(-0.5 * (mean**2 / variance + np.log(variance)).sum(axis=1))

    def of(self, frames: Cepstra) -> NDArray[np.float32]:
        """Log likelihood of each frame, less a constant."""
        total = np.zeros(len(frames), np.float32)
        streams = np.split(frames, len(self._weights), axis=1)
        for part, weights, sums in zip(streams, self._weights, self._sums, strict=True):
            total += (np.concatenate([part**2, part], axis=1) @ weights + sums).max(axis=1)
        return total
