"""The matcher's model, trained on the training data of one article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from threadpoolctl import threadpool_limits

from skill.content import Article, normalise
from skill.understanding.classifier.features import fingerprint, pairs
from skill.understanding.classifier.model_file import MatcherModel
from skill.understanding.classifier.name_correction import NameCorrector
from skill.understanding.classifier.network_training import RECIPES, Progress, Recipe, train
from skill.understanding.classifier.training_data import TrainingData
from skill.understanding.classifier.word_vectors import Vectors


def train_matcher(
    data: TrainingData,
    names: Iterable[str],
    digest: str,
    vectors: Vectors,
    recipes: Sequence[Recipe] = RECIPES,
    progress: Progress | None = None,
) -> MatcherModel:
    """Train every network; the same content gives the same model. Takes about half a minute.

    Args:
        data: Labelled utterances.
        names: Names of things, which are corrected where they are misheard.
        digest: Of the content that the data comes from.
        vectors: What words mean in general.
        recipes: One for each network.
        progress: Called with (steps done, steps in all).
    """
    # Examples may hold what speech recognition makes of a name; only templates are spelled right.
    names = sorted(set(names))
    known = [*data.from_templates(), *names]
    words = sorted({word for utterance in known for word in utterance.split()})
    neighbours = sorted({pair for utterance in known for pair in pairs(utterance)[1:-1]})
    corrector = NameCorrector(names, words, frozenset(neighbours))
    networks = []
    for position, recipe in enumerate(recipes):
        drawn, numbers = data.draw(recipe.seed)
        utterances = [corrector.correct(utterance) for utterance in drawn]

        def tell(done: int, steps: int, position: int = position) -> None:
            if progress:
                progress(position * steps + done, len(recipes) * steps)

        # The matrices are small: more threads only wait for each other.
        with threadpool_limits(1, user_api="blas"):
            networks.append(train(recipe, utterances, numbers, vectors, tell))
    number = {label: position for position, label in enumerate(data.labels)}
    everything = [(label, corrector.correct(text)) for label, text in data.everything()]
    owner = {fingerprint(text): number[label] for label, text in reversed(everything)}
    hashes = sorted(owner)
    return MatcherModel(
        digest,
        data.labels,
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
