"""Rules for the skill's responses: SSML, sizes, and sessions that stay open for a question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree

from skill.alexa.exchange import Exchange
from skill.alexa.rules.base import (
    BUILT_IN,
    FUNCTIONAL_TESTS,
    JSON_INTERFACE,
    POLICY,
    SSML,
    VOICE_TESTS,
    Fault,
    Rule,
    rule,
)

_MOST_CHARACTERS = 8_000  # of speech, of a reprompt, and of a card's title and text together
_LONGEST_BREAK = 10_000  # milliseconds
_LARGE, _TOO_LARGE = 24_000, 120_000  # bytes
_MOST_SECONDS = 8  # only a warning: the skill runs on another machine than this one
_XML = "{http://www.w3.org/XML/1998/namespace}"
_AMAZON = "amazon"
# Each tag of the subset that Alexa supports, and its attributes.
_TAGS: Mapping[str, str] = {
    "speak": "",
    "amazon:domain": "name",
    "amazon:effect": "name",
    "amazon:emotion": "name intensity",
    "audio": "src",
    "break": "strength time",
    "emphasis": "level",
    "lang": "xml:lang",
    "p": "",
    "phoneme": "alphabet ph",
    "prosody": "rate pitch volume",
    "s": "",
    "say-as": "interpret-as format",
    "sub": "alias",
    "voice": "name",
    "w": "role",
}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s)")
# The last sentence asks, or says what the listener can say.
_ASKS = re.compile(r"\?$|\b(?:ask|say|tell me|try|choose)\b[^.?!]*[.!]$", re.IGNORECASE)
_SUGGESTS = re.compile(r"\b(?:ask|say)\b", re.IGNORECASE)
_CLOSING = ("AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.NavigateHomeIntent")
_UNHANDLED_CUES = ("", "unknown_request", "trouble")
_DISCLAIMER = "not medical advice"


@rule("ssml-xml", "speech is well-formed XML, its text escaped", "<speak>", SSML)
def _well_formed(exchange: Exchange) -> Iterator[Fault]:
    for ssml in _speeches(exchange):
        root = _parse(ssml)
        if root is None:
            yield Fault(f'"{ssml[:60]}" is not well-formed XML; escape & and <')
        elif root.tag != "speak":
            yield Fault(f'"{ssml[:60]}" is not inside <speak>')


@rule("ssml-tags", "tags and attributes that Alexa supports", "16 tags", SSML)
def _known_tags(exchange: Exchange) -> Iterator[Fault]:
    for element in _elements(exchange):
        tag = _plain(element.tag)
        if tag not in _TAGS:
            yield Fault(f"Alexa does not support <{tag}>")
            continue
        for name in sorted(set(map(_plain, element.attrib)) - set(_TAGS[tag].split())):
            yield Fault(f'<{tag}> has no attribute "{name}"')


@rule("ssml-break", "length of a break", "10 s", SSML)
def _breaks(exchange: Exchange) -> Iterator[Fault]:
    for element in _elements(exchange):
        time = element.get("time") if element.tag == "break" else None
        if time is None:
            continue
        found = _DURATION.fullmatch(time)
        if not found:
            yield Fault(f'<break time="{time}"> is not a time in s or ms')
        elif float(found[1]) * (1_000 if found[2] == "s" else 1) > _LONGEST_BREAK:
            yield Fault(f'<break time="{time}"> is over 10 s')


@rule("speech-length", "length of speech and reprompt", "8,000 characters", JSON_INTERFACE)
def _speech_length(exchange: Exchange) -> Iterator[Fault]:
    for ssml in _speeches(exchange):
        if len(ssml) > _MOST_CHARACTERS:
            yield Fault(f'"{ssml[:60]}…" has {len(ssml)} characters, over {_MOST_CHARACTERS:,}')


@rule("card-length", "length of a card's title and text", "8,000 characters", JSON_INTERFACE)
def _card_length(exchange: Exchange) -> Iterator[Fault]:
    length = len(exchange.card.title) + len(exchange.card.text) if exchange.card else 0
    if length > _MOST_CHARACTERS:
        yield Fault(f"the card has {length} characters, over {_MOST_CHARACTERS:,}")


@rule("response-size", "size of a response", "120 kB", JSON_INTERFACE, confirmed=False)
def _size(exchange: Exchange) -> Iterator[Fault]:
    if exchange.size > _TOO_LARGE:
        yield Fault(f"the response has {exchange.size} bytes, over {_TOO_LARGE:,}")


@rule("response-size-once", "the former limit of the size", "24 kB", JSON_INTERFACE, warns=True)
def _former_size(exchange: Exchange) -> Iterator[Fault]:
    if _LARGE < exchange.size <= _TOO_LARGE:
        yield Fault(f"the response has {exchange.size} bytes, over {_LARGE:,}")


@rule("response-time", "time until the skill answers", "8 s", JSON_INTERFACE, warns=True)
def _time(exchange: Exchange) -> Iterator[Fault]:
    if exchange.seconds > _MOST_SECONDS:
        yield Fault(f"{exchange.name} was answered after {exchange.seconds:.0f} s, over 8 s")


@rule("speaks", "every request except the session's end gets speech", "-", FUNCTIONAL_TESTS)
def _speaks(exchange: Exchange) -> Iterator[Fault]:
    if exchange.request_type != "SessionEndedRequest" and not exchange.speech:
        yield Fault(f"{exchange.name} gets no speech")


@rule("session-ended", "the session's end gets no speech", "0", JSON_INTERFACE)
def _session_ended(exchange: Exchange) -> Iterator[Fault]:
    if exchange.request_type == "SessionEndedRequest" and not exchange.is_silent:
        yield Fault("SessionEndedRequest gets an answer; it must get none")


@rule("reprompt", "a reprompt if and only if the session stays open", "-", VOICE_TESTS)
def _reprompt(exchange: Exchange) -> Iterator[Fault]:
    if exchange.session_open and not exchange.reprompt:
        what = f'"{_last(exchange.speech)}" leaves the session open without a reprompt'
        yield Fault(what, exchange.speech)
    if not exchange.session_open and exchange.reprompt:
        what = f'"{_last(exchange.reprompt)}" is the reprompt of a closed session'
        yield Fault(what, exchange.reprompt)


@rule("open-asks", "an open session ends on a question or says what to say", "-", VOICE_TESTS)
def _open_asks(exchange: Exchange) -> Iterator[Fault]:
    if not exchange.session_open:
        return
    for words in filter(None, (exchange.speech, exchange.reprompt)):
        if not _ASKS.search(words):
            what = f'"{_last(words)}" leaves the session open and asks nothing; end on a question'
            yield Fault(what, words)


@rule("closed-question", "a closed session does not end on a question", "0", VOICE_TESTS)
def _closed_question(exchange: Exchange) -> Iterator[Fault]:
    if not exchange.session_open and "?" in exchange.speech:
        what = f'"{_last(exchange.speech)}" asks and closes the session; remove the question'
        yield Fault(what, exchange.speech)


@rule("launch", "a launch says what can be asked and waits", "-", VOICE_TESTS)
def _launch(exchange: Exchange) -> Iterator[Fault]:
    if exchange.request_type == "LaunchRequest":
        yield from _suggests(exchange, "a launch", f"{exchange.speech} {exchange.reprompt}")


@rule("first-launch", "the first welcome has the disclaimer", "-", POLICY, confirmed=False)
def _first_launch(exchange: Exchange) -> Iterator[Fault]:
    # The check is a new listener at every launch.
    if exchange.request_type == "LaunchRequest" and _DISCLAIMER not in exchange.speech:
        yield Fault(f'the first welcome does not say "{_DISCLAIMER}"', exchange.speech)


@rule("help", "help says what can be said and waits", "-", VOICE_TESTS)
def _help(exchange: Exchange) -> Iterator[Fault]:
    if exchange.intent == "AMAZON.HelpIntent":
        yield from _suggests(exchange, "help", exchange.speech)


@rule("stop", "stop, cancel and go home close the session", "-", VOICE_TESTS)
def _stop(exchange: Exchange) -> Iterator[Fault]:
    if exchange.intent in _CLOSING and exchange.session_open:
        yield Fault(f"{exchange.intent} leaves the session open", exchange.speech)


@rule("handled", "every built-in intent has its own answer", "-", BUILT_IN)
def _handled(exchange: Exchange) -> Iterator[Fault]:
    repeats = exchange.intent == "AMAZON.RepeatIntent"  # it can repeat an unhandled request
    if exchange.intent.startswith("AMAZON.") and not repeats and exchange.cue in _UNHANDLED_CUES:
        yield Fault(f"{exchange.intent} is not handled", exchange.speech)


def _suggests(exchange: Exchange, name: str, words: str) -> Iterator[Fault]:
    if not exchange.session_open:
        yield Fault(f"{name} closes the session; it must wait for a question", exchange.speech)
    if not _SUGGESTS.search(words):
        yield Fault(f"{name} does not say what can be asked", exchange.speech)


def _speeches(exchange: Exchange) -> Iterator[str]:
    yield from filter(None, (exchange.ssml, exchange.reprompt_ssml))


def _elements(exchange: Exchange) -> Iterator[ElementTree.Element]:
    for ssml in _speeches(exchange):
        root = _parse(ssml)
        if root is not None:
            yield from root.iter()


def _parse(ssml: str) -> ElementTree.Element | None:
    # Alexa knows the prefix amazon:, but a parser needs its declaration.
    declared = ssml.replace("<speak>", f'<speak xmlns:amazon="{_AMAZON}">', 1)
    try:
        return ElementTree.fromstring(declared)
    except (ElementTree.ParseError, ValueError):
        return None


def _plain(name: str) -> str:
    return name.replace(_XML, "xml:").replace(f"{{{_AMAZON}}}", "amazon:")


def _last(words: str) -> str:
    return re.split(r"(?<=[.?!]) ", words)[-1]


SSML_RULES: tuple[Rule[Exchange], ...] = (_well_formed, _known_tags, _breaks, _speech_length)
RESPONSE_RULES: tuple[Rule[Exchange], ...] = (
    *SSML_RULES,
    *(_card_length, _size, _former_size, _time, _speaks, _session_ended, _reprompt, _open_asks),
    *(_closed_question, _launch, _first_launch, _help, _stop, _handled),
)
