"""Many sums at once, without numpy: a row of whole numbers stands in one large integer. Pure.

Python adds and multiplies large integers in C. Each number has a lane of 64 bits, which no sum here
outgrows: a feature's byte times its scale stays below 2 ** 28, an input of a layer times its weight
below 2 ** 45.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import mul

LANE = 8  # bytes
_BITS = 8 * LANE
_HALF = 1 << _BITS - 1


class Lanes:
    """Adds up rows of `count` numbers, each stored with `bias` added so that none is negative."""

    def __init__(self, count: int, bias: int) -> None:
        self.count, self._bias = count, bias
        self._ones = ((1 << _BITS * count) - 1) // ((1 << _BITS) - 1)
        self._halves = _HALF * self._ones

    def sums(self, weights: Sequence[int], rows: Iterable[int]) -> list[int]:
        """The sum of weight times row, number by number; the bias is taken out again."""
        total = sum(map(mul, weights, rows)) - self._bias * sum(weights) * self._ones
        # Half is added so that no lane borrows from the next, and its bit turned to make a sign.
        signed = (total + self._halves) ^ self._halves
        return memoryview(signed.to_bytes(LANE * self.count, "little")).cast("q").tolist()


def row_of(lanes: bytes | memoryview) -> int:
    """A row whose numbers are stored as wide as their lanes."""
    return int.from_bytes(lanes, "little")


def row_of_bytes(numbers: bytes | memoryview) -> int:
    """A row whose numbers are stored as a byte each."""
    wide = bytearray(LANE * len(numbers))
    wide[::LANE] = numbers
    return int.from_bytes(wide, "little")
