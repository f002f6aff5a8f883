"""The means of PocketSphinx's English acoustic model, in its own file format.

A file holds a header of text, a byte order mark, the counts of phones, of streams and of Gaussians,
the length of each stream, how many numbers follow, and these.
"""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pocketsphinx
from numpy.typing import NDArray

Gaussians = NDArray[np.float32]  # (phones, streams, Gaussians, cepstra)
# In the model's order; the first two and SIL are noises and silence.
PHONES = (
    *("+NSN+", "+SPN+", "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER"),
    *("EY", "F", "G", "HH", "IH", "IY", "JH", "K", "L", "M", "N", "NG", "OW", "OY", "P", "R"),
    *("S", "SH", "SIL", "T", "TH", "UH", "UW", "V", "W", "Y", "Z", "ZH"),
)
SHAPE = (len(PHONES), 3, 128, 13)
_HEAD, _HEAD_END = b"s3\nversion 1.0\nendhdr\n", b"endhdr\n"
_MARK = 0x11223344


def stock_means() -> Gaussians:
    """Return the means of the model in PocketSphinx's wheel."""
    path = Path(pocketsphinx.get_model_path("en-us")) / "en-us" / "means"
    _, _, body = path.read_bytes().partition(_HEAD_END)
    mark, *counts = struct.unpack_from("<8i", body)
    if mark != _MARK or (*counts[:3], *set(counts[3:6])) != SHAPE:
        raise ValueError(f"{path}: another kind of model than that of pocketsphinx 5.1")
    return np.frombuffer(body, "<f4", counts[-1], struct.calcsize("<8i")).reshape(SHAPE)


def as_bytes(means: Gaussians) -> bytes:
    """Return the content of a file of means."""
    phones, streams, gaussians, size = means.shape
    counts = struct.pack("<8i", _MARK, phones, streams, gaussians, *[size] * streams, means.size)
    return _HEAD + counts + means.astype("<f4").tobytes()
