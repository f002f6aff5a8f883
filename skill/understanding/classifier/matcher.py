"""Ranks what an utterance may mean by a learned model."""

from __future__ import annotations

import re
from pathlib import Path

from skill.content import LabelKind, normalise
from skill.understanding.classifier.model_file import MatcherModel, load_model
from skill.understanding.classifier.name_correction import TOLERANCES, Tolerances
from skill.understanding.classifier.word_vectors import Vectors, WordVectors
from skill.understanding.ranking import Candidate, Ranking

_CANDIDATES = 6  # labels in a ranking
_HESITATION = re.compile(r"\b(?:um+|uh+|er|erm|ah|hmm+|mm+)\b")
_DOUBLED = re.compile(r"\b(\w+(?: \w+)?)(?: \1)+\b")


class Matcher:
    """Ranks labels for an utterance.

    Args:
        model: What was learned from the content.
        vectors: What words mean in general; the same as in training.
        tolerances: How far a misheard name may be from the name.
    """

    def __init__(
        self, model: MatcherModel, vectors: Vectors, tolerances: Tolerances = TOLERANCES
    ) -> None:
        self.vectors = vectors
        self._model = model
        self._names = model.name_corrector(tolerances)
        self._answers = [
            place for place, label in enumerate(model.labels) if label.kind is LabelKind.ANSWER
        ]

    def correct(self, utterance: str) -> str:
        """The utterance without hesitations and repeats, and with misheard names corrected."""
        fluent = " ".join(_HESITATION.sub(" ", normalise(utterance)).split())
        return self._names.correct(_DOUBLED.sub(r"\1", fluent))

    def rank(self, utterance: str) -> Ranking:
        """The likeliest labels; an utterance of the training data has its label for certain."""
        heard = self.correct(utterance)
        known = self._model.label_of(heard)
        if known:
            in_scope = 1.0 if known.kind is LabelKind.ANSWER else 0.0
            return Ranking(heard, (Candidate(known, 1.0),), in_scope)
        if not heard:
            return Ranking(heard, (), 0.0)
        probabilities = self._model.probabilities(heard, self.vectors)
        total = sum(probabilities)
        order = sorted(range(len(probabilities)), key=probabilities.__getitem__, reverse=True)
        candidates = tuple(
            Candidate(self._model.labels[place], round(probabilities[place] / total, 4))
            for place in order[:_CANDIDATES]
        )
        in_scope = sum(probabilities[place] for place in self._answers)
        return Ranking(heard, candidates, round(in_scope / total, 4))


def load_vectors(sentences: bool = False) -> Vectors:
    """The vectors of words; of whole sentences too, where that extra is asked for."""
    words = WordVectors.load()
    if not sentences:
        return words
    from skill.understanding.classifier.sentence_vectors import SentenceVectors

    return SentenceVectors(words)


def load_matcher(content: Path, models: Path, sentences: bool = False) -> Matcher:
    """Load the matcher of an article.

    Args:
        content: The article's folder.
        models: The folder of its compiled models.
        sentences: Whether to use the model that was trained with sentence vectors too.

    Raises:
        StaleError: The model is missing or older than the content.
    """
    vectors = load_vectors(sentences)
    return Matcher(load_model(content, models, vectors), vectors)
