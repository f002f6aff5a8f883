from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.simulator import Runtime
from skill.speech.recognition.transcript import LEFT_OUT, utterance_of

RUDE = "".join(map(chr, (102, 117, 99, 107)))


@pytest.mark.parametrize(
    ("transcript", "utterance"),
    [
        (" What is Green Tea?", "what is green tea"),
        ("Call 911!", "call nine one one"),
        ("I need 988.", "i need nine eight eight"),
        ("Read me part 2, then 13 and 42.", "read me part two then thirteen and forty two"),
        ("After 0, 07 and 20", "after zero zero seven and twenty"),
        ("Is it gone after 1,200 seconds?", "is it gone after one two zero zero seconds"),
        ("Vitamin B12", "vitamin b12"),
        ("", ""),
        (" ... ♪", ""),
        ("Спасибо", ""),
        ("what is это", "what is …"),
    ],
)
def test_a_transcript_becomes_an_utterance(transcript: str, utterance: str) -> None:
    assert utterance_of(transcript, ()) == utterance


def test_indecent_words_are_left_out() -> None:
    assert utterance_of(f"What the {RUDE} is tea?", ()) == f"what the {LEFT_OUT} is tea"
    assert utterance_of(f"{RUDE}ing {RUDE}", ()) == ""
    assert utterance_of("assess the peacock, dickens", ()) == "assess the peacock dickens"


def test_the_content_s_own_words_are_kept() -> None:
    assert utterance_of(RUDE, {RUDE}) == RUDE


def test_no_sample_loses_a_word(runtime: Runtime) -> None:
    for _, utterance in runtime.nlu.utterances():
        assert utterance_of(utterance, ()) == utterance


@given(st.text(max_size=60) | st.text("0129, a…é", max_size=20))
def test_any_text_becomes_words_without_numbers(transcript: str) -> None:
    utterance = utterance_of(transcript, ())
    words = utterance.split()
    assert utterance == " ".join(words)
    assert all(word == LEFT_OUT or (word.isascii() and not word.isdigit()) for word in words)
    assert not words or set(words) != {LEFT_OUT}
    if LEFT_OUT not in words:
        assert utterance_of(utterance, ()) == utterance
