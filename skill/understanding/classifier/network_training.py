"""Trains the networks by gradient descent in numpy; the same seed gives the same network.

Three networks of different kinds are trained; `network.mean_probabilities` beats each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skill.understanding.classifier.features import KINDS
from skill.understanding.classifier.network import TABLE_SCALE, VECTOR_SCALE, Network, softmax
from skill.understanding.classifier.word_vectors import Floats, Vectors

Ints = NDArray[np.int64]
# With more labels than this, a step compares those of its batch with _SAMPLED others only.
_ALL_LABELS = 2_000
_SAMPLED = 1_000
# Utterances shown to a network in all, repeats included; a large article has fewer epochs.
_SHOWN = 600_000
_FEWEST_EPOCHS = 3
# Buckets for each label, for sets of articles with more names of things than one article has.
_BUCKETS_A_LABEL = 16
_MOST_BUCKETS = 131_072
# Hidden units for each number of an utterance's vector, where that makes more than the recipe's.
_UNITS_A_NUMBER = 0.4
Progress = Callable[[int, int], None]  # steps done, steps in all


@dataclass(frozen=True)
class Recipe:
    """How one network is trained.

    Tuned on CLINC150's validation part; `python -m bench.training recipes` tunes it on questions
    about the shipped article.
    """

    kinds: tuple[str, ...]
    seed: int
    smoothing: float = 0.0  # share of the probability that is spread over all labels
    outliers: float = 0.0  # share of the batch that is mixed from two labels and has neither
    buckets: int = 4096
    width: int = 48
    hidden: int = 128
    epochs: int = 15
    batch: int = 100
    rate: float = 2e-3
    drop: float = 0.3  # of hidden units; half as much of features
    decay: float = 2e-4


RECIPES = (
    Recipe(("words", "pairs", "pieces"), seed=1, smoothing=0.1),
    Recipe(("words", "pairs"), seed=2),
    Recipe(("words", "pairs", "pieces"), seed=3, outliers=0.3),
)


def train(
    recipe: Recipe,
    utterances: Sequence[str],
    labels: Sequence[int],
    vectors: Vectors,
    progress: Progress | None = None,
) -> Network:
    """Train one network; `labels` holds the number of each utterance's label, from 0."""
    learner = _Learner(recipe, utterances, np.array(labels, np.int64), vectors)
    steps = learner.steps
    for step in range(1, steps + 1):
        learner.step(step)
        if progress:
            progress(step, steps)
    return learner.network()


@dataclass
class _Adam:
    """Adam for one array (Kingma and Ba, 2015)."""

    value: Floats
    rate: float

    def __post_init__(self) -> None:
        self._mean = np.zeros_like(self.value)
        self._square = np.zeros_like(self.value)

    def learn(self, gradient: Floats, step: int, decay_rate: float) -> None:
        mean, square = self._mean, self._square
        mean *= 0.9
        mean += 0.1 * gradient
        square *= 0.99
        square += 0.01 * gradient * gradient
        unbiased = mean / (1 - 0.9**step)
        size = np.sqrt(square / (1 - 0.99**step)) + 1e-6
        self.value -= np.float32(self.rate * decay_rate) * unbiased / size

    def learn_rows(self, rows: Ints, gradient: Floats, decay_rate: float) -> None:
        """Update only these rows, each given once."""
        mean = 0.9 * self._mean[rows] + 0.1 * gradient
        square = 0.99 * self._square[rows] + 0.01 * gradient * gradient
        self._mean[rows], self._square[rows] = mean, square
        self.value[rows] -= np.float32(self.rate * decay_rate) * mean / (np.sqrt(square) + 1e-6)


