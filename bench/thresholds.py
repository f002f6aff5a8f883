"""Tunes the thresholds of `skill.understanding.decision` on held-out folds.

    .venv/bin/python -m bench.thresholds tests/oxytocin/questions_dev.yaml

Each question is ranked once, as free text. One threshold after another is moved to the best value
of a grid, for the questions of four folds; the fifth measures. A wrong fact costs as much as
three right decisions bring. Takes a minute.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from skill.content import LabelKind
from skill.memory import NoMemory
from skill.settings import find_settings
from skill.simulator import Runtime
from skill.tools.evaluate import Case
from skill.tools.questions import read_questions
from skill.understanding import THRESHOLDS, DecisionKind, Ranking, Thresholds, decide

_GRID = tuple(step / 50 for step in range(2, 49))  # 0.04 to 0.96
_FOLDS = 5
_ROUNDS = 2  # of all thresholds
_COST = 3  # right decisions that a wrong fact costs


@dataclass(frozen=True)
class Ranked:
    """A question with its ranking."""

    case: Case
    ranking: Ranking


def got(ranking: Ranking, thresholds: Thresholds) -> str:
    """The decision on a ranking, by the names that question files use."""
    decision = decide(ranking, thresholds)
    if decision.kind is DecisionKind.EITHER:
        return "either"
    if decision.kind in (DecisionKind.SUGGEST, DecisionKind.OUT_OF_DOMAIN) or not decision.label:
        return "refuse:outside"
    names = {LabelKind.ANSWER: "answer", LabelKind.REFUSAL: "refuse", LabelKind.COMMAND: "intent"}
    return f"{names[decision.label.kind]}:{decision.label.name}"


def score(questions: Iterable[Ranked], thresholds: Thresholds) -> tuple[int, int]:
    """(right decisions, wrong facts)."""
    right = wrong = 0
    for question in questions:
        result = got(question.ranking, thresholds)
        if result in question.case.expected:
            right += 1
        elif result.startswith("answer:") and question.case.expected[0].startswith("refuse:"):
            wrong += 1
    return right, wrong


def tune(questions: Sequence[Ranked]) -> Thresholds:
    """The thresholds with the best score; ties go to those nearest to today's."""

    def value(thresholds: Thresholds) -> int:
        right, wrong = score(questions, thresholds)
        return right - _COST * wrong

    best = THRESHOLDS
    for _ in range(_ROUNDS):
        for field in fields(Thresholds):
            today = getattr(THRESHOLDS, field.name)
            choices = [replace(best, **{field.name: at}) for at in (today, *_GRID)]
            best = max(choices, key=lambda t: (value(t), -abs(getattr(t, field.name) - today)))
    return best


def main() -> None:
    """Print the thresholds of each fold, and what they and today's decide on its questions."""
    path = Path(sys.argv[1] if len(sys.argv) > 1 else "tests/oxytocin/questions_dev.yaml")
    runtime = Runtime(find_settings(), NoMemory())
    questions = [
        Ranked(case, runtime.matcher.rank(case.text))
        for case in read_questions(path, runtime.article)
        if not case.before
    ]
    random.Random(0).shuffle(questions)
    print(f"{len(questions)} questions")
    totals = [0, 0, 0, 0]
    for fold in range(_FOLDS):
        held_out = questions[fold::_FOLDS]
        tuned = tune([q for at, q in enumerate(questions) if at % _FOLDS != fold])
        figures = (*score(held_out, THRESHOLDS), *score(held_out, tuned))
        totals = [total + figure for total, figure in zip(totals, figures, strict=True)]
        print(f"fold {fold + 1}: {_values(tuned)}")
    print(f"today's:  {_values(THRESHOLDS)}: {totals[0]} right, {totals[1]} wrong facts held out")
    print(f"tuned: {totals[2]} right, {totals[3]} wrong facts held out")
    print(f"on all:   {_values(tune(questions))}")


def _values(thresholds: Thresholds) -> str:
    return ", ".join(f"{f.name} {getattr(thresholds, f.name)}" for f in fields(Thresholds))


if __name__ == "__main__":
    main()
