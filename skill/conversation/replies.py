"""What is spoken back: sentences with their sources, reprompt, card, and SSML for the ear. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

from skill.content.model import Sentence

# Only phone numbers have three or more digits in a spoken frame; content spells numbers out.
_PHONE = re.compile(r"\b\d[\d ]+\d\b")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
# Compiled when first used: the skill itself never reads SSML.
_TAG = r"<[^>]*>"
_TELEPHONE = r'<say-as interpret-as="telephone">([^<]*)</say-as>'


class Card(NamedTuple):
    """What a device with a screen, or the companion app, shows."""

    title: str
    text: str


class Reply(NamedTuple):
    """One spoken answer. A reprompt means that it asks and the session stays open."""

    sentences: tuple[Sentence, ...]
    reprompt: str = ""
    card: Card | None = None
    answer: str = ""  # id of the answer that it tells, "" when it tells none

    @property
    def keeps_session_open(self) -> bool:
        """A question leaves the session open; everything else closes it."""
        return bool(self.reprompt)

    @property
    def speech(self) -> str:
        """All that is spoken, as plain text."""
        return " ".join(sentence.text for sentence in self.sentences)

    @property
    def sources(self) -> tuple[str, ...]:
        """The locators that back what is spoken, in order, each once."""
        return tuple(dict.fromkeys(source for s in self.sentences for source in s.sources))


def frame(*texts: str) -> tuple[Sentence, ...]:
    """Sentences of the spoken frame: they state nothing, so they have no source."""
    return tuple(Sentence(text, ()) for text in texts if text)


def to_ssml(text: str) -> str:
    """Plain text as SSML content: escaped, phone numbers spoken digit by digit."""
    return _PHONE.sub(
        lambda found: f'<say-as interpret-as="telephone">{found.group()}</say-as>',
        text.translate(_ESCAPES),
    )


def from_ssml(ssml: str) -> str:
    """What SSML says, as plain text."""
    # The skill itself never asks, and the table of HTML's names is slow to import.
    from html import unescape

    return " ".join(unescape(re.sub(_TAG, " ", re.sub(_TELEPHONE, r"\1", ssml))).split())
