"""Rules for SSML: well-formed, and only what Alexa's voice knows of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree

from skill.alexa.exchange import Exchange
from skill.alexa.rules.table import JSON_INTERFACE, SSML, Fault, Rule

MOST_SPOKEN = 8_000  # characters
_LONGEST_BREAK = 10_000  # milliseconds
_XML = "{http://www.w3.org/XML/1998/namespace}"
_AMAZON = "amazon"
# Each tag of the subset and the attributes that it may have.
_TAGS: Mapping[str, frozenset[str]] = {
    tag: frozenset(attributes.split())
    for tag, attributes in {
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
    }.items()
}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s)")


def _well_formed(exchange: Exchange) -> Iterator[Fault]:
    for ssml in _all(exchange):
        root = _parse(ssml)
        if root is None:
            yield Fault(f'"{ssml[:60]}" is not well-formed XML; escape & and <')
        elif root.tag != "speak":
            yield Fault(f'"{ssml[:60]}" does not stand in <speak>')


def _known_tags(exchange: Exchange) -> Iterator[Fault]:
    for ssml in _all(exchange):
        root = _parse(ssml)
        for element in root.iter() if root is not None else ():
            tag = _plain(element.tag)
            if tag not in _TAGS:
                yield Fault(f"<{tag}> is no tag of Alexa's")
                continue
            for name in sorted(set(map(_plain, element.attrib)) - _TAGS[tag]):
                yield Fault(f'<{tag}> knows no attribute "{name}"')


def _breaks(exchange: Exchange) -> Iterator[Fault]:
    for ssml in _all(exchange):
        root = _parse(ssml)
        for element in root.iter("break") if root is not None else ():
            time = element.get("time")
            if time is None:
                continue
            found = _DURATION.fullmatch(time)
            if not found:
                yield Fault(f'<break time="{time}"> is no time in s or ms')
            elif float(found[1]) * (1_000 if found[2] == "s" else 1) > _LONGEST_BREAK:
                yield Fault(f'<break time="{time}"> is over 10 s')


def _length(exchange: Exchange) -> Iterator[Fault]:
    for ssml in _all(exchange):
        if len(ssml) > MOST_SPOKEN:
            yield Fault(f'"{ssml[:60]}…" has {len(ssml)} characters, over {MOST_SPOKEN:,}')


def _all(exchange: Exchange) -> Iterator[str]:
    yield from filter(None, (exchange.ssml, exchange.reprompt_ssml))


def _parse(ssml: str) -> ElementTree.Element | None:
    # Alexa takes the prefix amazon: for known; a parser wants it declared.
    declared = ssml.replace("<speak>", f'<speak xmlns:amazon="{_AMAZON}">', 1)
    try:
        return ElementTree.fromstring(declared)
    except (ElementTree.ParseError, ValueError):
        return None


def _plain(name: str) -> str:
    return name.replace(_XML, "xml:").replace(f"{{{_AMAZON}}}", "amazon:")


SSML_RULES: tuple[Rule[Exchange], ...] = (
    Rule(
        "ssml-xml",
        "speech is well-formed XML, its text escaped",
        "<speak>",
        SSML,
        True,
        _well_formed,
    ),
    Rule("ssml-tags", "tags and attributes of the subset", "16 tags", SSML, True, _known_tags),
    Rule("ssml-break", "how long a break is", "10 s", SSML, True, _breaks),
    Rule(
        "speech-length",
        "how long speech and reprompt are",
        "8,000 characters",
        JSON_INTERFACE,
        True,
        _length,
    ),
)
