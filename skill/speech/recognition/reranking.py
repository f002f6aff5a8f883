"""N-best reranking: the utterance that was most likely said.

Each hypothesis votes for what it may mean, and for the samples that sound like it. The first
hypotheses and those that are samples weigh most. Two recognizers share the votes. If no meaning has
enough of them, nothing was understood.

A recognizer that misses a word puts others in its place that sound alike: "could studies make us
happier" for "could sex make us happier". Of all samples the right one still sounds nearest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

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

    Tuned on samples and development questions, in four voices and three noises, for the right facts
    that docs/measurements/speech.md asks for with the fewest wrong ones; a wrong fact is worse than
    a refusal. `python -m bench.reranking` tunes them again, on the recognitions of an audition.
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


@dataclass(frozen=True, order=True)
class _Vote:
    """A text's vote for a meaning; votes are ordered by how well their text supports it.

    The skill gets the text alone, so a text that is not clear by itself is of little use.
    """

    sample: bool
    clear: bool
    weight: float
    text: str = field(compare=False)


def choose(
    hypotheses: Sequence[str],
    meaning: MeaningOf,
    similar: SimilarTo,
    secondary: Sequence[str] = (),
    *,
    noisy: bool = False,
    weights: RerankingWeights = WEIGHTS,
) -> str:
    """Return the text to act on: a hypothesis, or a sample that sounds like one; "" for nothing.

    Args:
        hypotheses: The n-best list of the first recognizer.
        meaning: Returns what a text may mean.
        similar: Returns the samples that sound like a text, best first.
        secondary: The n-best list of the second recognizer.
        noisy: Whether the sound was noisy.
        weights: How hypotheses vote.
    """
    lists = ((hypotheses, 1 - weights.secondary), (secondary, weights.secondary))
    polls = [(list(_votes(each, meaning, similar, weights)), part) for each, part in lists if each]
    parts = sum(part for _, part in polls)
    shares: dict[Label, float] = defaultdict(float)
    supporters: dict[Label, list[_Vote]] = defaultdict(list)
    for votes, part in polls:
        total = sum(vote.weight for _, vote in votes)
        for label, vote in votes:
            shares[label] += part / parts * vote.weight / total if total else 0.0
            supporters[label].append(vote)
    if len(polls) > 1 and OUT_OF_DOMAIN in shares:
        shares[OUT_OF_DOMAIN] *= weights.out_of_domain_of_two
    if not any(shares.values()):
        return ""
    best = max(shares, key=lambda label: shares[label])
    winner = max(supporters[best])
    required = weights.two
    if len(polls) == 1:
        required = weights.one_in_noise if noisy else weights.one
    least = required.anything_else
    if best == _FORGET:
        least = weights.deletion
    elif best.kind is LabelKind.ANSWER:
        least = required.fact_by_sample if winner.sample else required.fact
    return winner.text if shares[best] >= least else ""


def _votes(
    hypotheses: Sequence[str], meaning: MeaningOf, similar: SimilarTo, weights: RerankingWeights
) -> Iterator[tuple[Label, _Vote]]:
    """Yield the votes of one recognizer's hypotheses, each with the meaning that it is for."""
    least, rivals = weights.least_alike, weights.rivals
    for place, text in enumerate(hypotheses[: weights.hypotheses], start=1):
        meant = meaning(text)
        weight = (weights.sample if meant.sample else 1) / place
        yield from _support(text, meant, weight, weights.clear)
        found = similar(text) if place <= weights.searched else ()
        labels: set[Label] = set()
        for near in found:
            behind = found[0].similarity - near.similarity
            of_sample = meaning(near.sample)
            # Only the nearest sample of a meaning votes.
            if behind < rivals and labels.isdisjoint(of_sample.shares):
                labels.update(of_sample.shares)
                weight = (near.similarity - least) / (1 - least) * (1 - behind / rivals)
                weight *= weights.sounds_same / place
                yield from _support(near.sample, of_sample, weight, weights.clear)


def _support(
    text: str, meant: Meaning, weight: float, clear: float
) -> Iterator[tuple[Label, _Vote]]:
    for label, share in meant.shares.items():
        yield label, _Vote(meant.sample, share >= clear, weight * share, text)
