"""What the skill keeps between turns and between sessions.

Both are read from any JSON data, however malformed: a request can hold anything.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from skill.content import Cue

STATE_VERSION = 2
LISTENER_VERSION = 1
MOST_HEARD = 100
_LONGEST_TEXT = 80  # characters; every name of ours is shorter
_LARGEST_NUMBER = 10_000


class OfferKind(StrEnum):
    """What "yes" leads to."""

    MORE = "more"  # the next part of the answer
    NEXT = "next"  # the next part of the article, while reading
    TOPICS = "topics"
    RESUME = "resume"  # reading goes on where it stopped
    ANSWER = "answer"


@dataclass(frozen=True)
class Offer:
    """What was offered; `answer` is the id of an offered answer."""

    kind: OfferKind
    answer: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.answer}" if self.answer else str(self.kind)

    @classmethod
    def parse(cls, text: str) -> Offer | None:
        """The offer that `str` wrote; None for any other text."""
        name, _, answer = text.partition(":")
        try:
            kind = OfferKind(name)
        except ValueError:
            return None
        return cls(kind, answer) if bool(answer) is (kind is OfferKind.ANSWER) else None

    @classmethod
    def of_answer(cls, answer: str) -> Offer | None:
        """The offer of an answer, by its id; None for ""."""
        return cls(OfferKind.ANSWER, answer) if answer else None


@dataclass(frozen=True)
class State:
    """Where a conversation stands; the reply follows from it alone, so "repeat" is easy."""

    cue: Cue = Cue.NONE
    answer: str = ""  # id of the last answer
    part: int = 0  # which of its parts, 0 for `says`
    previous_answer: str = ""  # the answer before that one
    offer: Offer | None = None
    alternative: str = ""  # the answer that "no" leads to after "did you mean A or B"
    choice: str = ""  # id of the choice whose slot was asked for
    refusal: str = ""  # the kind of refusal, where the cue is REFUSED
    reading: int = 0  # part of the article that is read, from 1; 0 when not reading
    resume_part: int = 0  # part where reading stopped last time, while resuming is offered
    topics: int = 0  # how many topics were listed
    misses: int = 0  # turns in a row that were not understood


@dataclass(frozen=True)
class Listener:
    """What is remembered of a listener between sessions."""

    welcomed: bool = False
    reading: int = 0  # part of the article where reading stopped; 0 for none
    heard: tuple[str, ...] = ()  # ids of the answers heard last, the latest at the end


_FRESH = State()


def state_to_attributes(state: State) -> dict[str, object]:
    """Session attributes: only what differs from a fresh state."""
    kept: dict[str, object] = {"v": STATE_VERSION}
    for field in fields(State):
        value = getattr(state, field.name)
        if value != getattr(_FRESH, field.name):
            kept[field.name] = value if isinstance(value, int) else str(value)
    return kept


def state_from_attributes(attributes: object) -> State:
    """The state in session attributes; a fresh one where they are malformed or another version."""
    if not isinstance(attributes, dict) or attributes.get("v") != STATE_VERSION:
        return State()
    known: dict[str, Any] = {}
    for field in fields(State):
        value, default = attributes.get(field.name), getattr(_FRESH, field.name)
        if field.name == "cue":
            known["cue"] = next((cue for cue in Cue if cue == value), Cue.NONE)
        elif field.name == "offer":
            known["offer"] = Offer.parse(value) if isinstance(value, str) else None
        elif _plausible(value, default):
            known[field.name] = value
    return State(**known)


def _plausible(value: Any, default: object) -> bool:
    """Whether a value has the type of the default and a sensible size."""
    if type(value) is not type(default):  # not isinstance: True is an int too
        return False
    if isinstance(value, str):
        return len(value) <= _LONGEST_TEXT
    return isinstance(value, int) and 0 <= value < _LARGEST_NUMBER


def listener_to_attributes(listener: Listener) -> dict[str, object]:
    """Persistent attributes of a listener."""
    return {
        "v": LISTENER_VERSION,
        "welcomed": listener.welcomed,
        "reading": listener.reading,
        "heard": list(listener.heard),
    }


def listener_from_attributes(attributes: object) -> Listener:
    """The listener in persistent attributes; an unknown one where they are malformed."""
    if not isinstance(attributes, dict) or attributes.get("v") != LISTENER_VERSION:
        return Listener()
    reading = attributes.get("reading")
    heard = attributes.get("heard")
    names = [name for name in heard if _plausible(name, "")] if isinstance(heard, list) else []
    return Listener(
        attributes.get("welcomed") is True,
        reading if isinstance(reading, int) and _plausible(reading, 0) else 0,
        tuple(names[-MOST_HEARD:]),
    )
