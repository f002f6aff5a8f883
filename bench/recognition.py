"""Tunes the recognizer: what it expects, how it searches, and how noise is removed.

    .venv/bin/python -m bench.recognition words|search|denoising [--sentences 20]

Makes one number smaller, then larger, and so each of them. Questions of the development file are
spoken in two voices of espeak-ng, and by Piper where it is installed, clean and in white noise at
20 and 10 dB. What counts is word errors of the best hypothesis; the variant that is best on four
folds of the questions is measured on the fifth.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

from rapidfuzz.distance import Levenshtein

from bench.thresholds import DEV
from bench.variants import changes, held_out
from skill.content import normalise
from skill.memory import NoMemory
from skill.settings import find_settings
from skill.simulator import Runtime
from skill.simulator.language_model_file import (
    WEIGHTS,
    LanguageModelWeights,
    expected_utterances,
    read_language_model,
)
from skill.speech.recognition import SphinxRecognizer, pronounceable, to_arpa
from skill.speech.recognition.denoise import DENOISING, Denoising
from skill.speech.recognition.sphinx import SEARCH, Search
from skill.tools.audition import CONDITIONS, installed_voices
from skill.tools.audition.run import recognize
from skill.tools.questions import read_questions

VOICES = ("en-us", "en-gb", "piper")
NOISES = ("clean", "20 dB", "10 dB")


@dataclass(frozen=True)
class Variant:
    """How sounds are recognized, with one number changed."""

    name: str
    weights: LanguageModelWeights = WEIGHTS
    search: Search = SEARCH
    denoising: Denoising = DENOISING


def variants(what: str) -> Iterator[Variant]:
    """Today's first, then one for each change."""
    yield Variant("today")
    if what == "words":
        yield from (Variant(name, weights=weights) for name, weights in changes(WEIGHTS))
    elif what == "search":
        yield from (Variant(name, search=search) for name, search in changes(SEARCH))
    else:
        for name, denoising in changes(DENOISING):
            # The memory is a share.
            if denoising.memory < 1:
                yield Variant(name, denoising=denoising)


def word_errors(sentences: Sequence[str], variant: Variant) -> list[int]:
    """The word errors of each sentence, in all voices and noises together."""
    runtime = Runtime(find_settings(), NoMemory())
    pronunciations = runtime.article.pronunciations
    if variant.weights == WEIGHTS:
        arpa = read_language_model(runtime)
    else:
        counts = expected_utterances(runtime, variant.weights)
        arpa = to_arpa(pronounceable(counts, pronunciations))
    recognizer = SphinxRecognizer(arpa, pronunciations, variant.search, variant.denoising)
    voices = [voice for voice in installed_voices() if voice in VOICES]
    conditions = [condition for condition in CONDITIONS if condition.name in NOISES]
    errors = []
    for sentence in sentences:
        found = [
            recognize(recognizer, sentence, voice, condition).hypotheses
            for voice in voices
            for condition in conditions
        ]
        heard = [hypotheses[0].split() if hypotheses else [] for hypotheses in found]
        errors.append(sum(Levenshtein.distance(sentence.split(), words) for words in heard))
    return errors


def main() -> None:
    """Print the word errors of every variant, and those of the best ones on other sentences."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("words", "search", "denoising"))
    parser.add_argument("--sentences", type=int, default=20)
    given = parser.parse_args()
    article = Runtime(find_settings(), NoMemory()).article
    texts = sorted({normalise(case.text) for case in read_questions(DEV, article)})
    sentences = random.Random(1).sample(texts, given.sentences)
    tried = list(variants(given.what))
    worth = []
    with ProcessPoolExecutor() as pool:
        found = pool.map(partial(word_errors, sentences), tried)
        for variant, errors in zip(tried, found, strict=True):
            print(f"{variant.name}: {sum(errors)} word errors", flush=True)
            worth.append([-each for each in errors])
    total = 0
    for name, value in held_out([variant.name for variant in tried], worth):
        total -= value
        print(f"best on four folds: {name}")
    print(f"word errors: today {-sum(worth[0])}, the best of four folds {total}")


if __name__ == "__main__":
    main()
