"""What `skill.understanding.classifier` and `skill.understanding.word_vectors` reckon, without numpy: for Lambda. Pure.

Sums of rows are reckoned in whole numbers, a row at once. They come as near to numpy's as
`skill.aws.packing` packed them finely.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from skill.understanding.arrays import Arrays
from skill.understanding.features import KINDS, TABLE_SCALE, UNLIKELIEST, VECTOR_SCALE, fingerprint
from skill.understanding.lanes import WIDE, Lanes, row_of, row_of_bytes
from skill.understanding.ordered import Ordered
from skill.understanding.pieces import UNKNOWN, split

SCALES = 1 << 20  # what a table's scales are multiplied by, to be whole numbers
BYTE = 128  # the bias of what is stored as a byte


def key_of(piece: str) -> int:
    """What a piece of a word is looked up by: 32 bits."""
    return fingerprint(piece) >> 32


class PlainVectors:
    """The table of word pieces."""

    def __init__(self, arrays: Arrays) -> None:
        self._pieces = Ordered(arrays.view("pieces", "I"))
        self._places = arrays.view("piece_rows", "I")
        self._rank = lru_cache(maxsize=20_000)(self._find)
        self._rows = _Rows(arrays, "vectors")

    def utterance(self, utterance: str) -> list[float]:
        """The direction of an utterance, or zeros."""
        pieces = [piece for word in utterance.split() for piece in split(word, self._rank)]
        ranks = [self._rank(piece) for piece in pieces]
        total = self._rows.sums([rank for rank in ranks if rank != UNKNOWN])
        length = math.sqrt(sum(value * value for value in total))
        return [value / length if length else 0.0 for value in total]

    def _find(self, piece: str) -> int:
        at = self._pieces.place(key_of(piece))
        return UNKNOWN if at is None else self._places[at]


class PlainNetwork:
    """One trained network."""

    def __init__(self, name: str, arrays: Arrays) -> None:
        kinds: list[str] = arrays.facts[name]
        self._tables = [(KINDS[kind], _Rows(arrays, f"{name}.{kind}")) for kind in kinds]
        self._hidden = _Layer(arrays, f"{name}.hidden")
        self._output = _Layer(arrays, f"{name}.output")

    def logits(self, utterance: str, vector: Sequence[float]) -> list[float]:
        """One number a label; larger is likelier."""
        inputs = [value * VECTOR_SCALE for value in vector]
        for features, rows in self._tables:
            found = [feature % rows.count for feature in features(utterance)]
            share = TABLE_SCALE / SCALES / max(len(found), 1)
            inputs += [value * share for value in rows.sums(found)]
        raised = [max(value, 0.0) for value in self._hidden.outputs(inputs)]
        return self._output.outputs(raised)


def plain_pooled(
    networks: Sequence[PlainNetwork], labels: int, utterance: str, vectors: PlainVectors
) -> list[float]:
    """`skill.understanding.classifier.pooled` for one utterance."""
    vector = vectors.utterance(utterance)
    probabilities = [_softmax(network.logits(utterance, vector)) for network in networks]
    return [
        math.exp(
            sum(math.log(share[label] + UNLIKELIEST) for share in probabilities)
            / len(probabilities)
        )
        for label in range(labels)
    ]


class _Rows:
    """A table of bytes with a scale for each row; only the rows that are asked for are read."""

    def __init__(self, arrays: Arrays, name: str) -> None:
        self._values = arrays.view(name)
        self._scales = arrays.view(f"{name}.scales", "I")
        self.count = len(self._scales)
        self._width = len(self._values) // self.count
        self._lanes = Lanes(self._width, BYTE, WIDE)

    def sums(self, rows: Sequence[int]) -> list[int]:
        """The sum of some rows, each times its scale."""
        width, values = self._width, self._values
        scales = [self._scales[row] for row in rows]
        return self._lanes.sums(
            scales, (row_of_bytes(values[row * width : (row + 1) * width]) for row in rows)
        )


class _Layer:
    """A matrix, one row an input, and a number that is added to each output."""

    def __init__(self, arrays: Arrays, name: str) -> None:
        facts = arrays.facts[name]
        self._added: list[float] = facts["added"]
        self._finely: int = facts["input_scale"]
        self._share = 1 / (self._finely * facts["weight_scale"])
        values, size = arrays.view(name), facts["lane"] * len(self._added)
        self._rows = [row_of(values[at : at + size]) for at in range(0, len(values), size)]
        self._lanes = Lanes(len(self._added), facts["bias"], facts["lane"])

    def outputs(self, inputs: Sequence[float]) -> list[float]:
        """What the layer makes of its inputs."""
        finely, share = self._finely, self._share
        sums = self._lanes.sums([round(value * finely) for value in inputs], self._rows)
        return [value * share + added for value, added in zip(sums, self._added, strict=True)]


def _softmax(logits: Sequence[float]) -> list[float]:
    most = max(logits)
    raised = [math.exp(logit - most) for logit in logits]
    total = sum(raised)
    return [value / total for value in raised]
