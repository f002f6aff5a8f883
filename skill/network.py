"""A small classifier of utterances: hashed features and word vectors in, one number a label out.

Every kind of feature has a table with a row a bucket; an utterance is the mean of its rows, beside
the direction of its words. One hidden layer follows. `skill.training` makes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skill.features import KINDS
from skill.vectors import Floats, Vectors

# What brings the means of table rows and the word vectors to a size that learns well; found on
# CLINC150's validation part by bench/understanding.py.
TABLE_SCALE = 4.0
VECTOR_SCALE = 4.0


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

    def logits(self, utterances: Sequence[str], vectors: Vectors) -> Floats:
        """(utterances, labels); larger is likelier."""
        columns = [np.stack([vectors.utterance(text) for text in utterances]) * VECTOR_SCALE]
        for kind, table, scales in zip(self.kinds, self.tables, self.scales, strict=True):
            features = KINDS[kind]
            mean = np.zeros((len(utterances), table.shape[1]), np.float32)
            for position, text in enumerate(utterances):
                rows = np.array(features(text), np.int64) % len(table)
                if len(rows):
                    mean[position] = scales[rows] @ table[rows].astype(np.float32) / len(rows)
            columns.append(mean * TABLE_SCALE)
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
    shares: Floats = raised / raised.sum(axis=1, keepdims=True)
    return shares


def pooled(
    networks: Sequence[Network], labels: int, utterances: Sequence[str], vectors: Vectors
) -> Floats:
    """The networks' geometric mean, (utterances, labels): what one alone believes counts little.

    It is left below a sum of 1 where they disagree, or where they believe in nothing that they
    were taught; that lack is what tells the unknown from the known.
    """
    logs = [
        np.log(softmax(network.logits(utterances, vectors))[:, :labels] + 1e-7)
        for network in networks
    ]
    shares: Floats = np.exp(np.sum(logs, axis=0) / len(logs)).astype(np.float32)
    return shares
