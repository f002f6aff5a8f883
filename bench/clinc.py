"""Any intent data set -> how well the bare matcher does on it: `askable eval --model FILE`.

The file is JSON with the parts train, val, test and oos_val, oos_test (and any others), each a list
of [text, label], as CLINC150 has them. The protocol is that of its paper (Larson et al., 2019): the
threshold that is best on the validation parts, then accuracy in scope and recall out of scope.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skill.content.text import normalise
from skill.errors import AskableError
from skill.understanding.classifier import believed
from skill.understanding.training import RECIPES, Progress, train
from skill.understanding.word_vectors import Floats, Vectors

PARTS = ("train", "val", "test", "oos_val", "oos_test")
Part = tuple[tuple[str, ...], tuple[str, ...]]  # texts, labels
# Utterances -> shares (utterances, labels), and how surely each means any of the labels.
Rank = Callable[[tuple[str, ...]], tuple[Floats, Floats]]
# Chosen on the validation parts of CLINC150, where they tell best what is in scope.
_UNKNOWN_WORDS = 4.0  # less sure by this where every word is new, by a half where every other is
_RESAMPLES = 200


@dataclass(frozen=True)
class Figures:
    """What the protocol gives; shares from 0 to 1."""

    labels: int
    threshold: float
    in_scope: float  # right and above the threshold, of the test part
    out_of_scope: float  # below the threshold, of the test part that has no label
    unrejected: float  # right in scope if nothing were refused


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


def learn_dataset(
    parts: Mapping[str, Part], vectors: Vectors, progress: Progress | None = None
) -> tuple[tuple[str, ...], Rank]:
    """The labels, and what ranks them, learnt from the train part."""
    texts, names = parts["train"]
    labels = tuple(sorted(set(names)))
    number = {label: position for position, label in enumerate(labels)}
    numbers = [number[name] for name in names]
    networks = []
    for position, recipe in enumerate(RECIPES):

        def tell(done: int, steps: int, position: int = position) -> None:
            if progress:
                progress(position * steps + done, len(RECIPES) * steps)

        networks.append(train(recipe, texts, numbers, vectors, tell))
    words = {word for text in texts for word in text.split()}

    def rank(asked: tuple[str, ...]) -> tuple[Floats, Floats]:
        shares, sureness = believed(networks, len(labels), asked, vectors)
        return shares, sureness - np.float32(_UNKNOWN_WORDS) * _unknown(asked, words)

    return labels, rank


def measure(
    parts: Mapping[str, Part],
    labels: tuple[str, ...],
    rank: Rank,
) -> Figures:
    """The protocol, for whatever ranks labels."""
    number = {label: position for position, label in enumerate(labels)}

    def ranked(part: str) -> tuple[Floats, NDArray[np.bool_]]:
        texts, names = parts[part]
        shares, sureness = rank(texts)
        wanted = np.array([number.get(name, -1) for name in names])
        return sureness, shares.argmax(axis=1) == wanted

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
    """The share of each utterance's words that are not known."""
    return np.array(
        [
            sum(word not in known for word in words) / max(1, len(words))
            for words in map(str.split, asked)
        ],
        np.float32,
    )


def _threshold(known: Floats, right: NDArray[np.bool_], unknown: Floats) -> float:
    """The mean of the thresholds that are best on resamples of the validation parts.

    That of the parts themselves hangs on a few of the questions out of scope, which are a hundred.
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
    # To refuse everything is no threshold: it is the score beyond the last.
    candidates = np.append(scores[order], scores[order][-1] + 1)
    return float(candidates[int(gained.argmax())])
