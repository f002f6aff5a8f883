from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.content import normalise, word_count


@pytest.mark.parametrize(
    ("utterance", "normalised"),
    [
        ("What is Tea?", "what is tea"),
        ("  much \t space\n", "much space"),
        ("what's tea", "what is tea"),
        ("What\u2019s tea", "what is tea"),
        ("what're teas", "what are teas"),
        ("I can't sleep", "i cannot sleep"),
        ("I can not sleep", "i cannot sleep"),
        ("it won't brew", "it will not brew"),
        ("it doesn't brew", "it does not brew"),
        ("I'm tired", "i am tired"),
        ("they've slept and we'll sleep", "they ve slept and we ll sleep"),
        ("Dr. Example", "doctor example"),
        ("doctor's tea", "doctor's tea"),
        ("'quoted' words", "quoted words"),
        ("well-known, so-called", "well known so called"),
        ("snake_case", "snake case"),
        ("\ufb01ne \uff34\uff25\uff21", "fine tea"),
        ("?!", ""),
    ],
)
def test_an_utterance_has_one_spelling(utterance: str, normalised: str) -> None:
    assert normalise(utterance) == normalised


@given(st.text(max_size=40))
def test_normalised_text_has_single_spaces_and_no_capitals(text: str) -> None:
    normalised = normalise(text)
    assert normalised == " ".join(normalised.split())
    assert not any("A" <= letter <= "Z" for letter in normalised)


def test_words_are_counted_as_they_are_heard() -> None:
    assert word_count("Dr. Example's tea isn't well-known.") == 7
