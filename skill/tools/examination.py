"""Puts questions to the whole skill, each in a session of its own, as a listener would."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from skill.simulator.runtime import Runtime
from skill.tools.evaluation import Case, Report, evaluate, got_of
from skill.tools.questions import read_questions


def examine(runtime: Runtime, cases: Sequence[Case], progress: Callable[[], None]) -> Report:
    """Ask every case right after launch, or after what its `before` says."""

    def ask(case: Case) -> tuple[str, float]:
        device = runtime.device()
        device.launch()
        for utterance in case.before:
            device.say(utterance)
        exchange = device.say(case.text)
        got = got_of(exchange.answer, exchange.cue, exchange.name)
        return got, exchange.intent_match.score

    return evaluate(cases, ask, time.perf_counter, progress)


def cases_of(runtime: Runtime, path: Path) -> tuple[Case, ...]:
    """The questions of a file; the names in it must be this article's."""
    intents = {control.intent for control in runtime.article.commands}
    return read_questions(path, runtime.article.answers, intents)
