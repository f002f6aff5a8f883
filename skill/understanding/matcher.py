"""Utterance -> the labels it most likely means, each with a score from 0 to 1. Pure.

`judge` decides what may be done with them; it alone knows the thresholds, so that Alexa's
SearchIntent, the simulator's near matches and the author's tools agree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from skill.content.intents import DANGER_INTENT, FORGET_INTENT, MEDICAL_INTENT
from skill.content.text import normalise

if TYPE_CHECKING:
    from skill.understanding.name_correction import NameCorrector

# Chosen on tests/data/questions_dev.yaml; docs/understanding.md tells how.
COVERED = 0.53  # all answers together: from here on the article tells it
MARGIN = 0.12  # between two answers: below it, the listener is asked which
LIKELY = 0.3  # the runner-up of such two
OFFERED = 0.3  # from here on what is likeliest, or nearest, may be offered
CONTROL = 0.6
CLOSING = 0.9  # what ends a session, or deletes, must be surer than what does not
MEDICAL = 0.4
DANGER = 0.3
_CLOSES = frozenset(["AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.NoIntent", FORGET_INTENT])
_KEPT = 6
_HESITATION = re.compile(r"\b(?:um+|uh+|er|erm|ah|hmm+|mm+)\b")
_DOUBLED = re.compile(r"\b(\w+(?: \w+)?)(?: \1)+\b")


class Candidate(NamedTuple):
    """A label and how likely it is meant."""

    label: str
    score: float


class Ranking(NamedTuple):
    """What an utterance may mean."""

    heard: str  # the utterance with hesitations left out and misheard names mended
    candidates: tuple[Candidate, ...]  # likeliest first
    in_scope: float  # all answers together: how likely the article tells it


class Decision(NamedTuple):
    """What may be done: `kind` is answer, either, near, control, medical, danger or outside."""

    kind: str
    label: str = ""  # what is meant, or may be offered
    other: str = ""  # the second of either
    score: float = 0.0


class Taught(Protocol):
    """What was learnt from the content: `skill.understanding.model_file`, or `skill.understanding.plain_learned` on Lambda."""

    @property
    def labels(self) -> tuple[str, ...]:
        """What an utterance may mean."""

    def name_corrector(self) -> NameCorrector:
        """Finds the names again that speech recognition mangled."""

    def label_of(self, utterance: str) -> str | None:
        """The label of an utterance that is itself a lesson."""


class Matcher:
    """Ranks labels for an utterance by what was learnt from the content."""

    def __init__(self, learned: Taught, probabilities: Callable[[str], Sequence[float]]) -> None:
        """`shares` tells how much each label is believed in; they need not add up to 1."""
        self._learned = learned
        self._probabilities = probabilities
        self._name_corrector = learned.name_corrector()
        self._answers = [at for at, label in enumerate(learned.labels) if _is_answer(label)]

    def correct(self, utterance: str) -> str:
        """The utterance without hesitations and with misheard names put right."""
        return self._name_corrector.correct(_fluent(normalise(utterance)))

    def rank(self, utterance: str) -> Ranking:
        """The likeliest labels; a lesson's own words are its label for certain."""
        heard = self.correct(utterance)
        taught = self._learned.label_of(heard)
        if taught:
            in_scope = 1.0 if _is_answer(taught) else 0.0
            return Ranking(heard, (Candidate(taught, 1.0),), in_scope)
        if not heard:
            return Ranking(heard, (), 0.0)
        labels = self._learned.labels
        probabilities = self._probabilities(heard)
        total = sum(probabilities)
        order = sorted(range(len(labels)), key=probabilities.__getitem__, reverse=True)[:_KEPT]
        best = tuple(Candidate(labels[at], round(probabilities[at] / total, 4)) for at in order)
        told = sum(probabilities[at] for at in self._answers)
        return Ranking(heard, best, round(told / total, 4))


def decide(ranking: Ranking) -> Decision:
    """What may be done with a ranking."""
    if not ranking.candidates:
        return Decision("outside")
    best = ranking.candidates[0]
    for label, kind, least in (
        (DANGER_INTENT, "danger", DANGER),
        (MEDICAL_INTENT, "medical", MEDICAL),
    ):
        score = sum(c.score for c in ranking.candidates if c.label == label)
        if score >= least:
            return Decision(kind, label, score=score)
    answers = [c for c in ranking.candidates if _is_answer(c.label)]
    if answers and ranking.in_scope >= COVERED:
        first, second = answers[0], answers[1] if len(answers) > 1 else None
        if second and second.score >= LIKELY and first.score - second.score < MARGIN:
            return Decision("either", first.label, second.label, first.score)
        return Decision("answer", first.label, score=ranking.in_scope)
    kind, colon, name = best.label.partition(":")
    if colon or best.label == "outside":
        if kind == "beside" and best.score >= OFFERED:
            return Decision("near", f"answer:{name}", score=best.score)
        if answers and ranking.in_scope >= OFFERED:
            return Decision("near", answers[0].label, score=ranking.in_scope)
        return Decision("outside", best.label, score=best.score)
    if best.score >= (CLOSING if best.label in _CLOSES else CONTROL):
        return Decision("control", best.label, score=best.score)
    return Decision("outside", best.label, score=best.score)


def _is_answer(label: str) -> bool:
    return label.startswith("answer:")


def _fluent(utterance: str) -> str:
    """Hesitations left out, and what is said twice in a row said once."""
    return _DOUBLED.sub(r"\1", " ".join(_HESITATION.sub(" ", utterance).split()))
