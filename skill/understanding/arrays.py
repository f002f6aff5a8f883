"""Reads a file of arrays where it lies: nothing is copied or worked out before it is asked for.

It is one line of JSON and then the arrays, one after another: a cold start on Lambda needs few of
their rows, and the zip file of numpy's arrays would first be read from end to end.
"""

from __future__ import annotations

import json
import mmap
from pathlib import Path
from typing import Any, Literal

_Code = Literal["B", "I", "Q"]


class Arrays:
    """`facts` is what the line says beside where the arrays are."""

    def __init__(self, path: Path) -> None:
        """The file is one of ours and whole: raises ValueError at anything else."""
        try:
            with path.open("rb") as file:
                self._all = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
                line = file.readline()
            told = json.loads(line)
            self.facts: dict[str, Any] = dict(told["facts"])
            self._places: dict[str, tuple[int, int]] = dict(told["arrays"])
            self._start = len(line)
            end = max(end for _, end in self._places.values())
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path}: holds no arrays ({error})") from error
        if len(self._all) != self._start + end:
            raise ValueError(f"{path}: holds no arrays (its length is not what its line tells)")

    def view(self, name: str, code: _Code = "B") -> memoryview[int]:
        """Whole numbers, of the type that `struct` calls so."""
        start, end = self._places[name]
        return self._all[self._start + start : self._start + end].cast(code)


def arrays_file(facts: dict[str, object], arrays: dict[str, bytes]) -> bytes:
    """What `Arrays` reads."""
    places, end = {}, 0
    for name, data in arrays.items():
        places[name] = (end, end := end + len(data))
    line = json.dumps({"facts": facts, "arrays": places})
    return b"".join([line.encode(), b"\n", *arrays.values()])
