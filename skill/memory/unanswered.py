"""The log of unanswered questions, kept if the author asks for it: words only, without a user."""

from __future__ import annotations

from pathlib import Path

from skill.content import normalise
from skill.errors import AskableError

_LONGEST = 200  # characters of a question


class UnansweredLog:
    """A text file with one unanswered question a line."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(self, text: str) -> None:
        """Add a question; raises OSError if the file cannot be written."""
        question = normalise(text)[:_LONGEST]
        if question:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # One call writes the whole line, so that several workers can share the file.
            with self._path.open("a", encoding="utf-8") as lines:
                lines.write(f"{question}\n")


def read_unanswered(path: Path) -> tuple[str, ...]:
    """Every question in a log, as often as it was asked."""
    try:
        return tuple(filter(None, path.read_text(encoding="utf-8", errors="replace").splitlines()))
    except FileNotFoundError as error:
        raise AskableError(
            f"{path}: no such file; give --misses FILE when you run the skill, to have one written"
        ) from error
