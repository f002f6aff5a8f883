"""SSML -> a script of pieces to speak one after another, and what of it no engine can do. Pure.

The elements are those of Alexa's subset:
developer.amazon.com/en-US/docs/alexa/custom-skills/speech-synthesis-markup-language-ssml-reference.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from skill.errors import EngineError

LONGEST_BREAK = 10.0  # seconds; Alexa allows no more
_BREAKS = {"none": 0.0, "x-weak": 0.0, "weak": 0.25, "medium": 0.25, "strong": 0.5, "x-strong": 1.0}
_RATES = {"x-slow": 0.5, "slow": 0.75, "medium": 1.0, "fast": 1.25, "x-fast": 1.5}
_PITCHES = {"x-low": 0.67, "low": 0.85, "medium": 1.0, "high": 1.2, "x-high": 1.5}
_VOLUMES = {"silent": 0.0, "x-soft": 0.3, "soft": 0.6, "medium": 1.0, "loud": 1.5, "x-loud": 2.0}
_SPELT = ("characters", "spell-out", "digits")
_AS_IT_STANDS = ("cardinal", "number")
_PAUSES = {"p": 0.5, "s": 0.25}  # seconds after each
_ALPHABETS = ("ipa", "")
_NUMBER = re.compile(r"([+-]?\d{1,4}(?:\.\d{1,3})?)(%|dB|ms|s)")


@dataclass(frozen=True)
class Style:
    """How a piece is spoken; factors of the voice's own rate, pitch and volume."""

    rate: float = 1.0
    pitch: float = 1.0
    volume: float = 1.0
    emphasis: str = ""  # strong, moderate or reduced


@dataclass(frozen=True)
class Piece:
    """Words in one style; `pause` seconds of silence come before them."""

    text: str
    style: Style = Style()
    pause: float = 0.0
    ipa: str = ""  # how the text is pronounced, where that was given


@dataclass(frozen=True)
class Script:
    """All that is to be spoken, and in words what had to be dropped."""

    pieces: tuple[Piece, ...]
    dropped: tuple[str, ...] = ()


def read_script(speech: str) -> Script:
    """The script of SSML, or of plain text where `speech` is no `<speak>` element.

    Raises EngineError for SSML that is not well formed.
    """
    if not speech.lstrip().startswith("<speak"):
        return Script((Piece(speech.strip()),) if speech.strip() else ())
    try:
        # Alexa's own elements have a prefix that no SSML declares.
        root = ElementTree.fromstring(f'<x xmlns:amazon="amazon">{speech.strip()}</x>')
    except (ElementTree.ParseError, ValueError) as error:
        raise EngineError(
            f"SSML: is not well formed ({error}); escape & and <, close tags"
        ) from error
    dropped: list[str] = []
    pieces = tuple(_joined(_walk(root, Style(), dropped)))
    return Script(pieces, tuple(dict.fromkeys(dropped)))


def to_ssml(piece: Piece) -> str:
    """A piece's words as SSML, without its pause and pronunciation."""
    style, spoken = piece.style, escape(piece.text)
    if style.emphasis:
        spoken = f'<emphasis level="{style.emphasis}">{spoken}</emphasis>'
    factors = {"rate": style.rate, "pitch": style.pitch, "volume": style.volume}
    given = "".join(f' {name}="{factor:.0%}"' for name, factor in factors.items() if factor != 1)
    return f"<prosody{given}>{spoken}</prosody>" if given else spoken


def _walk(element: ElementTree.Element, style: Style, dropped: list[str]) -> Iterator[Piece]:
    name = element.tag.replace("{amazon}", "amazon:")
    get = element.attrib.get
    match name:
        case "break":
            yield Piece("", style, _pause(element.attrib, dropped))
            return
        case "sub" if get("alias"):
            yield Piece(get("alias", ""), style)
            return
        case "say-as":
            yield Piece(_said_as("".join(element.itertext()), get("interpret-as", ""), dropped))
            return
        case "phoneme" if get("alphabet", "") in _ALPHABETS and get("ph"):
            yield Piece("".join(element.itertext()), style, ipa=get("ph", ""))
            return
        case "emphasis":
            style = replace(style, emphasis=get("level", "moderate"))
        case "prosody":
            style = _prosody(element.attrib, style, dropped)
        case "x" | "speak" | "p" | "s":
            pass
        case _:
            dropped.append(f"<{name}>")
    if element.text:
        yield Piece(element.text, style)
    for child in element:
        yield from _walk(child, style, dropped)
        if child.tail:
            yield Piece(child.tail, style)
    if name in _PAUSES:
        yield Piece("", style, _PAUSES[name])


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Neighbours in one style as one piece, and every pause before the words that follow it."""
    pause = 0.0
    for (style, ipa, silent), group in groupby(
        pieces, key=lambda piece: (piece.style, piece.ipa, bool(piece.pause))
    ):
        neighbours = list(group)
        if silent:
            pause += sum(piece.pause for piece in neighbours)
        text = " ".join("".join(piece.text for piece in neighbours).split())
        if text:
            yield Piece(text, style, pause, ipa)
            pause = 0.0
    if pause:
        yield Piece("", Style(), pause)


def _pause(attributes: Mapping[str, str], dropped: list[str]) -> float:
    if "time" not in attributes:
        return _BREAKS.get(attributes.get("strength", "medium"), _BREAKS["medium"])
    number, unit = _measured(attributes["time"])
    if unit not in ("s", "ms") or number < 0:
        dropped.append(f'<break time="{attributes["time"]}">')
        return 0.0
    seconds = number / 1000 if unit == "ms" else number
    if seconds > LONGEST_BREAK:
        dropped.append(f"<break> beyond {LONGEST_BREAK:.0f} s")
    return min(seconds, LONGEST_BREAK)


def _said_as(text: str, kind: str, dropped: list[str]) -> str:
    if kind == "telephone":
        # Group by group, as a person reads out a number.
        return ", ".join(" ".join(group) for group in text.split())
    if kind in _SPELT:
        return " ".join("".join(text.split()))
    if kind == "ordinal" and text.strip().isdecimal():
        number = text.strip()
        teen = number[-2:-1] == "1"
        return number + ("th" if teen else {"1": "st", "2": "nd", "3": "rd"}.get(number[-1], "th"))
    if kind not in _AS_IT_STANDS:
        dropped.append(f"<say-as {kind}>")
    return text


def _prosody(attributes: Mapping[str, str], style: Style, dropped: list[str]) -> Style:
    factors = {"rate": style.rate, "pitch": style.pitch, "volume": style.volume}
    for name, named in (("rate", _RATES), ("pitch", _PITCHES), ("volume", _VOLUMES)):
        if name not in attributes:
            continue
        factor = named.get(attributes[name])
        if factor is None:
            factor = _factor(name, *_measured(attributes[name]))
        if factor is None:
            dropped.append(f'<prosody {name}="{attributes[name]}">')
        else:
            factors[name] = factor
    return replace(style, rate=factors["rate"], pitch=factors["pitch"], volume=factors["volume"])


def _factor(name: str, number: float, unit: str) -> float | None:
    if name == "volume" and unit == "dB":
        return float(min(4.0, 10 ** (number / 20)))
    if name == "rate" and unit == "%":
        return min(2.0, max(0.2, number / 100))  # Alexa's own limits
    if name == "pitch" and unit == "%":
        return min(1.5, max(0.667, 1 + number / 100))  # Alexa's own limits
    return None


def _measured(value: str) -> tuple[float, str]:
    found = _NUMBER.fullmatch(value.strip())
    return (float(found[1]), found[2]) if found else (0.0, "")
