"""Synthetic articles of any size: training data and questions."""

from __future__ import annotations

import random
from itertools import product

from skill.content import OUT_OF_DOMAIN, Label
from skill.understanding.classifier import TrainingData

_ONSETS = ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "br", "st", "tr")
_VOWELS = ("a", "e", "i", "o", "u")
_CODAS = ("n", "r", "s", "l", "x")
_ASPECTS = ("cause", "treatment", "history", "price", "taste", "size", "colour", "origin")
_TAUGHT = (
    ("what is the {aspect} of {thing}", "tell me the {aspect} of {thing}"),
    ("{thing} {aspect}", "the {aspect} of {thing} please"),
    ("i want to know about the {aspect} of {thing}", "explain the {aspect} of {thing}"),
    ("does {thing} have a {aspect}", "which {aspect} has {thing}"),
)
# The questions, which are in no template.
_ASKED = (
    "do you happen to know the {aspect} of {thing}",
    "so {thing} what about its {aspect}",
    "could you say something on {thing} and its {aspect}",
)
_ELSEWHERE = ("what time is it", "play some music", "who won the match", "set an alarm for six")


def synthetic_training_data(answers: int) -> tuple[TrainingData, list[str]]:
    """Training data for this number of answers, and the names of the things they are about."""
    chance = random.Random(answers)
    topics = _topics(answers)
    templates = {
        Label.answer(str(number)): tuple(
            tuple(line.format(aspect=aspect, thing=thing) for line in pair) for pair in _TAUGHT
        )
        for number, (thing, aspect) in enumerate(topics)
    }
    labels = (*templates, OUT_OF_DOMAIN)
    names = sorted({thing for thing, _ in topics})
    chance.shuffle(names)
    return TrainingData(labels, {OUT_OF_DOMAIN: _ELSEWHERE}, templates, {}, ()), names


def questions(answers: int, count: int) -> list[tuple[str, str]]:
    """Questions as (text, label), in words that no template has."""
    chance = random.Random(0)
    topics = _topics(answers)
    asked = []
    for _ in range(count):
        number = chance.randrange(answers)
        thing, aspect = topics[number]
        text = chance.choice(_ASKED).format(aspect=aspect, thing=thing)
        asked.append((text, str(Label.answer(str(number)))))
    return asked


def _topics(answers: int) -> list[tuple[str, str]]:
    """Pairs of (thing, aspect), each once; things are invented words."""
    syllables = ["".join(parts) for parts in product(_ONSETS, _VOWELS, _CODAS)]
    random.Random(1).shuffle(syllables)
    words = (a + b for a, b in product(syllables, syllables))
    things = [next(words) for _ in range(-(-answers // len(_ASPECTS)))]
    return list(product(things, _ASPECTS))[:answers]
