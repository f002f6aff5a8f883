"""Tunes the thresholds of decisions and refusals on held-out folds.

    .venv/bin/python -m bench.thresholds tests/oxytocin/questions_dev.yaml

Each question is ranked once, as free text. One threshold after another is moved to the best value
of a grid, for the questions of four folds; the fifth measures. A wrong fact costs as much as
three right decisions bring. Takes a minute.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from skill.content import REFUSALS, LabelKind, Refusal
from skill.memory import NoMemory
from skill.settings import find_settings
from skill.simulator import Runtime
from skill.tools.evaluate import Case
from skill.tools.questions import read_questions
from skill.understanding import THRESHOLDS, DecisionKind, Ranking, Thresholds, decide

DEV = Path("tests/oxytocin/questions_dev.yaml")
FOLDS = 5
COST = 3  # right decisions that a wrong fact costs
# Name of a threshold or of a refusal -> its probability.
TODAY = {**asdict(THRESHOLDS), **{refusal.name: refusal.threshold for refusal in REFUSALS}}
_GRID = tuple(step / 50 for step in range(2, 49))  # 0.04 to 0.96
_ROUNDS = 2  # of all thresholds


@dataclass(frozen=True)
class Ranked:
    """A question with its ranking."""

    case: Case
    ranking: Ranking


def got(ranking: Ranking, thresholds: Thresholds, refusals: Sequence[Refusal]) -> str:
    """The decision on a ranking, by the names that question files use."""
    decision = decide(ranking, thresholds, refusals)
    if decision.kind is DecisionKind.EITHER:
        return "either"
    if decision.kind in (DecisionKind.SUGGEST, DecisionKind.OUT_OF_DOMAIN) or not decision.label:
        return "refuse:outside"
    names = {LabelKind.ANSWER: "answer", LabelKind.REFUSAL: "refuse", LabelKind.COMMAND: "intent"}
    return f"{names[decision.label.kind]}:{decision.label.name}"


def score(questions: Iterable[Ranked], values: Mapping[str, float] = TODAY) -> tuple[int, int]:
    """(right decisions, wrong facts) with these values of the thresholds."""
    thresholds = Thresholds(**{name: values[name] for name in asdict(THRESHOLDS)})
    refusals = [replace(refusal, threshold=values[refusal.name]) for refusal in REFUSALS]
    right = wrong = 0
    for question in questions:
        result = got(question.ranking, thresholds, refusals)
        if result in question.case.expected:
            right += 1
        elif result.startswith("answer:") and question.case.expected[0].startswith("refuse:"):
            wrong += 1
    return right, wrong


def tune(questions: Sequence[Ranked]) -> dict[str, float]:
    """The values with the best score; ties go to those nearest to today's."""

    def value(values: Mapping[str, float]) -> int:
        right, wrong = score(questions, values)
        return right - COST * wrong

    best = dict(TODAY)
    for _ in range(_ROUNDS):
        for name, today in TODAY.items():
            grid = sorted((today, *_GRID), key=lambda at: abs(at - today))
            best = max(({**best, name: at} for at in grid), key=value)
    return best


def main() -> None:
    """Print the thresholds of each fold, and what they and today's decide on its questions."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else DEV
    runtime = Runtime(find_settings(), NoMemory())
    questions = [
        Ranked(case, runtime.matcher.rank(case.text))
        for case in read_questions(path, runtime.article)
        if not case.before
    ]
    random.Random(0).shuffle(questions)
    print(f"{len(questions)} questions")
    totals = [0, 0, 0, 0]
    for fold in range(FOLDS):
        held_out = questions[fold::FOLDS]
        tuned = tune([q for at, q in enumerate(questions) if at % FOLDS != fold])
        figures = (*score(held_out), *score(held_out, tuned))
        totals = [total + figure for total, figure in zip(totals, figures, strict=True)]
        print(f"fold {fold + 1}: {tuned}")
    print(f"today's:  {TODAY}: {totals[0]} right, {totals[1]} wrong facts held out")
    print(f"tuned: {totals[2]} right, {totals[3]} wrong facts held out")
    print(f"on all:   {tune(questions)}")


if __name__ == "__main__":
    main()
