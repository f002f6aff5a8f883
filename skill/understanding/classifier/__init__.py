"""The learned part of understanding: features, networks, training and the model file."""

from skill.understanding.classifier.explanation import explain
from skill.understanding.classifier.matcher import Matcher, load_matcher, load_vectors
from skill.understanding.classifier.model_file import (
    MatcherModel,
    digest_in,
    load_model,
    model_path,
    read_model,
)
from skill.understanding.classifier.network_training import RECIPES, Progress, Recipe
from skill.understanding.classifier.training import names_of, train_matcher
from skill.understanding.classifier.training_data import TrainingData, make_training_data
from skill.understanding.classifier.word_vectors import Vectors

__all__ = [
    "RECIPES",
    "Matcher",
    "MatcherModel",
    "Progress",
    "Recipe",
    "TrainingData",
    "Vectors",
    "digest_in",
    "explain",
    "load_matcher",
    "load_model",
    "load_vectors",
    "make_training_data",
    "model_path",
    "names_of",
    "read_model",
    "train_matcher",
]
