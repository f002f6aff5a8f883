from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.content import DANGER, FORGET_INTENT, MEDICAL, Label, LabelKind, Refusal
from skill.understanding import (
    THRESHOLDS,
    Candidate,
    Decision,
    DecisionKind,
    Ranking,
    Thresholds,
    decide,
)

# Like the real thresholds, but exact as binary fractions, so that their edges can be met.
EXACT = Thresholds(
    in_scope=0.5,
    runner_up=0.25,
    margin=0.125,
    suggestion=0.25,
    command=0.625,
    closing_command=0.875,
)
BELOW = 1 / 1024


def _ranking(*scores: tuple[str, float], in_scope: float | None = None) -> Ranking:
    candidates = tuple(Candidate(Label.parse(label), score) for label, score in scores)
    answers = sum(c.score for c in candidates if c.label.kind is LabelKind.ANSWER)
    return Ranking("", candidates, answers if in_scope is None else in_scope)


def _decide(*scores: tuple[str, float], in_scope: float | None = None) -> Decision:
    return decide(_ranking(*scores, in_scope=in_scope), EXACT)


def test_no_candidate_is_out_of_domain() -> None:
    assert decide(Ranking("", (), 0.0)) == Decision(DecisionKind.OUT_OF_DOMAIN)


def test_the_article_answers_from_the_threshold_on() -> None:
    likeliest = Label.answer("green")
    assert _decide(("answer:green", 0.5)) == Decision(DecisionKind.ANSWER, likeliest, score=0.5)
    assert _decide(("answer:green", 0.5 - BELOW)).kind is DecisionKind.SUGGEST


def test_all_answers_together_decide_whether_the_article_answers() -> None:
    decision = _decide(("answer:green", 0.1), in_scope=0.5)
    assert decision == Decision(DecisionKind.ANSWER, Label.answer("green"), score=0.5)


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        (0.375 - BELOW, 0.25, DecisionKind.EITHER),
        (0.375, 0.25, DecisionKind.ANSWER),  # the margin is met
        (0.3, 0.25 - BELOW, DecisionKind.ANSWER),  # the second is too unlikely
        (0.4, 0.4, DecisionKind.EITHER),
    ],
)
def test_two_likely_answers_are_told_apart_by_their_margin(
    first: float, second: float, kind: DecisionKind
) -> None:
    decision = _decide(("answer:green", first), ("answer:black", second), in_scope=0.9)
    assert decision.kind is kind
    assert decision.label == Label.answer("green")
    assert decision.alternative == (Label.answer("black") if kind is DecisionKind.EITHER else None)


@pytest.mark.parametrize(
    ("intent", "least"),
    [
        ("AMAZON.HelpIntent", 0.625),
        ("TopicsIntent", 0.625),
        ("AMAZON.StopIntent", 0.875),
        ("AMAZON.CancelIntent", 0.875),
        ("AMAZON.NoIntent", 0.875),
        (FORGET_INTENT, 0.875),
    ],
)
def test_a_command_needs_its_threshold_and_one_that_closes_a_higher_one(
    intent: str, least: float
) -> None:
    label = f"command:{intent}"
    assert _decide((label, least)).kind is DecisionKind.COMMAND
    assert _decide((label, least - BELOW)).kind is DecisionKind.OUT_OF_DOMAIN


def test_an_unlikely_command_suggests_no_answer() -> None:
    decision = _decide(("command:AMAZON.HelpIntent", 0.5), ("answer:green", 0.4))
    assert decision.kind is DecisionKind.OUT_OF_DOMAIN


def test_a_near_miss_suggests_the_answer_that_it_sounds_like() -> None:
    suggestion = Decision(DecisionKind.SUGGEST, Label.answer("green"), score=0.25)
    assert _decide(("near_miss:green", 0.25)) == suggestion
    assert _decide(("near_miss:green", 0.25 - BELOW)).kind is DecisionKind.OUT_OF_DOMAIN


@pytest.mark.parametrize("best", ["out_of_domain", "known_gap:price"])
def test_an_answer_is_suggested_from_the_threshold_on(best: str) -> None:
    decision = _decide((best, 0.6), ("answer:green", 0.25))
    assert decision == Decision(DecisionKind.SUGGEST, Label.answer("green"), score=0.25)
    decision = _decide((best, 0.6), ("answer:green", 0.25 - BELOW))
    assert decision == Decision(DecisionKind.OUT_OF_DOMAIN, Label.parse(best), score=0.6)


@pytest.mark.parametrize("refusal", [DANGER, MEDICAL], ids=lambda refusal: refusal.name)
def test_a_refusal_goes_before_an_answer_from_its_threshold_on(refusal: Refusal) -> None:
    label = f"refusal:{refusal.name}"
    decision = _decide(("answer:green", 0.6), (label, refusal.threshold))
    assert decision.kind is DecisionKind.REFUSAL
    assert decision.label == Label.parse(label)
    decision = _decide(("answer:green", 0.6), (label, refusal.threshold - BELOW))
    assert decision.kind is DecisionKind.ANSWER


def test_danger_goes_before_medical_advice() -> None:
    both = (("refusal:medical", 0.6), ("refusal:danger", DANGER.threshold))
    assert _decide(*both).label == Label(LabelKind.REFUSAL, "danger")


def test_a_refusal_below_its_threshold_suggests_nothing() -> None:
    decision = _decide(("refusal:medical", MEDICAL.threshold - BELOW), ("answer:green", 0.3))
    assert decision.kind is DecisionKind.OUT_OF_DOMAIN


def test_the_thresholds_are_ordered() -> None:
    assert 0 < THRESHOLDS.suggestion < THRESHOLDS.in_scope < 1
    assert 0 < THRESHOLDS.command < THRESHOLDS.closing_command < 1
    assert DANGER.threshold < MEDICAL.threshold


_LABELS = st.builds(
    Label, st.sampled_from(LabelKind), st.sampled_from(["green", "medical", "AMAZON.NoIntent"])
)


@given(st.lists(st.builds(Candidate, _LABELS, st.floats(0, 1)), max_size=6), st.floats(0, 1))
def test_any_ranking_is_decided_with_a_label_that_fits(
    candidates: list[Candidate], in_scope: float
) -> None:
    candidates.sort(key=lambda candidate: -candidate.score)
    decision = decide(Ranking("", tuple(candidates), in_scope))
    kinds = {
        DecisionKind.ANSWER: LabelKind.ANSWER,
        DecisionKind.EITHER: LabelKind.ANSWER,
        DecisionKind.SUGGEST: LabelKind.ANSWER,
        DecisionKind.COMMAND: LabelKind.COMMAND,
        DecisionKind.REFUSAL: LabelKind.REFUSAL,
    }
    if decision.kind in kinds:
        assert decision.label is not None
        assert decision.label.kind is kinds[decision.kind]
    assert (decision.alternative is not None) is (decision.kind is DecisionKind.EITHER)
