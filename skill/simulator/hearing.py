"""What was most likely asked, from several hearings of one sound. Pure.

Each hearing votes for what it may mean, and for the samples that sound like it; the first hearings
weigh most, and those that are samples. Where no meaning has the better part of the votes, nothing
was understood: a refusal is better than a wrong fact.
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
_BETTER_PART = 0.5
# In noise the sounds force words upon the language model that seldom follow each other. A fact that
# comes of them needs more votes: of spoken questions in 10 dB of noise 7 in a hundred are then told
# a wrong one instead of 11, and 44 the right one instead of 52; docs/speech.md.
_A_FACT = 0.55
_A_FACT_BY_SAMPLE = 0.45
_FLUENT = -0.9  # as likely are right hearings, in logarithms of ten a word
_STRANGE = 0.15  # more votes for each such logarithm below


@dataclass(frozen=True)
class Meaning:
    """What a text may mean: shares by meaning, at most 1 together; `sample` if it is one."""

    shares: Mapping[str, float]
    sample: bool


def choose(
    hearings: Sequence[str],
    meaning: Callable[[str], Meaning],
    alike: Callable[[str], Sequence[Alike]],
    fluency: float | None = None,
) -> str:
    """The text to act on: a hearing, or a sample that sounds like one; "" for nothing.

    `fluency` is the mean log10 likelihood of a word of the first hearing, if ears know one.
    """
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
    needed = _BETTER_PART
    if best.startswith("answer:") and fluency is not None:
        needed = _A_FACT_BY_SAMPLE if is_sample else _A_FACT
        needed += _STRANGE * (_FLUENT - fluency)
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
