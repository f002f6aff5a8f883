"""What the skill keeps between turns: small, and readable from any malformed shape. Pure."""

from __future__ import annotations

from typing import Any, NamedTuple

VERSION = 1
MOST_HEARD = 100
_LONGEST_TEXT = 80  # a name of ours is shorter; anything longer is not ours


class State(NamedTuple):
    """Where a conversation stands; the reply follows from it alone, so "repeat" says it again."""

    cue: str = ""  # what was said last: a name that dialogue can render
    answer: str = ""  # id of the answer told last
    part: int = 0  # which of its parts, 0 for `says`
    before: str = ""  # the answer told before that one
    offer: str = ""  # what "yes" means: more, next, topics, resume or answer:<id>
    other: str = ""  # what "no" means after "did you mean A or B": answer:<id>
    choice: str = ""  # id of the choice that was asked for
    reading: int = 0  # part of the article being read, from 1; 0 when not reading
    stopped: int = 0  # part where reading stopped last time, while going on from it is offered
    topics: int = 0  # how many topics have been told
    misses: int = 0  # turns in a row that were not understood
    declined: int = 0  # offers in a row that were turned down


_FRESH = State()._asdict()


class Listener(NamedTuple):
    """What is remembered of a listener between sessions."""

    welcomed: bool = False
    reading: int = 0  # part of the article where reading stopped; 0 for none
    heard: tuple[str, ...] = ()  # ids of the answers told last, the latest at the end


def state_to_attributes(state: State) -> dict[str, object]:
    """Session attributes: only what differs from a fresh state."""
    kept = {name: value for name, value in state._asdict().items() if value != _FRESH[name]}
    return {"v": VERSION, **kept}


def state_from_attributes(attributes: object) -> State:
    """The state in session attributes; a fresh one where they are malformed or of another shape."""
    if not isinstance(attributes, dict) or attributes.get("v") != VERSION:
        return State()
    known: dict[str, Any] = {}
    for name, default in _FRESH.items():
        value = attributes.get(name)
        if type(value) is type(default) and _plausible(value):
            known[name] = value
    return State(**known)


def _plausible(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= _LONGEST_TEXT
    return isinstance(value, int) and 0 <= value < 10_000


def listener_to_attributes(listener: Listener) -> dict[str, object]:
    """Persistent attributes of a listener."""
    return {
        "v": VERSION,
        "welcomed": listener.welcomed,
        "reading": listener.reading,
        "heard": list(listener.heard),
    }


def listener_from_attributes(attributes: object) -> Listener:
    """The listener in persistent attributes; an unknown one where they are malformed."""
    if not isinstance(attributes, dict) or attributes.get("v") != VERSION:
        return Listener()
    reading = attributes.get("reading")
    part = reading if type(reading) is int and _plausible(reading) else 0  # True is an int too
    heard = attributes.get("heard")
    known = [
        name
        for name in (heard if isinstance(heard, list) else ())
        if isinstance(name, str) and len(name) <= _LONGEST_TEXT
    ]
    return Listener(attributes.get("welcomed") is True, part, tuple(known[-MOST_HEARD:]))
