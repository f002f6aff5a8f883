"""Any intent data set -> how well the bare matcher does on it: `askable eval --model FILE`.

The file is JSON with the parts train, val, test and oos_val, oos_test (and any others), each a list
of [text, label], as CLINC150 has them. The protocol is that of its paper (Larson et al., 2019): the
threshold that is best on the validation parts, then accuracy in scope and recall out of scope.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skill.errors import AskableError
from skill.network import pooled
from skill.training import RECIPES, Progress, train
from skill.vectors import Floats, Vectors
from skill.words import normalise

PARTS = ("train", "val", "test", "oos_val", "oos_test")
Part = tuple[tuple[str, ...], tuple[str, ...]]  # texts, labels


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
) -> tuple[tuple[str, ...], Callable[[tuple[str, ...]], Floats]]:
    """The labels, and the matcher's shares (utterances, labels), learnt from the train part."""
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
    return labels, lambda asked: pooled(networks, len(labels), asked, vectors)


def measure(
    parts: Mapping[str, Part],
    labels: tuple[str, ...],
    shares: Callable[[tuple[str, ...]], Floats],
) -> Figures:
    """The protocol, for whatever tells the shares of labels."""
    number = {label: position for position, label in enumerate(labels)}

    def believed(part: str) -> tuple[Floats, NDArray[np.bool_]]:
        texts, names = parts[part]
        found = shares(texts)
        wanted = np.array([number.get(name, -1) for name in names])
        return found.max(axis=1), found.argmax(axis=1) == wanted

    val, val_right = believed("val")
    oos_val, _ = believed("oos_val")
    threshold = _best_threshold(val, val_right, oos_val)
    test, test_right = believed("test")
    oos_test, _ = believed("oos_test")
    return Figures(
        len(labels),
        threshold,
        float(((test >= threshold) & test_right).mean()),
        float((oos_test < threshold).mean()),
        float(test_right.mean()),
    )


def _best_threshold(known: Floats, right: NDArray[np.bool_], unknown: Floats) -> float:
    """The threshold with most right decisions: accepted and right, or unknown and refused."""
    scores = np.concatenate([known, unknown])
    gain = np.concatenate([-right.astype(int), np.ones(len(unknown), int)])
    order = np.argsort(scores, kind="stable")
    gained = np.concatenate([[0], np.cumsum(gain[order])])
    candidates = np.concatenate([scores[order], [np.inf]])
    return float(candidates[int(gained.argmax())])
