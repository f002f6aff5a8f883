"""One connection for each thread of each process."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

_T = TypeVar("_T")


class PerThread(Generic[_T]):
    """Makes a connection where a thread has none yet, or has one from before a fork."""

    def __init__(self, make: Callable[[], _T]) -> None:
        self._make = make
        self._local = threading.local()
        self._inherited: list[_T] = []

    def get(self) -> _T:
        """This thread's connection; raises what making it raises."""
        made: tuple[int, _T] | None = getattr(self._local, "made", None)
        if made and made[0] == os.getpid():
            return made[1]
        if made:
            # Closing it here could release the parent's locks: https://sqlite.org/howtocorrupt.html
            self._inherited.append(made[1])
        new = self._make()
        self._local.made = (os.getpid(), new)
        return new

    def drop(self) -> None:
        """Make a new connection next time."""
        self._local.made = None
