"""A small neural network that classifies utterances.

Every kind of feature has a table with a row for each bucket. An utterance is the mean of its rows
and the direction of its words; one hidden layer follows. `network_training` trains it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skill.understanding.classifier.features import KINDS
from skill.understanding.classifier.word_vectors import Floats, Vectors

# What brings the means of table rows and the word vectors to a size that trains well; tuned on
# CLINC150's validation part, which `python -m bench.clinc` reads.
TABLE_SCALE = 4.0
VECTOR_SCALE = 4.0
_WEIGHTS = ("hidden", "hidden_bias", "output", "output_bias")  # fields of a network
_SMALLEST = 1e-7  # added to each probability before its logarithm is taken


class Inputs:
    """What every network reads of some utterances, computed once for all networks."""

    def __init__(self, utterances: Sequence[str], vectors: Vectors) -> None:
        self._utterances = utterances
        self._features: dict[str, list[NDArray[np.int64]]] = {}
        # (utterances, size)
        self.vectors: Floats = vectors.utterances(utterances)
        self.vectors *= VECTOR_SCALE

    def features(self, kind: str) -> list[NDArray[np.int64]]:
        """The features of one kind, one array for each utterance."""
        found = self._features.get(kind)
        if found is None:
            found = [np.array(KINDS[kind](text), np.int64) for text in self._utterances]
            self._features[kind] = found
        return found


@dataclass(frozen=True)
class Network:
    """A trained network; `tables` hold a byte for each value, with a scale for each row."""

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
        """Everything by name, to be stored with other networks."""
        named: dict[str, NDArray[np.generic]] = {f"{prefix}.kinds": np.array(self.kinds)}
        for name in _WEIGHTS:
            named[f"{prefix}.{name}"] = getattr(self, name).astype(np.float16)
        for kind, table, scales in zip(self.kinds, self.tables, self.scales, strict=True):
            named[f"{prefix}.{kind}.table"] = table
            named[f"{prefix}.{kind}.scales"] = scales.astype(np.float16)
        return named

    @staticmethod
    def from_arrays(prefix: str, named: Mapping[str, NDArray[np.generic]]) -> Network:
        """What `arrays` gave; raises KeyError where something is missing."""
        kinds = tuple(str(kind) for kind in named[f"{prefix}.kinds"])
        return Network(
            kinds,
            tuple(named[f"{prefix}.{kind}.table"].astype(np.int8) for kind in kinds),
            tuple(named[f"{prefix}.{kind}.scales"].astype(np.float32) for kind in kinds),
            *(named[f"{prefix}.{name}"].astype(np.float32) for name in _WEIGHTS),
        )


def softmax(logits: Floats) -> Floats:
    """Each row as probabilities."""
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities: Floats = raised / raised.sum(axis=1, keepdims=True)
    return probabilities


def mean_probabilities(
    networks: Sequence[Network], labels: int, utterances: Sequence[str], vectors: Vectors
) -> Floats:
    """The geometric mean of the networks' probabilities, (utterances, labels).

    A row adds up to less than 1 where the networks disagree.
    """
    inputs = Inputs(utterances, vectors)
    logits = [network.logits(inputs) for network in networks]
    logs = [np.log(softmax(each)[:, :labels] + _SMALLEST) for each in logits]
    probabilities: Floats = np.exp(np.sum(logs, axis=0) / len(logs)).astype(np.float32)
    return probabilities
