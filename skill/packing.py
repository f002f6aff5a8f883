"""Writes what `skill.packed` reads, from content and compiled models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from skill import vectors
from skill.article_json import article_to_json
from skill.compiled import load_matcher, load_vectors
from skill.content import load_article
from skill.learned import learned_file
from skill.packed import ARTICLE_FILE, LEARNED_FILE, VECTORS_FILE
from skill.settings import Settings

# Only every so many whole numbers are used: they deflate to two thirds, and hardly a verdict
# changes (docs/lambda.md).
_VECTOR_STEP = 8
_TABLE_STEP = 3
_MOST = 127


def write_packed(settings: Settings, folder: Path) -> None:
    """Write the three files; the same content gives the same bytes.

    Raises StaleError when the compiled matcher is older than the content.
    """
    words = load_vectors(sentences=False)
    load_matcher(settings.content, settings.models, words)
    folder.mkdir(parents=True)
    article = load_article(settings.content)
    # What only the build needs.
    spoken = replace(article, outline={}, silences=(), controls=(), rules={}, pronunciations={})
    (folder / ARTICLE_FILE).write_text(article_to_json(spoken), encoding="utf-8")
    learned = _arrays(settings.models / learned_file(words))
    _write(folder / LEARNED_FILE, learned, ".table", _TABLE_STEP)
    _write(folder / VECTORS_FILE, _arrays(vectors.FILE), "values", _VECTOR_STEP)


def _arrays(path: Path) -> dict[str, NDArray[np.generic]]:
    with np.load(path) as stored:
        return {name: stored[name] for name in stored.files}


def _write(path: Path, arrays: Mapping[str, NDArray[np.generic]], end: str, step: int) -> None:
    """Not compressed, and the layers' halves as single floats, so that it is read fast."""
    packed = {
        name: _rounded(array, step) if name.endswith(end) else _readable(array)
        for name, array in arrays.items()
    }
    np.savez(path, allow_pickle=False, **packed)


def _readable(array: NDArray[np.generic]) -> NDArray[np.generic]:
    return array.astype(np.float32) if array.dtype == np.float16 and array.ndim == 2 else array


def _rounded(values: NDArray[np.generic], step: int) -> NDArray[np.int8]:
    nearest = np.rint(values.astype(np.float32) / step) * step
    rounded: NDArray[np.int8] = np.clip(nearest, -_MOST, _MOST).astype(np.int8)
    return rounded
