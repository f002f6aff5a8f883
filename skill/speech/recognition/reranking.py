"""What was most likely asked, from several hearings of one sound. Pure.

Each hearing votes for what it may mean, and for the samples that sound like it; the first hearings
weigh most, and those that are samples. Two pairs of ears have a part each. Where no meaning has
enough of the votes, nothing was understood.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from skill.content.examples import OUTSIDE
from skill.content.intents import FORGET_INTENT
from skill.speech.recognition.acoustic_models import Voice
from skill.speech.recognition.phonetic_index import LEAST_ALIKE, Alike

_VOTING = 10  # hearings
_SEARCHED = 3  # of them are compared with the samples by sound
_RIVALS = 0.06  # samples that are less alike than the nearest by more than this have no vote
# Chosen on hearings of samples and of questions for tuning, in four voices and three noises.
_SAMPLE = 4.0  # votes of a hearing that is a sample, beside the 1 of any other words
_NEAREST = 0.75  # votes of a sample that sounds the same
_CLEAR = 0.7  # of a text's share in a meaning


@dataclass(frozen=True)
class _Needed:
    """The part of the votes that it takes: to tell a wrong fact is worse than to refuse."""

    fact: float
    fact_by_sample: float
    anything_else: float


# Chosen on the same hearings: the right facts that are to be reached (docs/speech.md), with as few
# wrong ones as go with them. Two who agree are seldom wrong, however little each is sure.
_ALONE = _Needed(0.5, 0.4, 0.4)
_ALONE_IN_NOISE = _Needed(0.7, 0.6, 0.4)
_TOGETHER = _Needed(0.325, 0.25, 0.3)
_DELETION = 0.6  # whoever listens: what was remembered does not come back
# The part of the votes of a second pair of ears: to people the first listen better.
_BESIDE, _BESIDE_OF_ESPEAK = 0.4, 0.65
# What is misheard looks like a question that the article does not answer. So where two listen, and
# one may have misheard, such a vote counts less.
_OUTSIDE_TOGETHER = 0.7


@dataclass(frozen=True)
class Meaning:
    """What a text may mean: shares by meaning, at most 1 together; `sample` if it is one."""

    shares: Mapping[str, float]
    sample: bool


MeaningOf = Callable[[str], Meaning]
AlikeTo = Callable[[str], Sequence[Alike]]


# Of a text that speaks for a meaning: whether it is a sample, is clear by itself, and its vote.
# What is not clear to the ears is not to the skill either, which is given the text alone.
_Strength = tuple[bool, bool, float]


@dataclass(frozen=True)
class _Standing:
    """How a meaning stands: its part of the votes, and the text that speaks for it best."""

    share: float
    strength: _Strength
    text: str


def choose(
    hypotheses: Sequence[str],
    meaning: MeaningOf,
    alike: AlikeTo,
    secondary: Sequence[str] = (),
    voice: Voice | None = None,
) -> str:
    """The text to act on: a hearing, or a sample that sounds like one; "" for nothing.

    `beside` is what a second pair of ears heard of the same sound, which know eSpeak's voices.
    """
    part_beside = _BESIDE_OF_ESPEAK if voice is Voice.ESPEAK else _BESIDE
    heard = ((hypotheses, 1 - part_beside), (secondary, part_beside))
    polls = [(_poll(each, meaning, alike), part) for each, part in heard if each]
    every = sum(part for _, part in polls)
    shares: dict[str, float] = defaultdict(float)
    standing: dict[str, list[_Standing]] = defaultdict(list)
    for poll, part in polls:
        for name, stands in poll.items():
            shares[name] += stands.share * part / every
            standing[name].append(stands)
    if len(polls) > 1 and OUTSIDE in shares:
        shares[OUTSIDE] *= _OUTSIDE_TOGETHER
    best = max(shares, key=lambda name: shares[name], default="")
    if not best:
        return ""
    speaker = max(standing[best], key=lambda stands: stands.strength)
    alone = _ALONE_IN_NOISE if voice is Voice.IN_NOISE else _ALONE
    needed = _TOGETHER if len(polls) > 1 else alone
    least = needed.anything_else
    if best == FORGET_INTENT:
        least = _DELETION
    elif best.startswith("answer:"):
        least = needed.fact_by_sample if speaker.strength[0] else needed.fact
    return speaker.text if shares[best] >= least else ""


def _poll(hypotheses: Sequence[str], meaning: MeaningOf, alike: AlikeTo) -> dict[str, _Standing]:
    """How each meaning stands by the hearings of one pair of ears."""
    votes: dict[str, float] = defaultdict(float)
    spokesmen: dict[str, tuple[_Strength, str]] = {}

    def vote(text: str, weight: float, meant: Meaning) -> None:
        for name, share in meant.shares.items():
            votes[name] += weight * share
            strength = (meant.sample, share >= _CLEAR, weight * share)
            if name not in spokesmen or strength > spokesmen[name][0]:
                spokesmen[name] = strength, text

    for place, text in enumerate(hypotheses[:_VOTING], start=1):
        meant = meaning(text)
        vote(text, (_SAMPLE if meant.sample else 1) / place, meant)
        heard: set[str] = set()
        for sample, weight in _nearest(alike(text) if place <= _SEARCHED else ()):
            of_sample = meaning(sample)
            if not heard.intersection(of_sample.shares):  # one vote a meaning, its nearest sample's
                heard.update(of_sample.shares)
                vote(sample, _NEAREST * weight / place, of_sample)
    every = sum(votes.values())
    return {
        name: _Standing(votes[name] / every, strength, text)
        for name, (strength, text) in spokesmen.items()
        if every
    }


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
