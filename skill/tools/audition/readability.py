"""How easily a text is understood when it is read out: Flesch's reading ease, hard words. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from skill.content.text import normalise

_VOWELS = re.compile(r"\b(?:A[AEHOWY]|E[HRY]|I[HY]|O[WY]|U[HW])\d?\b")  # of ARPAbet
_SPELT_VOWELS = re.compile(r"[aeiouy]+(?!$)|[aiouy]+$|(?<=l)e$")
_SENTENCE = re.compile(r"[.!?]+(?:\s|$)")


def reading_ease(text: str, dictionary: Mapping[str, str]) -> float:
    """Flesch's figure: 60 and more is plain English, below 30 is hard.

    Flesch, "A new readability yardstick", Journal of Applied Psychology 32 (1948).
    """
    words = normalise(text).split()
    if not words:
        return 100.0
    sentences = max(1, len(_SENTENCE.findall(text.strip())))
    spoken = sum(syllables(word, dictionary) for word in words)
    return 206.835 - 1.015 * len(words) / sentences - 84.6 * spoken / len(words)


def syllables(word: str, dictionary: Mapping[str, str]) -> int:
    """How many a word has, by its pronunciation, or by its spelling where none is known."""
    if word in dictionary:
        return max(1, len(_VOWELS.findall(dictionary[word])))
    return max(1, len(_SPELT_VOWELS.findall(word)))


def hard_words(text: str, dictionary: Mapping[str, str]) -> tuple[str, ...]:
    """Words that no pronouncing dictionary knows: a voice guesses how they are said."""
    known = (word.removesuffix("'s") for word in normalise(text).split())
    return tuple(dict.fromkeys(word for word in known if word not in dictionary))
