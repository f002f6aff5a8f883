"""Rules for what the skill answers: sizes, and sessions that are open where it asks. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from skill.alexa.exchange import Exchange
from skill.alexa.rules.ssml import SSML_RULES
from skill.alexa.rules.table import (
    BUILT_IN,
    FUNCTIONAL_TESTS,
    JSON_INTERFACE,
    POLICY,
    VOICE_TESTS,
    Fault,
    Rule,
)

_MOST_ON_CARD = 8_000  # characters of title and text
_LARGE, _TOO_LARGE = 24_000, 120_000  # bytes
_MOST_SECONDS = 8  # told and no more: how slow this machine is says little of where the skill runs
# The last sentence asks, or says what to say.
_ASKS = re.compile(r"\?$|\b(?:ask|say|tell me|try|choose)\b[^.?!]*[.!]$", re.IGNORECASE)
_CLOSING = ("AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.NavigateHomeIntent")
_AT_A_LOSS = ("", "unknown_request", "trouble")
_CAN_BE_SAID = re.compile(r"\b(?:ask|say)\b", re.IGNORECASE)
_DISCLAIMER = "not medical advice"


def _speaks(exchange: Exchange) -> Iterator[Fault]:
    if exchange.request_type != "SessionEndedRequest" and not exchange.speech:
        yield Fault(f"{_asked(exchange)} gets no speech")


def _silent_at_the_end(exchange: Exchange) -> Iterator[Fault]:
    if exchange.request_type == "SessionEndedRequest" and not exchange.is_silent:
        yield Fault("SessionEndedRequest gets an answer; it must get none")


def _card(exchange: Exchange) -> Iterator[Fault]:
    length = len(exchange.card.title) + len(exchange.card.text) if exchange.card else 0
    if length > _MOST_ON_CARD:
        yield Fault(f"the card has {length} characters, over {_MOST_ON_CARD:,}")


def _size(exchange: Exchange) -> Iterator[Fault]:
    if exchange.size > _TOO_LARGE:
        yield Fault(f"the response has {exchange.size} bytes, over {_TOO_LARGE:,}")


def _size_once(exchange: Exchange) -> Iterator[Fault]:
    if _LARGE < exchange.size <= _TOO_LARGE:
        yield Fault(f"the response has {exchange.size} bytes, over {_LARGE:,}")


def _in_time(exchange: Exchange) -> Iterator[Fault]:
    if exchange.seconds > _MOST_SECONDS:
        yield Fault(f"{_asked(exchange)} was answered after {exchange.seconds:.0f} s, over 8 s")


def _reprompt(exchange: Exchange) -> Iterator[Fault]:
    if exchange.session_open and not exchange.reprompt:
        yield Fault(f'"{_last(exchange.speech)}" waits without a reprompt', exchange.speech)
    if not exchange.session_open and exchange.reprompt:
        yield Fault(
            f'"{_last(exchange.reprompt)}" reprompts in a closed session', exchange.reprompt
        )


def _open_asks(exchange: Exchange) -> Iterator[Fault]:
    if not exchange.session_open:
        return
    for words in filter(None, (exchange.speech, exchange.reprompt)):
        if not _ASKS.search(words):
            what = f'"{_last(words)}" leaves the session open and asks nothing; end on a question'
            yield Fault(what, words)


def _closed_question(exchange: Exchange) -> Iterator[Fault]:
    if not exchange.session_open and "?" in exchange.speech:
        what = f'"{_last(exchange.speech)}" asks and closes the session; take the question out'
        yield Fault(what, exchange.speech)


def _launch(exchange: Exchange) -> Iterator[Fault]:
    if exchange.request_type != "LaunchRequest":
        return
    if not exchange.session_open:
        yield Fault("a launch closes the session; it must wait for a question", exchange.speech)
    if not _CAN_BE_SAID.search(f"{exchange.speech} {exchange.reprompt}"):
        yield Fault("a launch does not tell what can be asked", exchange.speech)


def _first_launch(exchange: Exchange) -> Iterator[Fault]:
    """Whoever checks is a new listener at every launch."""
    if exchange.request_type == "LaunchRequest" and _DISCLAIMER not in exchange.speech:
        yield Fault(f'the first welcome does not say "{_DISCLAIMER}"', exchange.speech)


def _help(exchange: Exchange) -> Iterator[Fault]:
    if exchange.intent != "AMAZON.HelpIntent":
        return
    if not exchange.session_open:
        yield Fault("help closes the session; it must wait for a question", exchange.speech)
    if not _CAN_BE_SAID.search(exchange.speech):
        yield Fault("help does not tell what can be said", exchange.speech)


def _stop(exchange: Exchange) -> Iterator[Fault]:
    if exchange.intent in _CLOSING and exchange.session_open:
        yield Fault(f"{exchange.intent} leaves the session open", exchange.speech)


def _built_in(exchange: Exchange) -> Iterator[Fault]:
    repeats = exchange.intent == "AMAZON.RepeatIntent"  # also of what was said at a loss
    if exchange.intent.startswith("AMAZON.") and not repeats and exchange.cue in _AT_A_LOSS:
        yield Fault(f"{exchange.intent} is not handled", exchange.speech)


def _asked(exchange: Exchange) -> str:
    return exchange.intent or exchange.request_type


def _last(words: str) -> str:
    return re.split(r"(?<=[.?!]) ", words)[-1]


SPEECH_RULES: tuple[Rule[Exchange], ...] = (
    *SSML_RULES,
    Rule(
        "card-length",
        "how long card title and text are",
        "8,000 characters",
        JSON_INTERFACE,
        True,
        _card,
    ),
    Rule("response-size", "how large a response is", "120 kB", JSON_INTERFACE, False, _size),
    Rule(
        "response-size-once",
        "what it was held to before",
        "24 kB",
        JSON_INTERFACE,
        True,
        _size_once,
        warns=True,
    ),
    Rule(
        "response-time",
        "how soon the skill answers",
        "8 s",
        JSON_INTERFACE,
        True,
        _in_time,
        warns=True,
    ),
    Rule(
        "speaks",
        "every request but the session's end is answered",
        "-",
        FUNCTIONAL_TESTS,
        True,
        _speaks,
    ),
    Rule(
        "session-ended",
        "the session's end is not answered",
        "0",
        JSON_INTERFACE,
        True,
        _silent_at_the_end,
    ),
    Rule(
        "reprompt",
        "a reprompt where the session stays open, and nowhere else",
        "-",
        VOICE_TESTS,
        True,
        _reprompt,
    ),
    Rule(
        "open-asks",
        "an open session ends on a question or says what to say",
        "-",
        VOICE_TESTS,
        True,
        _open_asks,
    ),
    Rule(
        "closed-question",
        "no question with a closed session",
        "0",
        VOICE_TESTS,
        True,
        _closed_question,
    ),
    Rule("launch", "a launch says what can be asked and waits", "-", VOICE_TESTS, True, _launch),
    Rule(
        "first-launch",
        "the first welcome carries the disclaimer",
        "-",
        POLICY,
        False,
        _first_launch,
    ),
    Rule("help", "help says what can be said and waits", "-", VOICE_TESTS, True, _help),
    Rule("stop", "stop, cancel and go home close the session", "-", VOICE_TESTS, True, _stop),
    Rule(
        "handled", "every built-in intent gets an answer of its own", "-", BUILT_IN, True, _built_in
    ),
)
