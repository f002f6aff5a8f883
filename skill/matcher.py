"""Utterance -> the labels it most likely means, each with a score from 0 to 1. Pure.

`judge` decides what may be done with them; it alone knows the thresholds, so that Alexa's
SearchIntent, the simulator's near matches and the author's tools agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from skill.article import DANGER_INTENT, MEDICAL_INTENT
from skill.learned import Learned
from skill.network import pooled
from skill.vectors import WordVectors
from skill.words import normalise

# Chosen on tests/data/questions_dev.yaml; docs/understanding.md tells how.
COVERED = 0.5  # all answers together: from here on the article tells it
MARGIN = 0.12  # between two answers: below it, the listener is asked which
LIKELY = 0.3  # the runner-up of such two
OFFERED = 0.2  # all answers together: from here on the likeliest may be offered
CONTROL = 0.6
CLOSING = 0.9  # what ends a session must be surer than what does not
MEDICAL = 0.4
DANGER = 0.3
_CLOSES = frozenset(["AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.NoIntent"])
_KEPT = 6
_HESITATION = re.compile(r"\b(?:um+|uh+|er|erm|ah|hmm+|mm+)\b")
_DOUBLED = re.compile(r"\b(\w+(?: \w+)?)(?: \1)+\b")


@dataclass(frozen=True)
class Candidate:
    """A label and how likely it is meant."""

    label: str
    score: float


@dataclass(frozen=True)
class Ranking:
    """What an utterance may mean."""

    heard: str  # the utterance with hesitations left out and misheard names mended
    candidates: tuple[Candidate, ...]  # likeliest first
    covered: float  # all answers together: how likely the article tells it


@dataclass(frozen=True)
class Verdict:
    """What may be done: `kind` is answer, either, near, control, medical, danger or outside."""

    kind: str
    label: str = ""  # what is meant, or may be offered
    other: str = ""  # the second of either
    score: float = 0.0


class Matcher:
    """Ranks labels for an utterance by what was learnt from the content."""

    def __init__(self, learned: Learned, vectors: WordVectors) -> None:
        self._learned = learned
        self._vectors = vectors
        self._answers = np.array([label.startswith("answer:") for label in learned.labels])
        self._respelling = learned.respelling()

    def rank(self, utterance: str) -> Ranking:
        """The likeliest labels; a lesson's own words are its label for certain."""
        heard = self._respelling.mend(_fluent(normalise(utterance)))
        taught = self._learned.label_of(heard)
        if taught:
            covered = 1.0 if taught.startswith("answer:") else 0.0
            return Ranking(heard, (Candidate(taught, 1.0),), covered)
        if not heard:
            return Ranking(heard, (), 0.0)
        labels = self._learned.labels
        shares = pooled(self._learned.networks, len(labels), [heard], self._vectors)[0]
        shares /= shares.sum()
        order = np.argsort(-shares, kind="stable")[:_KEPT]
        best = tuple(Candidate(labels[at], round(float(shares[at]), 4)) for at in order)
        return Ranking(heard, best, round(float(shares[self._answers].sum()), 4))


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
    answers = [c for c in ranking.candidates if c.label.startswith("answer:")]
    if answers and ranking.covered >= COVERED:
        first, second = answers[0], answers[1] if len(answers) > 1 else None
        if second and second.score >= LIKELY and first.score - second.score < MARGIN:
            return Verdict("either", first.label, second.label, first.score)
        return Verdict("answer", first.label, score=ranking.covered)
    kind, colon, name = best.label.partition(":")
    if colon or best.label == "outside":
        if kind == "beside":
            return Verdict("near", f"answer:{name}", score=best.score)
        if answers and ranking.covered >= OFFERED:
            return Verdict("near", answers[0].label, score=ranking.covered)
        return Verdict("outside", best.label, score=best.score)
    if best.score >= (CLOSING if best.label in _CLOSES else CONTROL):
        return Verdict("control", best.label, score=best.score)
    return Verdict("outside", best.label, score=best.score)


def speaks_of(utterance: str, phrases: Iterable[str]) -> bool:
    """Whether any of the phrases stands in the utterance as whole words."""
    padded = f" {normalise(utterance)} "
    return any(_padded(phrase) in padded for phrase in phrases)


@lru_cache(maxsize=2_000)
def _padded(phrase: str) -> str:
    return f" {normalise(phrase)} "


def _fluent(utterance: str) -> str:
    """Hesitations left out, and what is said twice in a row said once."""
    return _DOUBLED.sub(r"\1", " ".join(_HESITATION.sub(" ", utterance).split()))
