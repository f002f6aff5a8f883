"""Articles made up by rule, as large as asked for: lessons to learn from, questions to ask."""

from __future__ import annotations

import random
from itertools import product

from skill.content.examples import OUTSIDE
from skill.understanding.training_data import TrainingData

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
# In no template: what is asked of the matcher.
_ASKED = (
    "do you happen to know the {aspect} of {thing}",
    "so {thing} what about its {aspect}",
    "could you say something on {thing} and its {aspect}",
)
_ELSEWHERE = ("what time is it", "play some music", "who won the match", "set an alarm for six")


def synthetic_lessons(answers: int) -> tuple[TrainingData, list[str]]:
    """Lessons for so many answers, and the names of the things they are about."""
    chance = random.Random(answers)
    topics = _topics(answers)
    templates = {
        f"answer:{number}": tuple(
            tuple(line.format(aspect=aspect, thing=thing) for line in pair) for pair in _TAUGHT
        )
        for number, (thing, aspect) in enumerate(topics)
    }
    labels = tuple(sorted({*templates, OUTSIDE}))
    names = sorted({thing for thing, _ in topics})
    chance.shuffle(names)
    return TrainingData(labels, {OUTSIDE: _ELSEWHERE}, templates, {}, ()), names


def questions(answers: int, count: int) -> list[tuple[str, str]]:
    """(question, label), in words that no template has."""
    chance = random.Random(0)
    topics = _topics(answers)
    asked = []
    for _ in range(count):
        number = chance.randrange(answers)
        thing, aspect = topics[number]
        text = chance.choice(_ASKED).format(aspect=aspect, thing=thing)
        asked.append((text, f"answer:{number}"))
    return asked


def _topics(answers: int) -> list[tuple[str, str]]:
    """(thing, aspect), each once; things are words that nobody uses."""
    syllables = ["".join(parts) for parts in product(_ONSETS, _VOWELS, _CODAS)]
    random.Random(1).shuffle(syllables)
    words = (a + b for a, b in product(syllables, syllables))
    things = [next(words) for _ in range(-(-answers // len(_ASPECTS)))]
    return list(product(things, _ASPECTS))[:answers]
