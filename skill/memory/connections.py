"""One connection for each thread of each process: most can be shared by neither."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

_T = TypeVar("_T")


class PerThread(Generic[_T]):
    """Makes one where a thread has none yet, or has one from before a fork."""

    def __init__(self, make: Callable[[], _T]) -> None:
        self._make = make
        self._local = threading.local()
        self._inherited: list[_T] = []

    def get(self) -> _T:
        """This thread's own; raises what making it raises."""
        made: tuple[int, _T] | None = getattr(self._local, "made", None)
        if made and made[0] == os.getpid():
            return made[1]
        if made:
            # To close it here could take the parent's locks away: https://sqlite.org/howtocorrupt.html
            self._inherited.append(made[1])
        new = self._make()
        self._local.made = (os.getpid(), new)
        return new

    def drop(self) -> None:
        """Make a new one next time."""
        self._local.made = None
