"""Answers, spoken and transcribed: how long, how readable and how clear they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pocketsphinx

from skill.content import normalise
from skill.speech import Audio
from skill.speech.recognition import Recognition, cleaned, decode, dictionary_entries
from skill.tools.audition.results import SpokenAnswer, TimedRecognition, word_error_rate

_VOWELS = re.compile(r"\b(?:A[AEHOWY]|E[HRY]|I[HY]|O[WY]|U[HW])\d?\b")  # of ARPAbet
_SPELLED_VOWELS = re.compile(r"[aeiouy]+(?!$)|[aiouy]+$|(?<=l)e$")
_SENTENCE_END = re.compile(r"[.!?]+(?:\s|$)")


class GeneralRecognizer:
    """PocketSphinx with its general English language model."""

    def __init__(self) -> None:
        self._decoder = pocketsphinx.Decoder(loglevel="FATAL", cmn="batch")

    def recognize(self, audio: Audio) -> Recognition:
        """Return the best hypothesis."""
        decode(self._decoder, cleaned(np.frombuffer(audio.pcm, "<i2").astype(np.float32)))
        best = self._decoder.hyp()
        return Recognition((best.hypstr,) if best and best.hypstr else ())


def spoken_answers(
    spoken: Iterable[tuple[str, int, str, str, TimedRecognition]],
) -> Iterator[SpokenAnswer]:
    """Yield what each part of an answer is like, from its text and a transcript of its speech.

    Args:
        spoken: Answer, part, text, voice and transcript of each.
    """
    pronunciations = first_pronunciations()
    for answer, part, text, voice, transcript in spoken:
        yield SpokenAnswer(
            answer,
            part,
            voice,
            round(transcript.seconds, 2),
            round(reading_ease(text, pronunciations), 1),
            hard_words(text, pronunciations),
            round(word_error_rate(text, "".join(transcript.hypotheses[:1])), 4),
        )


def first_pronunciations() -> dict[str, str]:
    """Return the first pronunciation of each word of PocketSphinx's dictionary."""
    found: dict[str, str] = {}
    for word, way in dictionary_entries():
        found.setdefault(word, way)
    return found


def reading_ease(text: str, pronunciations: Mapping[str, str]) -> float:
    """Return Flesch's reading ease: plain English has 60 and more, hard texts less than 30.

    Flesch, "A new readability yardstick", Journal of Applied Psychology 32 (1948).
    """
    words = normalise(text).split()
    if not words:
        return 100.0
    sentences = max(1, len(_SENTENCE_END.findall(text.strip())))
    total = sum(syllables(word, pronunciations) for word in words)
    return 206.835 - 1.015 * len(words) / sentences - 84.6 * total / len(words)


def syllables(word: str, pronunciations: Mapping[str, str]) -> int:
    """Count syllables by the pronunciation, or by the spelling if none is known."""
    if word in pronunciations:
        return max(1, len(_VOWELS.findall(pronunciations[word])))
    return max(1, len(_SPELLED_VOWELS.findall(word)))


def hard_words(text: str, pronunciations: Mapping[str, str]) -> tuple[str, ...]:
    """Return the words without a known pronunciation, which a voice has to guess."""
    words = (word.removesuffix("'s") for word in normalise(text).split())
    return tuple(dict.fromkeys(word for word in words if word not in pronunciations))
