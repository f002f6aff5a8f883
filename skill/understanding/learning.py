"""Lessons -> what the matcher keeps: trains its networks and notes what they were taught with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from skill.content.model import Article
from skill.content.text import normalise
from skill.understanding.features import fingerprint, pairs, side_by_side
from skill.understanding.model_file import MatcherModel
from skill.understanding.name_correction import NameCorrector
from skill.understanding.training import RECIPES, Recipe, train
from skill.understanding.training_data import TrainingData
from skill.understanding.word_vectors import Vectors


def learn(
    training_data: TrainingData,
    names: Iterable[str],
    digest: str,
    vectors: Vectors,
    recipes: Sequence[Recipe] = RECIPES,
    progress: Callable[[int, int], None] | None = None,
) -> MatcherModel:
    """Train every network; the same content gives the same matcher. Takes about half a minute.

    `names` are those of things, which are found again where they are misheard.
    """
    # Examples may hold what speech recognition makes of a name; only templates are spelt right.
    names = sorted(set(names))
    taught = [*training_data.from_templates(), *names]
    words = sorted({word for utterance in taught for word in utterance.split()})
    neighbours = sorted({two for utterance in taught for two in pairs(utterance)[1:-1]})
    correct = NameCorrector(names, words, side_by_side(frozenset(neighbours))).correct
    networks = []
    for position, recipe in enumerate(recipes):
        drawn, numbers = training_data.draw(recipe.seed)
        utterances = [correct(utterance) for utterance in drawn]

        def tell(done: int, steps: int, position: int = position) -> None:
            if progress:
                progress(position * steps + done, len(recipes) * steps)

        networks.append(train(recipe, utterances, numbers, vectors, tell))
    number = {label: position for position, label in enumerate(training_data.labels)}
    everything = [(label, correct(utterance)) for label, utterance in training_data.everything()]
    owner = {fingerprint(utterance): number[label] for label, utterance in reversed(everything)}
    hashes = sorted(owner)
    return MatcherModel(
        digest,
        training_data.labels,
        tuple(networks),
        tuple(names),
        tuple(words),
        np.array(neighbours, np.uint32),
        np.array(hashes, np.uint64),
        np.array([owner[key] for key in hashes], np.int32 if len(number) > 32_767 else np.int16),
    )


def names_of(article: Article) -> Iterator[str]:
    """The names of things, and the hard words; not what is said of people in general."""
    for term in article.terms.values():
        if len(term.values) == 1:
            for _, name in term.names():
                yield normalise(name)
    yield from map(normalise, article.pronunciations)
