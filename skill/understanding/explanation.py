"""Why an utterance got its answer: what was heard, what is likely, what lessons are near."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from skill.understanding.matcher import (
    CLOSING,
    CONTROL,
    COVERED,
    DANGER,
    LIKELY,
    MARGIN,
    MEDICAL,
    OFFERED,
    Candidate,
    Decision,
    Matcher,
    Ranking,
    decide,
)
from skill.understanding.training_data import TrainingData
from skill.understanding.word_vectors import Vectors

_SHOWN = 3  # lessons of each label, and labels
_DONE = {
    "answer": "it is told",
    "either": "the listener is asked which of the two",
    "near": "the article does not say that; this is offered",
    "control": "it is done",
    "medical": "personal medical advice is refused",
    "danger": "the listener hears where to get help",
    "outside": "the article does not say that",
}


def explain(utterance: str, matcher: Matcher, training_data: TrainingData, vectors: Vectors) -> str:
    """The whole reasoning in lines of text."""
    ranking = matcher.rank(utterance)
    decision = decide(ranking)
    lines = [
        f"heard    {ranking.heard}",
        f"verdict  {_verdict(decision)}",
        f"answers  {ranking.in_scope:.2f} together; told from {COVERED}, offered from {OFFERED}",
        f"limits   which of two: both from {LIKELY}, less than {MARGIN} apart; control {CONTROL},"
        f" closing {CLOSING}, medical {MEDICAL}, danger {DANGER}",
    ]
    lines += _nearest(ranking, ranking.candidates[:_SHOWN], training_data.everything(), vectors)
    return "\n".join(lines)


def _verdict(decision: Decision) -> str:
    named = " or ".join(filter(None, (decision.label, decision.other)))
    return f"{decision.kind} {named} ({decision.score:.2f}): {_DONE[decision.kind]}"


def _nearest(
    ranking: Ranking,
    candidates: Iterable[Candidate],
    everything: Iterable[tuple[str, str]],
    vectors: Vectors,
) -> list[str]:
    by_label: dict[str, list[str]] = {}
    for label, lesson in everything:
        by_label.setdefault(label, []).append(lesson)
    heard, said = vectors.utterance(ranking.heard), set(ranking.heard.split())
    lines = []
    for place, candidate in enumerate(candidates):
        lines.append(
            f"{'best' if place == 0 else 'then':8} {candidate.label} {candidate.score:.2f}"
        )
        likeness = {
            lesson: _likeness(lesson, said, float(np.dot(heard, vectors.utterance(lesson))))
            for lesson in by_label.get(candidate.label, ())
        }
        for lesson in sorted(likeness, key=lambda lesson: (-likeness[lesson], lesson))[:_SHOWN]:
            lines.append(f"           {likeness[lesson]:.2f}  {lesson}")
    return lines


def _likeness(lesson: str, said: set[str], meaning: float) -> float:
    """Half how alike it means, half how many words are shared."""
    words = set(lesson.split())
    return (meaning + len(words & said) / max(1, len(words | said))) / 2
