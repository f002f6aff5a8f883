"""SSML, read as a script of pieces to speak one after another.

Supports the part of Alexa's subset that the simulator needs: text, break, p, s, say-as, sub, and
the rate and volume of prosody. The words of other elements are spoken; the script lists what was
dropped.
developer.amazon.com/en-US/docs/alexa/custom-skills/speech-synthesis-markup-language-ssml-reference.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from xml.etree import ElementTree

from skill.errors import EngineError

LONGEST_BREAK = 10.0  # seconds; Alexa's limit
_BREAKS = {"none": 0.0, "x-weak": 0.0, "weak": 0.25, "medium": 0.25, "strong": 0.5, "x-strong": 1.0}
_RATES = {"x-slow": 0.5, "slow": 0.75, "medium": 1.0, "fast": 1.25, "x-fast": 1.5}
_VOLUMES = {"silent": 0.0, "x-soft": 0.3, "soft": 0.6, "medium": 1.0, "loud": 1.5, "x-loud": 2.0}
_SPELLED = ("characters", "spell-out", "digits")
_UNCHANGED = ("cardinal", "number")
_PAUSES = {"p": 0.5, "s": 0.25}  # seconds after each
_NUMBER = re.compile(r"([+-]?\d{1,4}(?:\.\d{1,3})?)(%|dB|ms|s)")


@dataclass(frozen=True)
class Style:
    """Factors of the voice's own rate and volume."""

    rate: float = 1.0
    volume: float = 1.0


@dataclass(frozen=True)
class Piece:
    """Words in one style, after `pause` seconds of silence."""

    text: str
    style: Style = Style()
    pause: float = 0.0


@dataclass(frozen=True)
class Script:
    """What to speak, and descriptions of what was dropped."""

    pieces: tuple[Piece, ...]
    dropped: tuple[str, ...] = ()


def read_script(speech: str) -> Script:
    """Read SSML, or plain text if `speech` is not a `<speak>` element.

    Raises:
        EngineError: The SSML is not well formed, or there is nothing to say.
    """
    script = _read(speech.strip())
    if not any(piece.text for piece in script.pieces):
        raise EngineError("speech: there is nothing to say; give some text")
    return script


def _read(speech: str) -> Script:
    if not speech.startswith("<speak"):
        return Script((Piece(speech),))
    try:
        # Alexa's own elements have a prefix that SSML does not declare.
        root = ElementTree.fromstring(f'<x xmlns:amazon="amazon">{speech}</x>')
    except (ElementTree.ParseError, ValueError) as error:
        raise EngineError(
            f"SSML: is not well formed ({error}); escape & and <, close tags"
        ) from error
    dropped: list[str] = []
    pieces = tuple(_joined(_walk(root, Style(), dropped)))
    return Script(pieces, tuple(dict.fromkeys(dropped)))


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
            text = "".join(element.itertext())
            yield Piece(_said_as(text, get("interpret-as", ""), dropped), style)
            return
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
    """Join neighbours in one style, and put every pause before the words that follow it."""
    pause = 0.0
    for (style, silent), group in groupby(pieces, key=lambda piece: (piece.style, piece.pause > 0)):
        neighbours = list(group)
        if silent:
            pause += sum(piece.pause for piece in neighbours)
        text = " ".join("".join(piece.text for piece in neighbours).split())
        if text:
            yield Piece(text, style, pause)
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
        # Group by group, as people read out a number.
        return ", ".join(" ".join(group) for group in text.split())
    if kind in _SPELLED:
        return " ".join("".join(text.split()))
    if kind == "ordinal" and text.strip().isdecimal():
        number = text.strip()
        teen = number[-2:-1] == "1"
        return number + ("th" if teen else {"1": "st", "2": "nd", "3": "rd"}.get(number[-1], "th"))
    if kind not in _UNCHANGED:
        dropped.append(f"<say-as {kind}>")
    return text


def _prosody(attributes: Mapping[str, str], style: Style, dropped: list[str]) -> Style:
    if "pitch" in attributes:
        dropped.append("<prosody pitch>")
    if rate := attributes.get("rate"):
        number, unit = _measured(rate)
        # Alexa's own limits.
        factor = _RATES.get(rate) or (min(2.0, max(0.2, number / 100)) if unit == "%" else None)
        if factor is None:
            dropped.append(f'<prosody rate="{rate}">')
        else:
            style = replace(style, rate=factor)
    if volume := attributes.get("volume"):
        number, unit = _measured(volume)
        factor = min(4.0, 10 ** (number / 20)) if unit == "dB" else _VOLUMES.get(volume)
        if factor is None:
            dropped.append(f'<prosody volume="{volume}">')
        else:
            style = replace(style, volume=factor)
    return style


def _measured(value: str) -> tuple[float, str]:
    found = _NUMBER.fullmatch(value.strip())
    return (float(found[1]), found[2]) if found else (0.0, "")
