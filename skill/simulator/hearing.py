"""What was most likely asked, from several hearings of one sound. Pure.

Each hearing votes for what it may mean, and for the samples that sound like it; the first hearings
weigh most, and those that are samples. Where no meaning has enough of the votes, nothing was
understood.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from skill.simulator.sounding import LEAST_ALIKE, Alike

_VOTING = 10  # hearings
_SEARCHED = 3  # of them are compared with the samples by sound
_RIVALS = 0.06  # samples that are less alike than the nearest by more than this have no vote
# Chosen on hearings of samples and of questions for tuning, in four voices and three noises.
_SAMPLE = 4.0  # votes of a hearing that is a sample, beside the 1 of any other words
_NEAREST = 3.0  # votes of a sample that sounds the same
# The part of the votes that it takes: a fact that was not asked for is worse than a refusal.
_A_FACT, _A_FACT_BY_SAMPLE, _ANYTHING_ELSE = 0.6, 0.5, 0.4


@dataclass(frozen=True)
class Meaning:
    """What a text may mean: shares by meaning, at most 1 together; `sample` if it is one."""

    shares: Mapping[str, float]
    sample: bool


def choose(
    hearings: Sequence[str],
    meaning: Callable[[str], Meaning],
    alike: Callable[[str], Sequence[Alike]],
) -> str:
    """The text to act on: a hearing, or a sample that sounds like one; "" for nothing."""
    votes: dict[str, float] = defaultdict(float)
    spokesmen: dict[str, tuple[tuple[bool, float], str]] = {}

    def vote(text: str, weight: float, meant: Meaning) -> None:
        for name, share in meant.shares.items():
            votes[name] += weight * share
            strength = (meant.sample, weight * share)
            if name not in spokesmen or strength > spokesmen[name][0]:
                spokesmen[name] = strength, text

    for place, text in enumerate(hearings[:_VOTING], start=1):
        meant = meaning(text)
        vote(text, (_SAMPLE if meant.sample else 1) / place, meant)
        heard: set[str] = set()
        for sample, weight in _nearest(alike(text) if place <= _SEARCHED else ()):
            of_sample = meaning(sample)
            if not heard.intersection(of_sample.shares):  # one vote a meaning, its nearest sample's
                heard.update(of_sample.shares)
                vote(sample, _NEAREST * weight / place, of_sample)
    best = max(votes, key=lambda name: votes[name], default="")
    if not best:
        return ""
    (is_sample, _), text = spokesmen[best]
    needed = _ANYTHING_ELSE
    if best.startswith("answer:"):
        needed = _A_FACT_BY_SAMPLE if is_sample else _A_FACT
    return text if votes[best] >= needed * sum(votes.values()) else ""


def _nearest(found: Sequence[Alike]) -> list[tuple[str, float]]:
    """The samples that sound nearest, with the weight of each one's vote."""
    return [
        (
            near.sample,
            (near.likeness - LEAST_ALIKE)
            / (1 - LEAST_ALIKE)
            * (1 - (found[0].likeness - near.likeness) / _RIVALS),
        )
        for near in found
        if found[0].likeness - near.likeness < _RIVALS
    ]
