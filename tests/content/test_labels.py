from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.content import OUT_OF_DOMAIN, Label, LabelKind


@given(st.builds(Label, st.sampled_from(LabelKind), st.text(max_size=20)))
def test_a_label_is_read_back_as_written(label: Label) -> None:
    assert Label.parse(str(label)) == label


@pytest.mark.parametrize(
    ("label", "text"),
    [
        (Label.answer("green"), "answer:green"),
        (Label(LabelKind.COMMAND, "AMAZON.HelpIntent"), "command:AMAZON.HelpIntent"),
        (OUT_OF_DOMAIN, "out_of_domain"),
    ],
)
def test_a_label_is_written_as_kind_and_name(label: Label, text: str) -> None:
    assert str(label) == text


@pytest.mark.parametrize("text", ["", "green", "answers:green"])
def test_any_other_text_is_no_label(text: str) -> None:
    with pytest.raises(ValueError, match="is not a valid LabelKind"):
        Label.parse(text)
