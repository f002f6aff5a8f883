"""The former name of `evaluate_skill` and `read_questions`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from skill.simulator.runtime import Runtime
from skill.tools.evaluate import Case, EvaluationReport, evaluate_skill
from skill.tools.questions import read_questions


def examine(runtime: Runtime, cases: Sequence[Case], _: Callable[[], None]) -> EvaluationReport:
    """Use `skill.tools.evaluate.evaluate_skill`."""
    return evaluate_skill(runtime, cases)


def cases_of(runtime: Runtime, path: Path) -> tuple[Case, ...]:
    """Use `skill.tools.questions.read_questions`."""
    return read_questions(path, runtime.article)
