from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.content import Sentence
from skill.conversation import Reply, frame, from_ssml, to_ssml

# XML has no control characters, and content is one line of text.
_TEXT = st.text(st.characters(exclude_categories=["C"]), max_size=60).map(
    lambda text: " ".join(text.split())
)


@given(_TEXT)
def test_text_is_read_back_from_ssml(text: str) -> None:
    assert from_ssml(to_ssml(text)) == text


@given(_TEXT)
def test_ssml_is_well_formed(text: str) -> None:
    speak = ElementTree.fromstring(f"<speak>{to_ssml(text)}</speak>")
    assert "".join(speak.itertext()) == text


def test_signs_of_xml_are_escaped() -> None:
    assert to_ssml("a < b & c > d") == "a &lt; b &amp; c &gt; d"


@pytest.mark.parametrize("phone", ["911", "988", "116 123", "13 11 14", "14416"])
def test_a_phone_number_is_spoken_digit_by_digit(phone: str) -> None:
    spoken = f'<say-as interpret-as="telephone">{phone}</say-as>'
    assert to_ssml(f"Call {phone} now.") == f"Call {spoken} now."


@pytest.mark.parametrize("text", ["Part 2 of 24.", "In 12 parts.", "b2b"])
def test_other_numbers_are_spoken_as_numbers(text: str) -> None:
    assert to_ssml(text) == text


def test_tags_separate_words() -> None:
    assert from_ssml("<speak>one<break/>two</speak>") == "one two"


def test_a_reply_lists_each_source_once_in_the_order_of_its_sentences() -> None:
    reply = Reply(
        (
            *frame("Well."),
            Sentence("One.", ("p2.s1", "p1.s1")),
            Sentence("Two.", ("p1.s1", "p3.s1")),
        )
    )
    assert reply.speech == "Well. One. Two."
    assert reply.sources == ("p2.s1", "p1.s1", "p3.s1")


def test_empty_texts_are_no_sentences() -> None:
    assert frame("", "Well.", "") == (Sentence("Well.", ()),)


def test_a_reply_with_a_reprompt_keeps_the_session_open() -> None:
    assert Reply(frame("What?"), "What?").keeps_session_open
    assert not Reply(frame("Goodbye.")).keeps_session_open
