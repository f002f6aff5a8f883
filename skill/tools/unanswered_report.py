"""Unanswered questions, grouped by the label that each is nearest to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from skill.understanding import Ranking


def group_by_label(
    questions: Iterable[str], rank: Callable[[str], Ranking]
) -> list[tuple[str, Counter[str]]]:
    """Return labels, each with its questions; labels that were asked for most often come first."""
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for question, times in Counter(questions).items():
        candidates = rank(question).candidates
        label = str(candidates[0].label) if candidates else "nothing"
        groups[label][question] = times
    return sorted(groups.items(), key=lambda group: (-group[1].total(), group[0]))
