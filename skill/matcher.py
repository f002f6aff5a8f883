"""Utterance -> the labels it most likely means, each with a score from 0 to 1. Pure.

A sample scores by the weight of the words that it shares with the utterance, against all the
weight on either side (a cosine over weighted words), blended with how much of the utterance its
label's samples know at all. A word that no sample knows weighs as much as the rarest known one:
"does oxytocin help autism" must not pass for "does oxytocin help wounds".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from skill.index import Index, tokenise
from skill.words import normalise

# Chosen on tests/data/questions.yaml by bench/understanding.py; docs/decisions.md tells how.
THRESHOLD = 0.62
MARGIN = 0.04
_KNOWN_SHARE = 0.35
_UNKNOWN_WEIGHT = 3.4


@dataclass(frozen=True)
class Candidate:
    """A label with its score and the sample that came nearest."""

    label: str
    score: float
    sample: str


class Matcher:
    """Ranks labels for an utterance by an index that was built from the content."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._number = {token: number for number, token in enumerate(index.tokens)}
        self._fillers = frozenset(index.fillers)
        self._postings: list[list[int]] = [[] for _ in index.tokens]
        self._norms: list[float] = []
        self._known: list[set[int]] = [set() for _ in index.labels]
        for position, (label, tokens, _) in enumerate(index.samples):
            self._norms.append(sqrt(sum(index.weights[token] ** 2 for token in tokens)) or 1e-9)
            self._known[label].update(tokens)
            for token in tokens:
                self._postings[token].append(position)

    def rank(self, utterance: str) -> tuple[Candidate, ...]:
        """The five likeliest labels, best first; none when no word is known."""
        weights = self._index.weights
        known, unknown = self._read(utterance)
        total = sum(weights[token] ** 2 for token in known) + unknown * _UNKNOWN_WEIGHT**2
        if not known or not total:
            return ()
        shared: dict[int, float] = {}
        for token in known:
            square = weights[token] ** 2
            for position in self._postings[token]:
                shared[position] = shared.get(position, 0.0) + square
        best: dict[int, tuple[float, int]] = {}
        norm = sqrt(total)
        for position, weight in shared.items():
            label = self._index.samples[position][0]
            score = weight / (norm * self._norms[position])
            if score > best.get(label, (0.0, 0))[0]:
                best[label] = (score, position)
        ranked = sorted(
            (
                self._blend(label, score, position, known, total)
                for label, (score, position) in best.items()
            ),
            key=lambda candidate: (-candidate.score, candidate.label),
        )
        return tuple(ranked[:5])

    def _blend(
        self, label: int, score: float, position: int, known: set[int], total: float
    ) -> Candidate:
        weights = self._index.weights
        covered = sum(weights[token] ** 2 for token in known & self._known[label]) / total
        blended = (1 - _KNOWN_SHARE) * score + _KNOWN_SHARE * covered
        return Candidate(
            self._index.labels[label], round(blended, 4), self._index.samples[position][2]
        )

    def _read(self, utterance: str) -> tuple[set[int], int]:
        known: set[int] = set()
        unknown: set[str] = set()
        for token in tokenise(normalise(utterance), self._index.names):
            number = self._number.get(token)
            if number is not None:
                known.add(number)
            elif token not in self._fillers:
                unknown.add(token)
        return known, len(unknown)


def accepted(ranked: tuple[Candidate, ...]) -> Candidate | None:
    """The best candidate when it is likely enough to act on, or nothing."""
    if ranked and ranked[0].score >= THRESHOLD:
        return ranked[0]
    return None


def speaks_of(utterance: str, phrases: Iterable[str]) -> bool:
    """Whether any of the phrases stands in the utterance as whole words."""
    padded = f" {normalise(utterance)} "
    return any(f" {normalise(phrase)} " in padded for phrase in phrases)
