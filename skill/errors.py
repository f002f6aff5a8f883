"""Errors. Each message is one sentence that says what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class AskableError(Exception):
    """Anything that a user can fix; its text is written for that user."""


@dataclass(frozen=True, order=True)
class Problem:
    """One problem in the content: `place` is where in the file, `what` says what to do."""

    file: str
    line: int  # 0 where it is not known
    place: str
    what: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.place}: {self.what}" if self.place else f"{where}: {self.what}"


class ContentError(AskableError):
    """Every problem found in a content folder, one on each line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


class StaleError(AskableError):
    """A compiled file that is missing, unreadable or older than the content."""


class AudioError(AskableError):
    """Audio that cannot be read."""


class SilentAudioError(AudioError):
    """Audio in which nobody speaks."""


class EngineError(AskableError):
    """A speech engine or device that is missing, hangs or fails."""


class RefusedError(AskableError):
    """A request that is refused; `reason` is a short name for logs and for the sender."""

    status = 400

    def __init__(self, reason: str, message: str) -> None:
        self.reason = reason
        super().__init__(message)


class UnverifiableError(RefusedError):
    """A request that cannot be verified now because the certificate host is unavailable."""

    status = 503
