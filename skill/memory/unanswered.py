"""What could not be answered, kept if the author asks for it: words alone, never who said them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from skill.content.text import normalise
from skill.errors import AskableError
from skill.understanding.classifier.matcher import Ranking

# A line is written at once by one call, so that several workers can share the file.
_LONGEST = 200  # characters


@dataclass(frozen=True)
class Group:
    """Unanswered questions that lead to the same place, most frequent first."""

    near: str  # the label that they come nearest to
    questions: tuple[tuple[str, int], ...]

    @property
    def times(self) -> int:
        """How often any of them was asked."""
        return sum(times for _, times in self.questions)


class UnansweredLog:
    """A text file with one unanswered question a line."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(self, text: str) -> None:
        """Add a question; raises OSError when the file cannot be written."""
        said = normalise(text)[:_LONGEST]
        if said:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as lines:
                lines.write(f"{said}\n")


def read_misses(path: Path) -> tuple[str, ...]:
    """Every question of a log, as often as it was asked."""
    try:
        return tuple(filter(None, path.read_text(encoding="utf-8", errors="replace").splitlines()))
    except FileNotFoundError as error:
        raise AskableError(
            f"{path}: no such file; give --misses FILE when you run the skill, to have one written"
        ) from error


def group(questions: Iterable[str], rank: Callable[[str], Ranking]) -> tuple[Group, ...]:
    """The questions by the label that each comes nearest to; the most asked for first."""
    counted = Counter(questions)
    by_label: dict[str, list[tuple[str, int]]] = {}
    for question, times in counted.most_common():
        candidates = rank(question).candidates
        label = candidates[0].label if candidates else "nothing"
        by_label.setdefault(label, []).append((question, times))
    groups = [Group(label, tuple(found)) for label, found in by_label.items()]
    return tuple(sorted(groups, key=lambda found: (-found.times, found.near)))
