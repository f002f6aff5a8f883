from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from skill.content import Label
from skill.understanding.classifier import RECIPES, TrainingData, load_vectors, train_matcher
from skill.understanding.classifier import network_training as training
from skill.understanding.classifier.network import (
    Inputs,
    Network,
    mean_probabilities,
    softmax,
)
from tests.conftest import QUICK

VECTORS = load_vectors()
_TWO = [
    *((f"does {word} help muscle", 0) for word in ("oxytocin", "it", "this", "that hormone")),
    *((f"what is the {word} in paris", 1) for word in ("weather", "time", "news", "rain")),
]
TEXTS, LABELS = zip(*_TWO * 10, strict=True)
SMALL = replace(RECIPES[2], buckets=256, width=8, hidden=16, batch=16)
ASKED = ["does oxytocin make muscles strong", "tell me the weather in london"]


def _logits(network: Network) -> np.ndarray:
    return network.logits(Inputs(ASKED, VECTORS))


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: f"recipe {recipe.seed}")
def test_a_network_learns_and_understands_other_words(recipe: training.Recipe) -> None:
    small = replace(recipe, buckets=256, width=8, hidden=16, batch=16)
    network = training.train(small, TEXTS, LABELS, VECTORS)
    assert _logits(network)[:, :2].argmax(axis=1).tolist() == [0, 1]


def test_the_same_seed_gives_the_same_network_and_another_seed_another() -> None:
    first, second = (training.train(SMALL, TEXTS, LABELS, VECTORS) for _ in range(2))
    other = training.train(replace(SMALL, seed=9), TEXTS, LABELS, VECTORS)
    assert np.array_equal(_logits(first), _logits(second))
    assert not np.array_equal(_logits(first), _logits(other))


def test_a_network_learns_when_it_compares_only_some_labels_in_a_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(training, "_ALL_LABELS", 1)
    monkeypatch.setattr(training, "_SAMPLED", 1)
    network = training.train(SMALL, TEXTS, LABELS, VECTORS)
    assert _logits(network)[:, :2].argmax(axis=1).tolist() == [0, 1]


def test_the_probabilities_of_several_networks_are_averaged() -> None:
    networks = [training.train(SMALL, TEXTS, LABELS, VECTORS)]
    networks.append(training.train(replace(SMALL, seed=9), TEXTS, LABELS, VECTORS))
    each = [softmax(_logits(network))[:, :2] for network in networks]
    found = mean_probabilities(networks, 2, ASKED, VECTORS)
    assert np.allclose(found, np.sqrt(each[0] * each[1]), atol=1e-3)
    assert (found.sum(axis=1) <= 1 + 1e-6).all()


def test_training_reports_each_step_once(training_data: TrainingData) -> None:
    told: list[tuple[int, int]] = []
    recipes = (replace(QUICK[0], epochs=1), replace(QUICK[0], epochs=1, seed=5))
    train_matcher(
        training_data, ["sencha"], "digest", VECTORS, recipes, lambda *step: told.append(step)
    )
    (steps,) = {steps for _, steps in told}
    assert [done for done, _ in told] == list(range(1, steps + 1))


def test_a_model_knows_its_data_and_is_the_same_from_the_same_data(
    training_data: TrainingData,
) -> None:
    first, second = (
        train_matcher(training_data, ["sencha"], "digest", VECTORS, QUICK) for _ in range(2)
    )
    assert first.labels == training_data.labels
    assert first.label_of("what is black tea") == Label.answer("black")
    assert first.label_of("what is the moon") is None
    utterance = "how strong is the tea for kids"
    assert first.probabilities(utterance, VECTORS) == second.probabilities(utterance, VECTORS)
