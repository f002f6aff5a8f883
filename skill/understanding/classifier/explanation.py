"""Why an utterance got its answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from skill.content import REFUSALS, Label, refusal_named
from skill.understanding.classifier.matcher import Matcher
from skill.understanding.classifier.training_data import TrainingData
from skill.understanding.decision import THRESHOLDS, Decision, DecisionKind, decide
from skill.understanding.ranking import Ranking

_SHOWN = 3  # utterances of each label, and labels
_CONSEQUENCES = {
    DecisionKind.ANSWER: "it is told",
    DecisionKind.EITHER: "the listener is asked which of the two is meant",
    DecisionKind.SUGGEST: "the article does not say that; this is offered",
    DecisionKind.COMMAND: "it is done",
    DecisionKind.OUT_OF_DOMAIN: "the article does not say that",
}


def explain(utterance: str, matcher: Matcher, data: TrainingData) -> str:
    """The decision, the thresholds and the nearest training data, as lines of text."""
    ranking = matcher.rank(utterance)
    limits = THRESHOLDS
    refusals = ", ".join(f"{refusal.name} {refusal.threshold}" for refusal in REFUSALS)
    return "\n".join(
        [
            f"heard    {ranking.heard}",
            f"verdict  {_decision(decide(ranking))}",
            f"answers  {ranking.in_scope:.2f} together; told from {limits.in_scope}, offered from"
            f" {limits.suggestion}",
            f"limits   which of two: both from {limits.runner_up}, less than {limits.margin} apart;"
            f" command {limits.command}, closing {limits.closing_command}, {refusals}",
            *_nearest(ranking, data.everything(), matcher),
        ]
    )


def _decision(decision: Decision) -> str:
    labels = " or ".join(str(label) for label in (decision.label, decision.alternative) if label)
    if decision.kind is DecisionKind.REFUSAL and decision.label:
        refusal = refusal_named(decision.label.name)
        consequence = refusal.explanation if refusal else ""
    else:
        consequence = _CONSEQUENCES[decision.kind]
    return f"{decision.kind} {labels} ({decision.score:.2f}): {consequence}"


def _nearest(
    ranking: Ranking, everything: Iterable[tuple[Label, str]], matcher: Matcher
) -> Iterator[str]:
    by_label: dict[Label, list[str]] = {}
    for label, utterance in everything:
        by_label.setdefault(label, []).append(utterance)
    heard, words = matcher.vectors.utterance(ranking.heard), set(ranking.heard.split())
    for place, candidate in enumerate(ranking.candidates[:_SHOWN]):
        title = "best" if place == 0 else "then"
        yield f"{title:8} {candidate.label} {candidate.score:.2f}"
        similarity = {
            utterance: _similarity(
                utterance, words, float(np.dot(heard, matcher.vectors.utterance(utterance)))
            )
            for utterance in by_label.get(candidate.label, ())
        }
        for utterance in sorted(similarity, key=lambda text: (-similarity[text], text))[:_SHOWN]:
            yield f"           {similarity[utterance]:.2f}  {utterance}"


def _similarity(utterance: str, words: set[str], cosine: float) -> float:
    """The mean of the cosine of the vectors and the share of words in common."""
    other = set(utterance.split())
    return (cosine + len(other & words) / max(1, len(other | words))) / 2
