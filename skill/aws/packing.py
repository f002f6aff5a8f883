"""Writes what `skill.aws.packed` reads, from content and compiled models."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from skill.aws.packed import ARTICLE_FILE, LEARNED_FILE
from skill.content.article_json import article_to_json
from skill.content.loader import load_article
from skill.settings import Settings
from skill.understanding.arrays import arrays_file
from skill.understanding.classifier import Network
from skill.understanding.compiled import load_fresh
from skill.understanding.features import TABLE_SCALE, VECTOR_SCALE
from skill.understanding.model_file import MatcherModel
from skill.understanding.plain_network import BYTE, SCALES, key_of
from skill.understanding.word_vectors import Floats, WordVectors

_MOST = 127


@dataclass(frozen=True)
class Rounding:
    """How finely numbers are kept."""

    vectors: int  # of the word vectors' whole numbers every so many are used
    tables: int  # the same of the networks' tables
    layers: int  # bits of a layer's weights, beside the sign
    lane: int  # bytes in which a layer's sums are reckoned, 4 or 8


# They deflate to two thirds, and hardly a verdict changes (docs/lambda.md).
SHIPPED = Rounding(vectors=8, tables=3, layers=11, lane=4)


def write_packed(settings: Settings, folder: Path) -> None:
    """Write the two files; the same content gives the same bytes.

    Raises StaleError when the compiled matcher is older than the content.
    """
    words = WordVectors.load()
    learned = load_fresh(settings.content, settings.models, words)
    folder.mkdir(parents=True)
    article = load_article(settings.content)
    # What only the build needs.
    spoken = replace(article, outline={}, known_gaps=(), commands=(), rules={}, pronunciations={})
    (folder / ARTICLE_FILE).write_text(article_to_json(spoken), encoding="utf-8")
    (folder / LEARNED_FILE).write_bytes(packed_learned(learned, words, SHIPPED))


def packed_learned(learned: MatcherModel, words: WordVectors, rounding: Rounding) -> bytes:
    """The file that `skill.understanding.plain_learned` reads."""
    facts: dict[str, object] = {
        "labels": learned.labels,
        "names": learned.names,
        "words": learned.words,
    }
    # No two of these pieces share a key. Letters that are no piece have a piece's by chance, one in
    # some 150,000: longer keys would cost a hundred thousand bytes of the zip.
    keys = np.array([key_of(piece) for piece in words.pieces], np.uint32)
    order = np.argsort(keys, kind="stable")
    arrays = {
        "pairs": learned.pairs.astype("<u4").tobytes(),
        "samples": learned.samples.astype("<u8").tobytes(),
        "sample_labels": learned.sample_labels.astype("<u4").tobytes(),
        "pieces": keys[order].astype("<u4").tobytes(),
        "piece_rows": order.astype("<u4").tobytes(),
        **_table("vectors", words.values, words.scales, rounding.vectors),
    }
    names = [f"network{number}" for number in range(len(learned.networks))]
    facts["networks"] = names
    for name, network in zip(names, learned.networks, strict=True):
        facts[name] = network.kinds
        for kind, table, scales in zip(network.kinds, network.tables, network.scales, strict=True):
            arrays.update(_table(f"{name}.{kind}", table, scales, rounding.tables))
        for part, layer in _layers(network).items():
            facts[f"{name}.{part}"], arrays[f"{name}.{part}"] = _packed_layer(layer, rounding)
    return arrays_file(facts, arrays)


class _Bounded(NamedTuple):
    weights: NDArray[np.float64]  # (inputs, outputs)
    added: Floats  # (outputs,)
    most: NDArray[np.float64]  # (outputs,): no sum is larger, nor smaller than its negative


def _layers(network: Network) -> dict[str, _Bounded]:
    """Both, and how large their sums may become, whatever is asked."""
    hidden, output = network.hidden.astype(np.float64), network.output.astype(np.float64)
    start = len(hidden) - sum(table.shape[1] for table in network.tables)
    # A direction has length 1; and a mean of rows is nowhere larger than the largest.
    most = VECTOR_SCALE * np.linalg.norm(hidden[:start], axis=0)
    for table, scales in zip(network.tables, network.scales, strict=True):
        largest = TABLE_SCALE * np.abs(table * scales[:, None]).max(axis=0)
        most += largest @ np.abs(hidden[start : start + len(largest)])
        start += len(largest)
    raised = np.maximum(most + network.hidden_bias, 0)
    return {
        "hidden": _Bounded(hidden, network.hidden_bias, most),
        "output": _Bounded(output, network.output_bias, raised @ np.abs(output)),
    }


def _packed_layer(layer: _Bounded, rounding: Rounding) -> tuple[dict[str, object], bytes]:
    """Its facts and its rows, so that no sum outgrows its lane; raises ValueError if it would."""
    bias = 1 << rounding.layers
    scale = (bias - 1) / float(np.abs(layer.weights).max())
    whole = np.rint(layer.weights * scale)
    # A quarter of the lane, since rounding adds a little.
    room = (1 << 8 * rounding.lane - 2) / (scale * float(layer.most.max()))
    if room < 1:
        raise ValueError(f"{rounding.layers} bits of a weight: do not fit {rounding.lane} bytes")
    facts = {
        "input_scale": 1 << int(np.log2(room)),
        "weight_scale": scale,
        "bias": bias,
        "lane": rounding.lane,
        "added": layer.added.tolist(),
    }
    return facts, (whole + bias).astype(f"<u{rounding.lane}").tobytes()


def _table(name: str, values: NDArray[np.int8], scales: Floats, step: int) -> dict[str, bytes]:
    nearest = np.clip(np.rint(values.astype(np.float32) / step) * step, -_MOST, _MOST)
    return {
        name: (nearest + BYTE).astype(np.uint8).tobytes(),
        f"{name}.scales": np.rint(scales.astype(np.float64) * SCALES).astype("<u4").tobytes(),
    }
