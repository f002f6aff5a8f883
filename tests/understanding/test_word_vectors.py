from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from skill.errors import AskableError
from skill.understanding.classifier import load_vectors
from skill.understanding.classifier.word_vectors import WordVectors

VECTORS = WordVectors.load()


def test_an_utterance_is_a_vector_of_length_one_in_any_order_of_its_words() -> None:
    vector = VECTORS.utterance("green tea")
    assert vector.shape == (VECTORS.size,)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    assert np.allclose(vector, VECTORS.utterance("tea green"), atol=1e-6)
    both = VECTORS.utterances(["green tea", "black coffee"])
    assert both.shape == (2, VECTORS.size)
    assert np.array_equal(both[0], vector)


def test_like_words_have_like_vectors() -> None:
    tea, coffee, engine = (VECTORS.utterance(word) for word in ("tea", "coffee", "engine"))
    assert float(tea @ coffee) > float(tea @ engine)


def test_no_word_is_zeros_and_unknown_letters_add_nothing() -> None:
    assert not VECTORS.utterance("").any()
    assert np.array_equal(VECTORS.word("\u4e2d"), VECTORS.word("\u570b"))


def test_a_common_word_is_known_and_a_rare_one_is_made_of_pieces() -> None:
    assert VECTORS.knows("tea")
    assert not VECTORS.knows("oxytocin")
    assert VECTORS.word("oxytocin").any()


@pytest.mark.parametrize("content", [None, b"", b"not a zip", b"PK\x05\x06" + b"\0" * 18])
def test_a_damaged_table_is_reported(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "vectors.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(AskableError, match=r"vectors\.npz: cannot be read .*install askable again"):
        WordVectors.load(path)


def test_sentence_vectors_without_their_extra_say_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "safetensors.numpy", None)
    with pytest.raises(AskableError, match=r"--sentences: .*make sentences"):
        load_vectors(sentences=True)
