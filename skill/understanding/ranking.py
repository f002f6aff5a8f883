"""An utterance, ranked by what it may mean."""

from __future__ import annotations

from dataclasses import dataclass

from skill.content import Label


@dataclass(frozen=True)
class Candidate:
    """A label and the probability, from 0 to 1, that it is meant."""

    label: Label
    score: float


@dataclass(frozen=True)
class Ranking:
    """What an utterance may mean."""

    heard: str  # the utterance without hesitations and with misheard names corrected
    candidates: tuple[Candidate, ...]  # likeliest first
    in_scope: float  # the probability of all answers together
