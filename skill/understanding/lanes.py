"""Many sums at once, without numpy: a row of whole numbers stands in one large integer. Pure.

Python adds and multiplies large integers in C. Each number has a lane of its own, which no sum may
outgrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import mul
from typing import Literal

WIDE = 8  # bytes of a lane that any sum of bytes fits
_SIGNED: dict[int, Literal["i", "q"]] = {4: "i", WIDE: "q"}


class Lanes:
    """Adds up rows of `count` numbers, each stored with `bias` added so that none is negative."""

    def __init__(self, count: int, bias: int, width: int) -> None:
        """`width` is 4 or 8 bytes a lane."""
        bits = 8 * width
        self._bytes, self._code = count * width, _SIGNED[width]
        self._ones = ((1 << bits * count) - 1) // ((1 << bits) - 1)
        self._biases, self._halves = bias * self._ones, self._ones << bits - 1

    def sums(self, weights: Sequence[int], rows: Iterable[int]) -> list[int]:
        """The sum of weight times row, number by number; the bias is taken out again."""
        total = sum(map(mul, weights, rows)) - self._biases * sum(weights)
        # Half is added so that no lane borrows from the next, and its bit turned to make a sign.
        signed = (total + self._halves) ^ self._halves
        return memoryview(signed.to_bytes(self._bytes, "little")).cast(self._code).tolist()


def row_of(lanes: bytes | memoryview) -> int:
    """A row whose numbers are stored as wide as their lanes."""
    return int.from_bytes(lanes, "little")


def row_of_bytes(numbers: bytes | memoryview) -> int:
    """A row whose numbers are stored as a byte each, for wide lanes."""
    lanes = bytearray(WIDE * len(numbers))
    lanes[::WIDE] = numbers
    return int.from_bytes(lanes, "little")
