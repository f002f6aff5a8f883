"""Reads the arrays of a .npz file without numpy, which is larger than all else on Lambda. Pure."""

from __future__ import annotations

import re
import struct
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from zipfile import ZipFile

# numpy's type -> struct's; https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
_WHOLE: dict[str, Literal["b", "B", "h", "i", "I", "q", "Q"]] = {
    "|i1": "b",
    "|u1": "B",
    "<i2": "h",
    "<i4": "i",
    "<u4": "I",
    "<i8": "q",
    "<u8": "Q",
}
_CODES = {**_WHOLE, "<f2": "e", "<f4": "f"}
_HEADER = re.compile(rb"'descr': '([^']+)', 'fortran_order': False, 'shape': \(([\d, ]*)\)")
_TEXT = "<U"


@dataclass(frozen=True)
class Array:
    """Numbers or text as numpy stores them, row after row."""

    descr: str
    shape: tuple[int, ...]
    data: bytes

    def numbers(self) -> Sequence[float]:
        """All numbers, row after row; they are read fastest where they lie as single floats."""
        code = _CODES[self.descr]
        if code == "f":
            return array(code, self.data)
        return struct.unpack(f"<{len(self.data) // struct.calcsize(code)}{code}", self.data)

    def view(self) -> memoryview[int]:
        """Whole numbers where they lie; nothing is copied."""
        return memoryview(self.data).cast(_WHOLE[self.descr])

    def texts(self) -> tuple[str, ...]:
        """Short texts, or the lines that were stored as bytes."""
        if not self.descr.startswith(_TEXT):
            return tuple(self.data.decode().split("\n"))
        size = 4 * int(self.descr.removeprefix(_TEXT))
        words = (self.data[at : at + size] for at in range(0, len(self.data), size))
        return tuple(word.decode("utf-32-le").rstrip("\0") for word in words)


def read_npz(path: Path) -> Mapping[str, Array]:
    """Every array by its name. The file is one of ours: raises ValueError at anything else."""
    with ZipFile(path) as stored:
        return {
            name.removesuffix(".npy"): _array(name, stored.read(name)) for name in stored.namelist()
        }


def _array(name: str, data: bytes) -> Array:
    # Magic and version take 8 bytes, the header's length two more in version 1.
    start = 10 + int.from_bytes(data[8:10], "little")
    found = _HEADER.search(data[:start])
    if data[:7] != b"\x93NUMPY\x01" or not found:
        raise ValueError(f"{name}: is no array of numpy's format 1")
    shape = tuple(int(size) for size in found[2].replace(b",", b" ").split())
    return Array(found[1].decode(), shape, data[start:])
