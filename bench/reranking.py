"""Tunes the weights of `skill.speech.recognition.reranking` on the recognitions of an audition.

    .venv/bin/askable audition --questions tests/oxytocin/questions_dev.yaml --sample 20 \\
        --conditions "clean,20 dB,10 dB" --no-answers --json > audition.json
    .venv/bin/python -m bench.reranking audition.json

One weight after another is moved to the best of a few values around today's, for the sentences of
four folds; the fifth measures. A wrong fact costs as much as three right results bring. Takes some
minutes for a thousand sounds.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from skill.memory import NoMemory
from skill.settings import find_settings
from skill.simulator import Runtime
from skill.simulator.speech_pipeline import HypothesisReranker
from skill.speech.recognition import Recognition, choose
from skill.speech.recognition.reranking import WEIGHTS, Required, RerankingWeights
from skill.tools.evaluate import received

_FACTORS = (0.6, 0.8, 0.9, 1.1, 1.25, 1.6)
_FOLDS = 5
_COST = 3  # right results that a wrong fact costs
_TUNED = ("rivals", "sample", "sounds_same", "secondary", "out_of_domain_of_two", "deletion")
_REQUIRED = ("one", "one_in_noise", "two")


@dataclass(frozen=True)
class Heard:
    """A recognition, and every result that is right for what was said."""

    text: str
    expected: tuple[str, ...]
    recognition: Recognition


def read(path: Path) -> list[Heard]:
    """The recognitions of an audition's JSON."""
    return [
        Heard(
            outcome["text"],
            tuple(outcome["expected"]),
            Recognition(
                tuple(outcome["hearings"]),
                secondary=tuple(outcome["beside"]),
                noisy=outcome["heard_as"] == "people in noise",
            ),
        )
        for outcome in json.loads(path.read_text(encoding="utf-8"))["outcomes"]
    ]


def variants(weights: RerankingWeights) -> Iterable[RerankingWeights]:
    """The weights with one number changed at a time."""
    for name in _TUNED:
        for factor in _FACTORS:
            changed: Any = {name: min(getattr(weights, name) * factor, 8.0)}
            yield replace(weights, **changed)
    for name in _REQUIRED:
        required: Required = getattr(weights, name)
        for field in fields(Required):
            for factor in _FACTORS:
                share = min(1.0, getattr(required, field.name) * factor)
                changed = {name: replace(required, **{field.name: share})}
                yield replace(weights, **changed)


def tune(value: Callable[[RerankingWeights], int]) -> RerankingWeights:
    """The best weights within reach of single changes; at most ten of them."""
    best = WEIGHTS
    for _ in range(10):
        better = max(variants(best), key=value)
        if value(better) <= value(best):
            break
        best = better
    return best


def main() -> None:
    """Print what today's and tuned weights give on held-out sentences, and the tuned weights."""
    runtime = Runtime(find_settings(), NoMemory())
    reranker = HypothesisReranker(runtime)
    meaning = lru_cache(maxsize=None)(reranker.meaning)
    similar = lru_cache(maxsize=None)(reranker.similar)

    @cache
    def result(text: str) -> str:
        device = runtime.device()
        device.launch()
        return received(device.say(text)) if text else "refuse:not_understood"

    def score(some: Sequence[Heard], weights: RerankingWeights) -> tuple[int, int]:
        right = wrong = 0
        for heard in some:
            sound = heard.recognition
            got = result(
                choose(
                    sound.hypotheses,
                    meaning,
                    similar,
                    sound.secondary,
                    noisy=sound.noisy,
                    weights=weights,
                )
            )
            right += got in heard.expected
            wrong += got not in heard.expected and got.startswith("answer:")
        return right, wrong

    def value(some: Sequence[Heard]) -> Callable[[RerankingWeights], int]:
        @cache
        def of(weights: RerankingWeights) -> int:
            right, wrong = score(some, weights)
            return right - _COST * wrong

        return of

    everything = read(Path(sys.argv[1]))
    texts = sorted({heard.text for heard in everything})
    random.Random(0).shuffle(texts)
    fold_of = {text: place % _FOLDS for place, text in enumerate(texts)}
    for fold in range(_FOLDS):
        held_out = [heard for heard in everything if fold_of[heard.text] == fold]
        tuned = tune(value([heard for heard in everything if fold_of[heard.text] != fold]))
        right, wrong = score(held_out, WEIGHTS)
        print(f"fold {fold + 1} of {len(held_out)}: today {right} right, {wrong} wrong", end="")
        right, wrong = score(held_out, tuned)
        print(f"; tuned {right} right, {wrong} wrong")
    print(f"on all: {tune(value(everything))}")


if __name__ == "__main__":
    main()
