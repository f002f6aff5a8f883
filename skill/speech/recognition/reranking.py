"""N-best reranking: the utterance that was most likely said.

Each hypothesis votes for what it may mean, and for the samples that sound like it. The first
hypotheses and those that are samples weigh most. Two recognizers share the votes. If no meaning has
enough of them, nothing was understood.

A recognizer that misses a word puts others in its place that sound alike: "could studies make us
happier" for "could sex make us happier". Of all samples the right one still sounds nearest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from skill.content import FORGET_INTENT, OUT_OF_DOMAIN, Label, LabelKind
from skill.speech.recognition.lexicon import Pronunciations

_FORGET = Label(LabelKind.COMMAND, FORGET_INTENT)
_FIRST_SIGN = 0xE000  # one private-use character stands for each phone, so that text tools work


@dataclass(frozen=True)
class Required:
    """The share of the votes that a meaning needs."""

    fact: float
    fact_by_sample: float  # if a sample speaks for it
    anything_else: float


@dataclass(frozen=True)
class RerankingWeights:
    """How hypotheses vote.

    Tuned with `askable audition` on samples and development questions, in four voices and three
    noises: the right facts that docs/measurements/speech.md asks for, with the fewest wrong ones.
    A wrong fact is worse than a refusal.
    """

    hypotheses: int = 10  # of a recognizer that vote
    searched: int = 3  # of them that are compared with the samples by sound
    nearest: int = 8  # samples that a comparison returns
    least_alike: float = 0.72  # similarity of phones, 0 to 1; below it, matches are by chance
    rivals: float = 0.06  # a sample this much less alike than the nearest has no vote
    sample: float = 4.0  # votes of a hypothesis that is a sample; other words have 1
    sounds_same: float = 0.75  # votes of a sample with the same phones
    clear: float = 0.7  # a text's share in a meaning from which the skill takes it as clear
    secondary: float = 0.4  # part of the votes of the second recognizer
    # A misheard question looks like one that the article does not answer. So with two recognizers,
    # of which one may have misheard, that vote counts less.
    out_of_domain_of_two: float = 0.7
    one: Required = Required(0.5, 0.4, 0.4)
    one_in_noise: Required = Required(0.7, 0.6, 0.4)
    # Two recognizers that agree are seldom wrong, even if neither is sure.
    two: Required = Required(0.325, 0.25, 0.3)
    deletion: float = 0.6  # required to forget a listener, which cannot be undone


WEIGHTS = RerankingWeights()


@dataclass(frozen=True)
class SimilarSample:
    """A sample and how much it sounds like a hypothesis; 1 means the same phones."""

    sample: str
    similarity: float


class PhoneticIndex:
    """All samples as phones, searched by sound."""

    def __init__(self, samples: Iterable[str], pronunciations: Pronunciations) -> None:
        self._signs: dict[str, str] = {}
        self._word_signs = {
            word: self._encoded(ways[0]) for word, ways in pronunciations.items() if ways
        }
        phones = ((sample, self._phones(sample)) for sample in samples)
        known = [(sample, signs) for sample, signs in phones if signs]
        self._samples = [sample for sample, _ in known]
        self._phones_of = [signs for _, signs in known]

    def similar(self, text: str) -> tuple[SimilarSample, ...]:
        """Return the nearest samples, best first; none for words without a pronunciation."""
        phones = self._phones(text)
        if not phones:
            return ()
        found = process.extract(
            phones,
            self._phones_of,
            scorer=Levenshtein.normalized_similarity,
            limit=WEIGHTS.nearest,
            score_cutoff=WEIGHTS.least_alike,
        )
        return tuple(SimilarSample(self._samples[at], float(score)) for _, score, at in found)

    def _phones(self, text: str) -> str:
        words = text.split()
        if any(word not in self._word_signs for word in words):
            return ""
        return "".join(self._word_signs[word] for word in words)

    def _encoded(self, way: str) -> str:
        return "".join(
            self._signs.setdefault(phone, chr(_FIRST_SIGN + len(self._signs)))
            for phone in way.split()
        )


@dataclass(frozen=True)
class Meaning:
    """What a text may mean: shares by label, at most 1 together; `sample` if it is a sample."""

    shares: Mapping[Label, float]
    sample: bool


MeaningOf = Callable[[str], Meaning]
SimilarTo = Callable[[str], Sequence[SimilarSample]]
# Of a text that supports a meaning: whether it is a sample, whether it is clear by itself, and its
# vote. The skill gets the text alone, so a text that is not clear to it is of little use.
_Strength = tuple[bool, bool, float]


@dataclass(frozen=True)
class _Standing:
    """A meaning's share of one recognizer's votes, and the text that supports it best."""

    share: float
    strength: _Strength
    text: str


def choose(
    hypotheses: Sequence[str],
    meaning: MeaningOf,
    similar: SimilarTo,
    secondary: Sequence[str] = (),
    *,
    noisy: bool = False,
) -> str:
    """Return the text to act on: a hypothesis, or a sample that sounds like one; "" for nothing.

    Args:
        hypotheses: The n-best list of the first recognizer.
        meaning: Returns what a text may mean.
        similar: Returns the samples that sound like a text, best first.
        secondary: The n-best list of the second recognizer.
        noisy: Whether the sound was noisy.
    """
    lists = ((hypotheses, 1 - WEIGHTS.secondary), (secondary, WEIGHTS.secondary))
    polls = [(_poll(each, meaning, similar), part) for each, part in lists if each]
    parts = sum(part for _, part in polls)
    shares: dict[Label, float] = defaultdict(float)
    standings: dict[Label, list[_Standing]] = defaultdict(list)
    for poll, part in polls:
        for label, standing in poll.items():
            shares[label] += standing.share * part / parts
            standings[label].append(standing)
    if len(polls) > 1 and OUT_OF_DOMAIN in shares:
        shares[OUT_OF_DOMAIN] *= WEIGHTS.out_of_domain_of_two
    if not shares:
        return ""
    best = max(shares, key=lambda label: shares[label])
    winner = max(standings[best], key=lambda standing: standing.strength)
    required = WEIGHTS.two
    if len(polls) == 1:
        required = WEIGHTS.one_in_noise if noisy else WEIGHTS.one
    least = required.anything_else
    if best == _FORGET:
        least = WEIGHTS.deletion
    elif best.kind is LabelKind.ANSWER:
        least = required.fact_by_sample if winner.strength[0] else required.fact
    return winner.text if shares[best] >= least else ""


def _poll(
    hypotheses: Sequence[str], meaning: MeaningOf, similar: SimilarTo
) -> dict[Label, _Standing]:
    """Count the votes of one recognizer's hypotheses, by label."""
    votes: dict[Label, float] = defaultdict(float)
    best: dict[Label, tuple[_Strength, str]] = {}

    def vote(text: str, weight: float, meant: Meaning) -> None:
        for label, share in meant.shares.items():
            votes[label] += weight * share
            strength = (meant.sample, share >= WEIGHTS.clear, weight * share)
            if label not in best or strength > best[label][0]:
                best[label] = strength, text

    for place, text in enumerate(hypotheses[: WEIGHTS.hypotheses], start=1):
        meant = meaning(text)
        vote(text, (WEIGHTS.sample if meant.sample else 1) / place, meant)
        labels: set[Label] = set()
        for sample, weight in _nearest(similar(text) if place <= WEIGHTS.searched else ()):
            of_sample = meaning(sample)
            if not labels.intersection(of_sample.shares):  # only its nearest sample votes
                labels.update(of_sample.shares)
                vote(sample, WEIGHTS.sounds_same * weight / place, of_sample)
    total = sum(votes.values())
    return {
        label: _Standing(votes[label] / total, strength, text)
        for label, (strength, text) in best.items()
        if total
    }


def _nearest(found: Sequence[SimilarSample]) -> list[tuple[str, float]]:
    """Return the samples that sound nearest, each with the weight of its vote."""
    least, rivals = WEIGHTS.least_alike, WEIGHTS.rivals
    return [
        (
            near.sample,
            (near.similarity - least)
            / (1 - least)
            * (1 - (found[0].similarity - near.similarity) / rivals),
        )
        for near in found
        if found[0].similarity - near.similarity < rivals
    ]
