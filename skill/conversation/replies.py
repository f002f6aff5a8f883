"""A reply: what is spoken, with sources, reprompt and card."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from skill.content import Sentence

# Only phone numbers have three or more digits in a prompt; content spells numbers out.
_PHONE = re.compile(r"\b\d[\d ]+\d\b")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_TAG = re.compile(r"<[^>]*>")
_TELEPHONE = re.compile(r'<say-as interpret-as="telephone">([^<]*)</say-as>')


@dataclass(frozen=True)
class Card:
    """What a device with a screen, or the companion app, shows."""

    title: str
    text: str


@dataclass(frozen=True)
class Reply:
    """One spoken reply; with a reprompt it is a question and the session stays open."""

    sentences: tuple[Sentence, ...]
    reprompt: str = ""
    card: Card | None = None
    answer: str = ""  # id of the answer that it gives; "" for none

    @property
    def keeps_session_open(self) -> bool:
        """Whether the skill waits for another turn."""
        return bool(self.reprompt)

    @property
    def speech(self) -> str:
        """Everything that is spoken, as plain text."""
        return " ".join(sentence.text for sentence in self.sentences)

    @property
    def sources(self) -> tuple[str, ...]:
        """The locators that back what is spoken, in order, each once."""
        return tuple(dict.fromkeys(source for s in self.sentences for source in s.sources))


def frame(*texts: str) -> tuple[Sentence, ...]:
    """Sentences around the answers: they state nothing, so they have no source."""
    return tuple(Sentence(text, ()) for text in texts if text)


def to_ssml(text: str) -> str:
    """Plain text as SSML content: escaped, phone numbers spoken digit by digit."""
    return _PHONE.sub(
        lambda found: f'<say-as interpret-as="telephone">{found.group()}</say-as>',
        text.translate(_ESCAPES),
    )


def from_ssml(ssml: str) -> str:
    """The words of SSML, as plain text."""
    return " ".join(unescape(_TAG.sub(" ", _TELEPHONE.sub(r"\1", ssml))).split())
