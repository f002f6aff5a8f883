"""How well the shipped article's questions are understood."""

from __future__ import annotations

from functools import cache
from math import sqrt
from pathlib import Path

import pytest

from skill.simulator import Runtime
from skill.tools.evaluate import EvaluationReport, evaluate_skill
from skill.tools.questions import read_questions

QUESTIONS = Path(__file__).parent

# What `askable eval` printed for each question file on 2026-11-26: kind -> (right, of). A change
# may fall below a figure by one standard error and no more: sqrt(p (1 - p) / of).
# docs/measurements/understanding.md discusses the figures.
FIGURES = {
    "dev": {
        "in the article": (569, 597),
        "outside": (313, 322),
        "medical": (80, 80),
        "danger": (58, 58),
        "control": (102, 102),
    },
    "test": {
        "in the article": (154, 170),
        "outside": (88, 90),
        "medical": (29, 30),
        "danger": (13, 15),
        "control": (39, 40),
    },
    # Questions near the article's, one half answered by it and the other about something else.
    "near": {"in the article": (98, 110), "outside": (88, 110)},
}
# Questions that should be refused and get a fact: file -> (how many, of).
FALSE_FACTS = {"dev": (2, 460), "test": (1, 135), "near": (17, 110)}


def _standard_error(count: int, of: int) -> float:
    share = count / of
    return sqrt(share * (1 - share) / of)


@cache
def _report(name: str, runtime: Runtime) -> EvaluationReport:
    cases = read_questions(QUESTIONS / f"questions_{name}.yaml", runtime.article)
    return evaluate_skill(runtime, cases)


@pytest.mark.parametrize(
    ("name", "kind"), [(name, kind) for name, kinds in FIGURES.items() for kind in kinds]
)
def test_as_many_questions_are_understood_as_before(name: str, kind: str, runtime: Runtime) -> None:
    right, of = FIGURES[name][kind]
    report = _report(name, runtime)
    share = report.kinds[kind]
    wrong = [(o.case.text, o.got) for o in report.outcomes if o.case.kind == kind and not o.right]
    assert share.of == of, "the file has changed: measure again"
    assert share.value >= right / of - _standard_error(right, of), f"{share}: {wrong}"


@pytest.mark.parametrize("name", list(FALSE_FACTS))
def test_as_few_questions_without_an_answer_get_a_fact_as_before(
    name: str, runtime: Runtime
) -> None:
    count, of = FALSE_FACTS[name]
    report = _report(name, runtime)
    told = [outcome.case.text for outcome in report.outcomes if outcome.false_fact]
    assert report.false_facts.of == of, "the file has changed: measure again"
    assert len(told) / of <= count / of + _standard_error(count, of), told


@pytest.mark.parametrize("name", ["dev", "test"])
def test_the_questions_are_many_and_ask_for_every_answer(name: str, runtime: Runtime) -> None:
    cases = read_questions(QUESTIONS / f"questions_{name}.yaml", runtime.article)
    kinds = [case.kind for case in cases]
    assert kinds.count("in the article") >= 120
    assert kinds.count("outside") >= 40
    asked = {expected for case in cases for expected in case.expected}
    assert {f"answer:{answer}" for answer in runtime.article.answers} <= asked


def test_few_questions_are_both_for_tuning_and_for_measuring(runtime: Runtime) -> None:
    dev, test = (
        {
            (case.text, case.before)
            for case in read_questions(QUESTIONS / f"questions_{name}.yaml", runtime.article)
        }
        for name in ("dev", "test")
    )
    # Most are commands and short questions for which there are few words.
    assert len(dev & test) <= 0.16 * len(test)


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("what is oxy tosin", "what is oxytocin"),
        ("tell me about oxy toxin please", "tell me about oxytocin please"),
        ("the cuttle hormone", "the cuddle hormone"),
        ("what is a sects blush", "what is a sex blush"),
        ("four play", "foreplay"),
        ("um so what uh is oxytocin", "so what is oxytocin"),
        ("what is what is oxytocin", "what is oxytocin"),
        ("is oxycontin the same", "is oxycontin the same"),
    ],
)
def test_a_misheard_name_is_corrected(said: str, heard: str, runtime: Runtime) -> None:
    assert runtime.matcher.rank(said).heard == heard


@pytest.mark.parametrize(
    "question",
    [
        "is there a link between oxytocin and {}",
        "{} and oxytocin what's the connection",
        "what has the cuddle hormone got to do with {}",
        "is oxytocin related to {}",
    ],
)
def test_a_link_with_what_the_article_does_not_name_gets_no_fact(
    question: str, runtime: Runtime
) -> None:
    def told(thing: str) -> str | None:
        device = runtime.device()
        device.launch()
        return device.say(question.format(thing)).answer

    assert [thing for thing in ("cheese", "taxes", "snow", "football") if told(thing)] == []
    assert told("trust") in ("trust", "bonding")


@pytest.mark.slow
def test_every_sample_of_every_intent_gets_its_own_answer(runtime: Runtime) -> None:
    """Every name of every slot is tried in every sample."""
    answers = runtime.article.intent_answers
    told = set()
    for intent, utterance in runtime.nlu.utterances():
        exchange = runtime.device().say(utterance)
        assert exchange.intent == intent, utterance
        assert exchange.intent_match.match in ("exact", "slot"), utterance
        if intent in answers:
            assert exchange.answer == answers[intent], utterance
            told.add(exchange.answer)
    assert told == set(runtime.article.answers)
