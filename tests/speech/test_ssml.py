from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from skill.errors import EngineError
from skill.speech.synthesis.ssml import read_script
from tests.conftest import REPO

CASES = yaml.safe_load((REPO / "tests/speech/ssml.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["ssml"])
def test_ssml_becomes_words_and_pauses_and_lists_what_is_dropped(case: dict[str, Any]) -> None:
    script = read_script(case["ssml"])
    assert " ".join(piece.text for piece in script.pieces if piece.text) == case["text"]
    assert sum(piece.pause for piece in script.pieces) == pytest.approx(case.get("pause", 0))
    assert list(script.dropped) == case.get("drops", [])


@pytest.mark.parametrize("ssml", ["<speak>a & b</speak>", "<speak>a", "<speak><b></speak>"])
def test_malformed_ssml_is_an_error(ssml: str) -> None:
    with pytest.raises(EngineError, match="not well formed"):
        read_script(ssml)


@pytest.mark.parametrize("ssml", ["", "  ", "<speak></speak>", "<speak> <p/> </speak>"])
def test_nothing_to_say_is_an_error(ssml: str) -> None:
    with pytest.raises(EngineError, match="nothing to say"):
        read_script(ssml)


@given(st.text(max_size=60))
def test_any_text_is_a_script_or_an_error(text: str) -> None:
    for speech in (text, f"<speak>{text}</speak>"):
        try:
            script = read_script(speech)
        except EngineError as error:
            assert str(error).startswith(("SSML: ", "speech: "))  # noqa: PT017  # both are right
        else:
            if not {"<", "&"} & set(text):  # then all of it is words
                spoken = "".join(piece.text for piece in script.pieces)
                assert spoken.split() == text.split()


_TEXT = st.text("abc &<'é", min_size=1).filter(str.strip)
_TAG = st.sampled_from(["", "s", "p", "emphasis", "lang"])


@given(st.lists(st.tuples(_TEXT, _TAG), min_size=1))
def test_no_word_is_lost_and_none_is_added(texts: list[tuple[str, str]]) -> None:
    parts = [f"<{tag}>{escape(text)}</{tag}>" if tag else escape(text) for text, tag in texts]
    script = read_script(f"<speak>{' '.join(parts)}</speak>")
    spoken = " ".join(piece.text for piece in script.pieces)
    assert "".join(spoken.split()) == "".join("".join(text.split()) for text, _ in texts)
