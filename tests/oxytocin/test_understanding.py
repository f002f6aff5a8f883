from __future__ import annotations

import pytest

from skill.simulator import Runtime
from skill.tools.evaluate import EvaluationReport, evaluate_skill
from skill.tools.questions import read_questions
from tests.conftest import REPO

# What the shipped matcher reached on the questions for tuning, in percent; docs/understanding.md
# has the figures, also those on the questions for measuring. A change that understands less fails.
FLOORS = {
    "in the article": 95.3,
    "outside": 96.5,
    "medical": 97.5,
    "danger": 100,
    "control": 100,
}
MOST_FALSE_FACTS = 1.2  # percent of the questions that should be refused


@pytest.fixture(scope="module")
def report(runtime: Runtime) -> EvaluationReport:
    questions = REPO / "tests" / "oxytocin" / "questions_dev.yaml"
    return evaluate_skill(runtime, read_questions(questions, runtime.article))


@pytest.mark.parametrize("kind", list(FLOORS))
def test_questions_in_other_words_are_understood(kind: str, report: EvaluationReport) -> None:
    share = report.kinds[kind]
    wrong = [
        (outcome.case.text, outcome.got)
        for outcome in report.outcomes
        if outcome.case.kind == kind and not outcome.right
    ]
    assert 100 * share.value >= FLOORS[kind], f"{share}: {wrong}"


def test_a_question_that_the_article_does_not_answer_rarely_gets_a_fact(
    report: EvaluationReport,
) -> None:
    told = [outcome.case.text for outcome in report.outcomes if outcome.false_fact]
    assert 100 * report.false_facts.value <= MOST_FALSE_FACTS, told


def test_what_is_asked_of_another_thing_seldom_gets_the_fact_of_the_articles(
    runtime: Runtime,
) -> None:
    questions = REPO / "tests" / "oxytocin" / "questions_near.yaml"
    report = evaluate_skill(runtime, read_questions(questions, runtime.article))
    told = [outcome.case.text for outcome in report.outcomes if outcome.false_fact]
    assert 100 * report.false_facts.value <= 18, told
    assert 100 * report.kinds["in the article"].value >= 85


@pytest.mark.parametrize(
    "question",
    [
        "is there a link between oxytocin and {}",
        "{} and oxytocin what's the connection",
        "what has the cuddle hormone got to do with {}",
        "is oxytocin related to {}",
    ],
)
def test_a_link_with_what_the_article_does_not_name_is_none(
    question: str, runtime: Runtime
) -> None:
    def told(thing: str) -> str | None:
        device = runtime.device()
        device.launch()
        return device.say(question.format(thing)).answer

    assert [thing for thing in ("cheese", "taxes", "snow", "football") if told(thing)] == []
    assert told("trust") in ("trust", "bonding")


@pytest.mark.parametrize("name", ["questions_dev.yaml", "questions_test.yaml"])
def test_the_questions_are_many_and_ask_for_every_answer(name: str, runtime: Runtime) -> None:
    cases = read_questions(REPO / "tests" / "oxytocin" / name, runtime.article)
    kinds = [case.kind for case in cases]
    assert kinds.count("in the article") >= 120
    assert kinds.count("outside") >= 40
    asked = {expected for case in cases for expected in case.expected}
    assert {f"answer:{name}" for name in runtime.article.answers} <= asked


@pytest.mark.slow
def test_every_sample_of_every_intent_gets_its_own_answer(runtime: Runtime) -> None:
    """100 %, every name of every slot tried in every sample."""
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