class _Bags:
    """The features of all utterances of one kind, end to end."""

    def __init__(self, utterances: Sequence[str], kind: str, buckets: int) -> None:
        found = [np.array(KINDS[kind](text), np.int64) % buckets for text in utterances]
        self._count = np.array([len(rows) for rows in found])
        self._start = np.concatenate([[0], np.cumsum(self._count)])
        self._rows = np.concatenate(found) if found else np.zeros(0, np.int64)

    def take(self, batch: Ints) -> tuple[Ints, Ints]:
        """(position in the batch, bucket) of every feature of a batch."""
        count = self._count[batch]
        place = np.repeat(np.arange(len(batch)), count)
        offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        return place, self._rows[np.repeat(self._start[batch], count) + offset]


class _Learner:
    def __init__(
        self, recipe: Recipe, utterances: Sequence[str], labels: Ints, vectors: Vectors
    ) -> None:
        self._recipe = recipe
        self._labels = labels
        self._known = int(labels.max()) + 1
        # One label more, for outliers.
        self._all = self._known + (1 if recipe.outliers else 0)
        self._buckets = recipe.buckets
        while self._buckets < min(_BUCKETS_A_LABEL * self._known, _MOST_BUCKETS):
            self._buckets *= 2
        self._random = np.random.default_rng(recipe.seed)
        self._vectors = VECTOR_SCALE * vectors.utterances(utterances)
        self._bags = [_Bags(utterances, kind, self._buckets) for kind in recipe.kinds]
        self._order = np.zeros(0, np.int64)
        epochs = min(recipe.epochs, max(_FEWEST_EPOCHS, _SHOWN // len(utterances)))
        self.steps = epochs * max(1, len(utterances) // recipe.batch)
        rate, width, inputs = recipe.rate, recipe.width, vectors.size
        self._tables = [
            _Adam(self._normal((self._buckets, width), 0.01), rate) for _ in recipe.kinds
        ]
        wide = inputs + width * len(recipe.kinds)
        units = max(recipe.hidden, round(_UNITS_A_NUMBER * inputs))
        self._hidden = _Adam(self._normal((wide, units), inputs**-0.5), rate)
        self._hidden_bias = _Adam(np.zeros(units, np.float32), rate)
        self._output = _Adam(self._normal((self._all, units), units**-0.5), rate)
        self._output_bias = _Adam(np.zeros(self._all, np.float32), rate)

    def step(self, step: int) -> None:
        """Learn from one batch."""
        recipe, random = self._recipe, self._random
        batch = self._next_batch()
        size = len(batch)
        columns = [self._vectors[batch]]
        used = []
        for bags, table in zip(self._bags, self._tables, strict=True):
            place, rows = bags.take(batch)
            kept = random.random(len(rows)) > recipe.drop / 2
            place, rows = place[kept], rows[kept]
            count = np.maximum(np.bincount(place, minlength=size), 1).astype(np.float32)
            weight = (np.float32(TABLE_SCALE) / count)[place][:, None]
            columns.append(_sum_by(place, table.value[rows] * weight, size))
            used.append((place, rows, weight))
        inputs = np.concatenate(columns, axis=1)
        compared = self._compared(batch)
        wanted = np.zeros((size, len(compared)), np.float32)
        known = compared < self._known
        wanted[:, known] = recipe.smoothing / known.sum()
        at = np.searchsorted(compared, self._labels[batch])
        wanted[np.arange(size), at] += 1 - recipe.smoothing
        mixed = self._mix(batch)
        if mixed:
            first, second, share = mixed
            inputs = np.vstack([inputs, share * inputs[first] + (1 - share) * inputs[second]])
            none = np.zeros((len(first), len(compared)), np.float32)
            none[:, -1] = 1
            wanted = np.vstack([wanted, none])
        before = inputs @ self._hidden.value + self._hidden_bias.value
        kept_units = (before > 0) & (random.random(before.shape, np.float32) > recipe.drop)
        gate = kept_units.astype(np.float32) / np.float32(1 - recipe.drop)
        raised = before * gate
        output = self._output.value[compared]
        predicted = softmax(raised @ output.T + self._output_bias.value[compared])
        error = (predicted - wanted) / np.float32(size)
        back = (error @ output) * gate
        into = back @ self._hidden.value.T
        if mixed:
            np.add.at(into, first, share * into[size:])
            np.add.at(into, second, (1 - share) * into[size:])
        decay_rate = 1 - 0.95 * step / self.steps
        decay = np.float32(recipe.decay)
        into_output, into_bias = error.T @ raised + decay * output, error.sum(axis=0)
        if len(compared) == self._all:
            self._output.learn(into_output, step, decay_rate)
            self._output_bias.learn(into_bias, step, decay_rate)
        else:
            self._output.learn_rows(compared, into_output, decay_rate)
            self._output_bias.learn_rows(compared, into_bias, decay_rate)
        self._hidden.learn(inputs.T @ back + decay * self._hidden.value, step, decay_rate)
        self._hidden_bias.learn(back.sum(axis=0), step, decay_rate)
        start = self._vectors.shape[1]
        for table, (place, rows, weight) in zip(self._tables, used, strict=True):
            gradient = into[:size, start : start + recipe.width][place] * weight
            unique, where = np.unique(rows, return_inverse=True)
            table.learn_rows(unique, _sum_by(where, gradient, len(unique)), decay_rate)
            start += recipe.width

    def network(self) -> Network:
        """The trained network, its tables rounded."""
        rounded = [_rounded(table.value) for table in self._tables]
        return Network(
            self._recipe.kinds,
            tuple(values for values, _ in rounded),
            tuple(scales for _, scales in rounded),
            self._hidden.value,
            self._hidden_bias.value,
            np.ascontiguousarray(self._output.value.T),
            self._output_bias.value,
        )

    def _compared(self, batch: Ints) -> Ints:
        """The labels that this step compares, sorted; the last is "none", if there is one."""
        if self._all <= _ALL_LABELS:
            return np.arange(self._all)
        others = self._random.integers(0, self._known, _SAMPLED)
        none = np.arange(self._known, self._all)
        return np.unique(np.concatenate([self._labels[batch], others, none]))

    def _next_batch(self) -> Ints:
        size = min(self._recipe.batch, len(self._labels))
        if len(self._order) < size:
            self._order = self._random.permutation(len(self._labels))
        batch, self._order = self._order[:size], self._order[size:]
        return batch

    def _mix(self, batch: Ints) -> tuple[Ints, Ints, Floats] | None:
        """Pairs of different labels within a batch, and the share of the first of each."""
        count = int(len(batch) * self._recipe.outliers)
        if not count:
            return None
        first, second = self._random.integers(0, len(batch), (2, count))
        differ = self._labels[batch[first]] != self._labels[batch[second]]
        share = self._random.uniform(0.3, 0.7, (int(differ.sum()), 1)).astype(np.float32)
        return first[differ], second[differ], share

    def _normal(self, shape: tuple[int, int], spread: float) -> Floats:
        return (self._random.standard_normal(shape) * spread).astype(np.float32)


def _sum_by(place: Ints, rows: Floats, size: int) -> Floats:
    """Row i of the result is the sum of `rows` whose `place` is i."""
    total = np.zeros((size, rows.shape[1]), np.float32)
    if len(place):
        order = np.argsort(place, kind="stable")
        sorted_place = place[order]
        starts = np.flatnonzero(np.diff(sorted_place, prepend=-1))
        total[sorted_place[starts]] = np.add.reduceat(rows[order], starts, axis=0)
    return total


def _rounded(table: Floats) -> tuple[NDArray[np.int8], Floats]:
    scales = (np.abs(table).max(axis=1) / 127 + 1e-12).astype(np.float16).astype(np.float32)
    scales = np.maximum(scales, np.float32(1e-7))
    return np.clip(np.round(table / scales[:, None]), -127, 127).astype(np.int8), scales
