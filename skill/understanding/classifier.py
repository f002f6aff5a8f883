"""A small classifier of utterances: hashed features and word vectors in, one number a label out.

Every kind of feature has a table with a row a bucket; an utterance is the mean of its rows, beside
the direction of its words. One hidden layer follows. `skill.understanding.training` makes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skill.understanding.features import KINDS, TABLE_SCALE, UNLIKELIEST, VECTOR_SCALE
from skill.understanding.word_vectors import Floats, Vectors

_EVIDENCE = 0.5  # so much of what a label stands above the usual, beside the logarithm of its share


class Inputs:
    """What every network reads of some utterances, worked out once for all of them."""

    def __init__(self, utterances: Sequence[str], vectors: Vectors) -> None:
        self._utterances = utterances
        self._features: dict[str, list[NDArray[np.int64]]] = {}
        # (utterances, size)
        self.vectors: Floats = vectors.utterances(utterances)
        self.vectors *= VECTOR_SCALE

    def features(self, kind: str) -> list[NDArray[np.int64]]:
        """The features of one kind, one array an utterance."""
        found = self._features.get(kind)
        if found is None:
            found = [np.array(KINDS[kind](text), np.int64) for text in self._utterances]
            self._features[kind] = found
        return found


@dataclass(frozen=True)
class Network:
    """What training found. `tables` are rounded to a byte a value, with a scale for each row."""

    kinds: tuple[str, ...]
    tables: tuple[NDArray[np.int8], ...]  # one a kind: (buckets, width)
    scales: tuple[Floats, ...]  # one a kind: (buckets,)
    hidden: Floats  # (vector + kinds * width, hidden)
    hidden_bias: Floats
    output: Floats  # (hidden, labels)
    output_bias: Floats

    def logits(self, inputs: Inputs) -> Floats:
        """(utterances, labels); larger is likelier."""
        columns = [inputs.vectors]
        for kind, table, scales in zip(self.kinds, self.tables, self.scales, strict=True):
            mean = np.zeros((len(inputs.vectors), table.shape[1]), np.float32)
            for position, features in enumerate(inputs.features(kind)):
                if len(features):
                    rows = features % len(table)
                    mean[position] = scales[rows] @ table[rows].astype(np.float32)
                    mean[position] *= TABLE_SCALE / len(rows)
            columns.append(mean)
        raised = np.maximum(np.concatenate(columns, axis=1) @ self.hidden + self.hidden_bias, 0)
        logits: Floats = raised @ self.output + self.output_bias
        return logits

    def arrays(self, prefix: str) -> dict[str, NDArray[np.generic]]:
        """Everything by name, to be stored beside other networks'."""
        named: dict[str, NDArray[np.generic]] = {
            f"{prefix}.kinds": np.array(self.kinds),
            f"{prefix}.hidden": self.hidden.astype(np.float16),
            f"{prefix}.hidden_bias": self.hidden_bias.astype(np.float16),
            f"{prefix}.output": self.output.astype(np.float16),
            f"{prefix}.output_bias": self.output_bias.astype(np.float16),
        }
        for kind, table, scales in zip(self.kinds, self.tables, self.scales, strict=True):
            named[f"{prefix}.{kind}.table"] = table
            named[f"{prefix}.{kind}.scales"] = scales.astype(np.float16)
        return named

    @staticmethod
    def from_arrays(prefix: str, named: Mapping[str, NDArray[np.generic]]) -> Network:
        """What `arrays` gave; raises KeyError where something is missing."""

        def floats(name: str) -> Floats:
            return named[f"{prefix}.{name}"].astype(np.float32)

        kinds = tuple(str(kind) for kind in named[f"{prefix}.kinds"])
        return Network(
            kinds,
            tuple(named[f"{prefix}.{kind}.table"].astype(np.int8) for kind in kinds),
            tuple(floats(f"{kind}.scales") for kind in kinds),
            floats("hidden"),
            floats("hidden_bias"),
            floats("output"),
            floats("output_bias"),
        )


def softmax(logits: Floats) -> Floats:
    """Each row as probabilities."""
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities: Floats = raised / raised.sum(axis=1, keepdims=True)
    return probabilities


def pooled(
    networks: Sequence[Network], labels: int, utterances: Sequence[str], vectors: Vectors
) -> Floats:
    """The networks' geometric mean, (utterances, labels): what one alone believes counts little.

    It is left below a sum of 1 where they disagree, or where they believe in nothing that they
    were taught.
    """
    return _mean_share(_all_logits(networks, utterances, vectors), labels)


def believed(
    networks: Sequence[Network], labels: int, utterances: Sequence[str], vectors: Vectors
) -> tuple[Floats, Floats]:
    """What `pooled` gives, and how surely each utterance means anything that was taught.

    Shares alone tell little of that: they only weigh labels against each other. How far the best
    label stands above the usual is evidence of its own.
    """
    logits = _all_logits(networks, utterances, vectors)
    probabilities = _mean_share(logits, labels)
    above = [each[:, :labels] - each[:, :labels].mean(axis=1, keepdims=True) for each in logits]
    evidence = (np.sum(above, axis=0) / len(above)).max(axis=1)
    sureness: Floats = np.log(probabilities.max(axis=1)) + np.float32(_EVIDENCE) * evidence
    return probabilities, sureness


def _all_logits(
    networks: Sequence[Network], utterances: Sequence[str], vectors: Vectors
) -> list[Floats]:
    inputs = Inputs(utterances, vectors)
    return [network.logits(inputs) for network in networks]


def _mean_share(logits: Sequence[Floats], labels: int) -> Floats:
    logs = [np.log(softmax(each)[:, :labels] + UNLIKELIEST) for each in logits]
    probabilities: Floats = np.exp(np.sum(logs, axis=0) / len(logs)).astype(np.float32)
    return probabilities
