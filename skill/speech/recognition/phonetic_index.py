"""What was heard -> the samples that sound most like it, by their phones.

A recogniser that misses a word puts others in its place that sound alike: "could studies make us
happier" for "could sex make us happier". Among all samples the right one still sounds nearest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from skill.speech.recognition.lexicon import Pronunciations

LEAST_ALIKE = 0.72  # of 1: below it, samples are met by chance
_KEPT = 8
_FIRST_SIGN = 0xE000  # one private-use character stands for each phone, so that text tools work


@dataclass(frozen=True)
class Alike:
    """A sample and how much it sounds like what was heard: 1 is the same phones."""

    sample: str
    likeness: float


class PhoneticIndex:
    """All samples as phones, to be searched by sound."""

    def __init__(self, samples: Iterable[str], said: Pronunciations) -> None:
        self._signs: dict[str, str] = {}
        self._said = {word: self._signed(ways[0]) for word, ways in said.items() if ways}
        phones = ((sample, self._phones(sample)) for sample in samples)
        known = [(sample, spoken) for sample, spoken in phones if spoken]
        self._samples = [sample for sample, _ in known]
        self._phones_of = [spoken for _, spoken in known]

    def alike(self, heard: str) -> tuple[Alike, ...]:
        """The nearest samples, most alike first; none for words that have no pronunciation."""
        spoken = self._phones(heard)
        if not spoken:
            return ()
        found = process.extract(
            spoken,
            self._phones_of,
            scorer=Levenshtein.normalized_similarity,
            limit=_KEPT,
            score_cutoff=LEAST_ALIKE,
        )
        return tuple(Alike(self._samples[at], float(likeness)) for _, likeness, at in found)

    def _phones(self, text: str) -> str:
        words = text.split()
        if any(word not in self._said for word in words):
            return ""
        return "".join(self._said[word] for word in words)

    def _signed(self, way: str) -> str:
        return "".join(
            self._signs.setdefault(phone, chr(_FIRST_SIGN + len(self._signs)))
            for phone in way.split()
        )
