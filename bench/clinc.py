"""The matcher's networks on an intent data set such as CLINC150.

.venv/bin/python -m bench.clinc ../shared/benchmarks/clinc150.json [--sentences]

The file is JSON with the parts train, val, test, oos_val and oos_test, each a list of [text,
label]. The protocol is that of the CLINC150 paper (Larson et al., 2019): the threshold that is best
on the validation parts, then in-scope accuracy and out-of-scope recall on the test parts.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skill.content import normalise
from skill.errors import AskableError
from skill.understanding.classifier import RECIPES, Vectors, load_vectors
from skill.understanding.classifier.network import Inputs, Network, softmax
from skill.understanding.classifier.network_training import train
from skill.understanding.classifier.word_vectors import Floats

PARTS = ("train", "val", "test", "oos_val", "oos_test")
Part = tuple[tuple[str, ...], tuple[str, ...]]  # texts, labels
# Utterances -> probabilities (utterances, labels), and a score of each utterance: in scope or not.
Rank = Callable[[tuple[str, ...]], tuple[Floats, Floats]]
# Both weights were tuned on the validation parts of CLINC150.
_EVIDENCE = 0.5  # of how far the best label's logit is above the mean
_UNKNOWN_WORDS = 4.0  # of the share of words that are not in the training part
_SMALLEST = 1e-7  # keeps the logarithm of a probability finite
_RESAMPLES = 200


@dataclass(frozen=True)
class Figures:
    """The results of the protocol, from 0 to 1."""

    labels: int
    threshold: float
    in_scope: float  # share of `test` that is right and above the threshold
    out_of_scope: float  # share of `oos_test` below the threshold
    unrejected: float  # share of `test` that is right without a threshold


def main() -> None:
    """Print the figures of one data set."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--sentences", action="store_true", help="With sentence vectors too.")
    options = parser.parse_args()
    try:
        parts = read_dataset(options.file)
        labels, rank = learn_dataset(parts, load_vectors(options.sentences))
    except AskableError as error:
        sys.exit(str(error))
    figures = measure(parts, labels, rank)
    print(f"labels               {figures.labels}, {len(parts['train'][0])} training utterances")
    print(f"in-scope accuracy    {figures.in_scope:.1%}")
    print(f"out-of-scope recall  {figures.out_of_scope:.1%}")
    print(f"threshold            {figures.threshold:.4f}, best on val and oos_val")
    print(f"without threshold    {figures.unrejected:.1%} in scope")


def read_dataset(path: Path) -> dict[str, Part]:
    """The five parts of a data set."""
    try:
        raw: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise AskableError(f"{path}: cannot be read as JSON: {error}") from error
    found = {}
    for part in PARTS:
        rows = raw.get(part) if isinstance(raw, dict) else None
        if not isinstance(rows, list) or not rows:
            raise AskableError(f"{path}: {part}: is missing; the parts are {', '.join(PARTS)}")
        if not all(
            isinstance(row, list) and len(row) == 2 and all(isinstance(cell, str) for cell in row)
            for row in rows
        ):
            raise AskableError(f"{path}: {part}: should be a list of [text, label]")
        found[part] = (
            tuple(normalise(text) for text, _ in rows),
            tuple(label for _, label in rows),
        )
    return found


def learn_dataset(parts: Mapping[str, Part], vectors: Vectors) -> tuple[tuple[str, ...], Rank]:
    """The labels, and a function that ranks them, learned from the train part."""
    texts, names = parts["train"]
    labels = tuple(sorted(set(names)))
    number = {label: position for position, label in enumerate(labels)}
    numbers = [number[name] for name in names]
    networks = [train(recipe, texts, numbers, vectors) for recipe in RECIPES]
    words = {word for text in texts for word in text.split()}

    def rank(asked: tuple[str, ...]) -> tuple[Floats, Floats]:
        probabilities, scores = _rank(networks, len(labels), asked, vectors)
        return probabilities, scores - np.float32(_UNKNOWN_WORDS) * _unknown(asked, words)

    return labels, rank


def _rank(
    networks: Sequence[Network], labels: int, utterances: Sequence[str], vectors: Vectors
) -> tuple[Floats, Floats]:
    """Probabilities, and scores that tell utterances of any label from others.

    Probabilities only compare labels with each other. How far the best label's logit is above the
    mean of all labels is further evidence that the utterance is in scope.
    """
    inputs = Inputs(utterances, vectors)
    logits = [network.logits(inputs) for network in networks]
    logs = [np.log(softmax(each)[:, :labels] + _SMALLEST) for each in logits]
    probabilities: Floats = np.exp(np.sum(logs, axis=0) / len(logs)).astype(np.float32)
    above = [each[:, :labels] - each[:, :labels].mean(axis=1, keepdims=True) for each in logits]
    evidence = (np.sum(above, axis=0) / len(above)).max(axis=1)
    scores: Floats = np.log(probabilities.max(axis=1)) + np.float32(_EVIDENCE) * evidence
    return probabilities, scores


def measure(parts: Mapping[str, Part], labels: tuple[str, ...], rank: Rank) -> Figures:
    """Apply the protocol to a function that ranks labels."""
    number = {label: position for position, label in enumerate(labels)}

    def ranked(part: str) -> tuple[Floats, NDArray[np.bool_]]:
        texts, names = parts[part]
        probabilities, scores = rank(texts)
        expected = np.array([number.get(name, -1) for name in names])
        return scores, probabilities.argmax(axis=1) == expected

    val, val_right = ranked("val")
    oos_val, _ = ranked("oos_val")
    threshold = _threshold(val, val_right, oos_val)
    test, test_right = ranked("test")
    oos_test, _ = ranked("oos_test")
    return Figures(
        len(labels),
        threshold,
        float(((test >= threshold) & test_right).mean()),
        float((oos_test < threshold).mean()),
        float(test_right.mean()),
    )


def _unknown(asked: Sequence[str], known: Set[str]) -> Floats:
    """The share of unknown words in each utterance."""
    return np.array(
        [
            sum(word not in known for word in words) / max(1, len(words))
            for words in map(str.split, asked)
        ],
        np.float32,
    )


def _threshold(known: Floats, right: NDArray[np.bool_], unknown: Floats) -> float:
    """The mean of the best thresholds on resamples of the validation parts.

    The best threshold on the parts themselves depends on a few of the 100 out-of-scope questions.
    """
    random = np.random.default_rng(0)
    found = []
    for _ in range(_RESAMPLES):
        some = random.integers(0, len(known), len(known))
        others = random.integers(0, len(unknown), len(unknown))
        found.append(_best_threshold(known[some], right[some], unknown[others]))
    return float(np.mean(found))


def _best_threshold(known: Floats, right: NDArray[np.bool_], unknown: Floats) -> float:
    """The threshold with most right decisions: accepted and right, or unknown and refused."""
    scores = np.concatenate([known, unknown])
    gain = np.concatenate([-right.astype(int), np.ones(len(unknown), int)])
    order = np.argsort(scores, kind="stable")
    gained = np.concatenate([[0], np.cumsum(gain[order])])
    # The last candidate refuses everything.
    candidates = np.append(scores[order], scores[order][-1] + 1)
    return float(candidates[int(gained.argmax())])


if __name__ == "__main__":
    main()
