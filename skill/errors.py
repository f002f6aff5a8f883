"""What can go wrong, told in one sentence each: what, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class AskableError(Exception):
    """Anything a person can mend; its text is meant to be read by that person."""


class Problem(NamedTuple):
    """One fault in the content: `file` (and `line`), the `place` within it, and `what` to mend."""

    file: str
    line: int
    place: str
    what: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.place}: {self.what}" if self.place else f"{where}: {self.what}"


class ContentError(AskableError):
    """Every fault found in a content folder, one sentence a line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class StaleError(AskableError):
    """What is checked in differs from what the content compiles to."""


class AudioError(AskableError):
    """A sound that cannot be read or heard."""


class SilentAudioError(AudioError):
    """A sound in which nobody speaks."""


class EngineError(AskableError):
    """A speech engine or device that is missing, hangs or fails."""


class RefusedError(AskableError):
    """A request that is not let in; `reason` is a short name for logs and for whoever sent it."""

    status = 400

    def __init__(self, reason: str, message: str) -> None:
        self.reason = reason
        super().__init__(message)


class UnverifiableError(RefusedError):
    """A request that cannot be judged now, through no fault of its own."""

    status = 503
