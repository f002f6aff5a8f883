"""What may be done with a ranking of labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from skill.content import FORGET_INTENT, REFUSALS, Label, LabelKind, Refusal
from skill.understanding.ranking import Ranking

# Commands that end the session or delete something.
_CLOSING = frozenset(["AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.NoIntent", FORGET_INTENT])


@dataclass(frozen=True)
class Thresholds:
    """Probabilities from 0 to 1, tuned on tests/oxytocin/questions_dev.yaml.

    `python -m bench.thresholds` tunes them again, with those of `skill.content.refusals`.
    """

    in_scope: float = 0.53  # all answers together: from here on the article answers the question
    runner_up: float = 0.3  # both of two answers: from here on either may be meant
    margin: float = 0.12  # between two such answers: below it the listener is asked which
    suggestion: float = 0.3  # from here on the likeliest answer is offered
    command: float = 0.6
    closing_command: float = 0.9


THRESHOLDS = Thresholds()


class DecisionKind(StrEnum):
    """What may be done."""

    ANSWER = "answer"
    EITHER = "either"  # ask which of two answers is meant
    SUGGEST = "suggest"  # say that the article does not say it, and offer an answer
    COMMAND = "command"
    REFUSAL = "refusal"
    OUT_OF_DOMAIN = "out_of_domain"


@dataclass(frozen=True)
class Decision:
    """What may be done with an utterance.

    `label` is what is meant, or what may be offered; `alternative` is the second of `EITHER`.
    """

    kind: DecisionKind
    label: Label | None = None
    alternative: Label | None = None
    score: float = 0.0


def decide(
    ranking: Ranking,
    thresholds: Thresholds = THRESHOLDS,
    refusals: Sequence[Refusal] = REFUSALS,
) -> Decision:
    """What may be done with a ranking; the simulator, Alexa's SearchIntent and `explain` agree."""
    if not ranking.candidates:
        return Decision(DecisionKind.OUT_OF_DOMAIN)
    for refusal in refusals:
        label = Label(LabelKind.REFUSAL, refusal.name)
        score = sum(candidate.score for candidate in ranking.candidates if candidate.label == label)
        if score >= refusal.threshold:
            return Decision(DecisionKind.REFUSAL, label, score=score)
    best = ranking.candidates[0]
    answers = [c for c in ranking.candidates if c.label.kind is LabelKind.ANSWER]
    if answers and ranking.in_scope >= thresholds.in_scope:
        first, second = answers[0], answers[1] if len(answers) > 1 else None
        if (
            second
            and second.score >= thresholds.runner_up
            and first.score - second.score < thresholds.margin
        ):
            return Decision(DecisionKind.EITHER, first.label, second.label, first.score)
        return Decision(DecisionKind.ANSWER, first.label, score=ranking.in_scope)
    if best.label.kind in (LabelKind.COMMAND, LabelKind.REFUSAL):
        closing = best.label.name in _CLOSING
        least = thresholds.closing_command if closing else thresholds.command
        if best.label.kind is LabelKind.COMMAND and best.score >= least:
            return Decision(DecisionKind.COMMAND, best.label, score=best.score)
        return Decision(DecisionKind.OUT_OF_DOMAIN, best.label, score=best.score)
    if best.label.kind is LabelKind.NEAR_MISS and best.score >= thresholds.suggestion:
        return Decision(DecisionKind.SUGGEST, Label.answer(best.label.name), score=best.score)
    if answers and ranking.in_scope >= thresholds.suggestion:
        return Decision(DecisionKind.SUGGEST, answers[0].label, score=ranking.in_scope)
    return Decision(DecisionKind.OUT_OF_DOMAIN, best.label, score=best.score)
