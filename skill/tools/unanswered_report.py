"""Unanswered questions, grouped by the label that each is nearest to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from skill.understanding import Ranking


@dataclass(frozen=True)
class QuestionGroup:
    """Unanswered questions with the same nearest label, each with how often it was asked."""

    near: str
    questions: tuple[tuple[str, int], ...]

    @property
    def times(self) -> int:
        """How often any of them was asked."""
        return sum(times for _, times in self.questions)


def group_by_label(
    questions: Iterable[str], rank: Callable[[str], Ranking]
) -> tuple[QuestionGroup, ...]:
    """The questions by their nearest label; the groups asked most often come first."""
    by_label: dict[str, list[tuple[str, int]]] = {}
    for question, times in Counter(questions).most_common():
        candidates = rank(question).candidates
        label = str(candidates[0].label) if candidates else "nothing"
        by_label.setdefault(label, []).append((question, times))
    groups = [QuestionGroup(label, tuple(found)) for label, found in by_label.items()]
    return tuple(sorted(groups, key=lambda group: (-group.times, group.near)))
