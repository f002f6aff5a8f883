"""What `skill.network` and `skill.vectors` reckon, without numpy: for Lambda. Pure.

It reads the same files and comes to the same verdicts, a few milliseconds later.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from operator import mul

from skill.features import KINDS
from skill.npz import Array
from skill.pieces import split

_Numbers = Sequence[float]
# The same two figures as in skill.network, which cannot be imported without numpy.
TABLE_SCALE = 4.0
VECTOR_SCALE = 4.0
_UNLIKELIEST = 1e-7


class PlainVectors:
    """The table of word pieces."""

    def __init__(self, stored: Mapping[str, Array]) -> None:
        self._rank = {piece: rank for rank, piece in enumerate(stored["pieces"].texts())}
        self._rows = _Rows(stored["values"], stored["scales"])

    def utterance(self, utterance: str) -> list[float]:
        """The direction of an utterance: the sum of its words at length 1, or zeros."""
        pieces = [piece for word in utterance.split() for piece in split(word, self._rank)]
        total = self._rows.total(self._rank[piece] for piece in pieces if piece in self._rank)
        length = math.sqrt(sum(map(mul, total, total)))
        return [value / length for value in total] if length else total


class PlainNetwork:
    """One trained network."""

    def __init__(self, prefix: str, stored: Mapping[str, Array]) -> None:
        def part(name: str) -> Array:
            return stored[f"{prefix}.{name}"]

        self._tables = [
            (KINDS[kind], _Rows(part(f"{kind}.table"), part(f"{kind}.scales")))
            for kind in part("kinds").texts()
        ]
        self._hidden = _columns(part("hidden"))
        self._hidden_bias = part("hidden_bias").numbers()
        self._output = _columns(part("output"))
        self._output_bias = part("output_bias").numbers()

    def logits(self, utterance: str, vector: _Numbers) -> list[float]:
        """One number a label; larger is likelier."""
        inputs = [value * VECTOR_SCALE for value in vector]
        for features, rows in self._tables:
            found = [feature % rows.count for feature in features(utterance)]
            share = TABLE_SCALE / max(len(found), 1)
            inputs += [value * share for value in rows.total(found)]
        raised = [max(value, 0.0) for value in _layer(inputs, self._hidden, self._hidden_bias)]
        return _layer(raised, self._output, self._output_bias)


def plain_pooled(
    networks: Sequence[PlainNetwork], labels: int, utterance: str, vectors: PlainVectors
) -> list[float]:
    """`skill.network.pooled` for one utterance."""
    vector = vectors.utterance(utterance)
    shares = [_softmax(network.logits(utterance, vector)) for network in networks]
    return [
        math.exp(sum(math.log(share[label] + _UNLIKELIEST) for share in shares) / len(shares))
        for label in range(labels)
    ]


class _Rows:
    """A table of whole numbers with a scale for each row, added up without unpacking the rest."""

    def __init__(self, values: Array, scales: Array) -> None:
        self.count, self._width = values.shape
        self._values = values.view()
        self._scales = scales.numbers()

    def total(self, rows: Iterable[int]) -> list[float]:
        """The sum of some rows."""
        total = [0.0] * self._width
        for row in rows:
            scale = self._scales[row]
            numbers = self._values[row * self._width : (row + 1) * self._width]
            total = [so_far + scale * value for so_far, value in zip(total, numbers, strict=True)]
        return total


def _columns(matrix: Array) -> list[_Numbers]:
    numbers, width = matrix.numbers(), matrix.shape[1]
    return [numbers[column::width] for column in range(width)]


def _layer(inputs: _Numbers, columns: Iterable[_Numbers], bias: _Numbers) -> list[float]:
    return [sum(map(mul, inputs, column), add) for column, add in zip(columns, bias, strict=True)]


def _softmax(logits: _Numbers) -> list[float]:
    most = max(logits)
    raised = [math.exp(logit - most) for logit in logits]
    total = sum(raised)
    return [value / total for value in raised]
