"""Numbers in order, looked up where they lie. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence


class Ordered:
    """A container of numbers that are stored smallest first."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self._numbers = numbers

    def place(self, number: int) -> int | None:
        """Where it stands."""
        at = bisect_left(self._numbers, number)
        return at if at < len(self._numbers) and self._numbers[at] == number else None

    def __contains__(self, number: object) -> bool:
        """Whether it is one of them."""
        return isinstance(number, int) and self.place(number) is not None
