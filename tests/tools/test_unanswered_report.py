from __future__ import annotations

from collections import Counter

from skill.simulator import Runtime
from skill.tools.unanswered_report import group_by_label


def test_questions_are_grouped_by_the_nearest_label_and_counted(runtime: Runtime) -> None:
    questions = ["is black tea a tea", "is green tea a tea", "is black tea a tea"]
    assert group_by_label(questions, runtime.matcher.rank) == [
        ("answer:black", Counter({"is black tea a tea": 2})),
        ("answer:green", Counter({"is green tea a tea": 1})),
    ]


def test_no_questions_make_no_groups(runtime: Runtime) -> None:
    assert group_by_label([], runtime.matcher.rank) == []
