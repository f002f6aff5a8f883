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
    from skill.understanding.name_correction import Respelling

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
    covered: float  # all answers together: how likely the article tells it


class Verdict(NamedTuple):
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

    def respelling(self) -> Respelling:
        """Finds the names again that speech recognition mangled."""

    def label_of(self, utterance: str) -> str | None:
        """The label of an utterance that is itself a lesson."""


class Matcher:
    """Ranks labels for an utterance by what was learnt from the content."""

    def __init__(self, learned: Taught, shares: Callable[[str], Sequence[float]]) -> None:
        """`shares` tells how much each label is believed in; they need not add up to 1."""
        self._learned = learned
        self._shares = shares
        self._respelling = learned.respelling()
        self._answers = [at for at, label in enumerate(learned.labels) if _is_answer(label)]

    def mend(self, utterance: str) -> str:
        """The utterance without hesitations and with misheard names put right."""
        return self._respelling.mend(_fluent(normalise(utterance)))

    def rank(self, utterance: str) -> Ranking:
        """The likeliest labels; a lesson's own words are its label for certain."""
        heard = self.mend(utterance)
        taught = self._learned.label_of(heard)
        if taught:
            covered = 1.0 if _is_answer(taught) else 0.0
            return Ranking(heard, (Candidate(taught, 1.0),), covered)
        if not heard:
            return Ranking(heard, (), 0.0)
        labels = self._learned.labels
        shares = self._shares(heard)
        total = sum(shares)
        order = sorted(range(len(labels)), key=shares.__getitem__, reverse=True)[:_KEPT]
        best = tuple(Candidate(labels[at], round(shares[at] / total, 4)) for at in order)
        told = sum(shares[at] for at in self._answers)
        return Ranking(heard, best, round(told / total, 4))


def judge(ranking: Ranking) -> Verdict:
    """What may be done with a ranking."""
    if not ranking.candidates:
        return Verdict("outside")
    best = ranking.candidates[0]
    for label, kind, least in (
        (DANGER_INTENT, "danger", DANGER),
        (MEDICAL_INTENT, "medical", MEDICAL),
    ):
        score = sum(c.score for c in ranking.candidates if c.label == label)
        if score >= least:
            return Verdict(kind, label, score=score)
    answers = [c for c in ranking.candidates if _is_answer(c.label)]
    if answers and ranking.covered >= COVERED:
        first, second = answers[0], answers[1] if len(answers) > 1 else None
        if second and second.score >= LIKELY and first.score - second.score < MARGIN:
            return Verdict("either", first.label, second.label, first.score)
        return Verdict("answer", first.label, score=ranking.covered)
    kind, colon, name = best.label.partition(":")
    if colon or best.label == "outside":
        if kind == "beside" and best.score >= OFFERED:
            return Verdict("near", f"answer:{name}", score=best.score)
        if answers and ranking.covered >= OFFERED:
            return Verdict("near", answers[0].label, score=ranking.covered)
        return Verdict("outside", best.label, score=best.score)
    if best.score >= (CLOSING if best.label in _CLOSES else CONTROL):
        return Verdict("control", best.label, score=best.score)
    return Verdict("outside", best.label, score=best.score)


def _is_answer(label: str) -> bool:
    return label.startswith("answer:")


def _fluent(utterance: str) -> str:
    """Hesitations left out, and what is said twice in a row said once."""
    return _DOUBLED.sub(r"\1", " ".join(_HESITATION.sub(" ", utterance).split()))
