"""SSML, read as a script of words and pauses.

Supports text, break, p, s, say-as and sub. The words of other elements are spoken; the script lists
what was dropped.
developer.amazon.com/en-US/docs/alexa/custom-skills/speech-synthesis-markup-language-ssml-reference.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from skill.errors import EngineError

LONGEST_BREAK = 10.0  # seconds; Alexa's limit
_BREAKS = {"none": 0.0, "x-weak": 0.0, "weak": 0.25, "medium": 0.25, "strong": 0.5, "x-strong": 1.0}
_PAUSES = {"p": 0.5, "s": 0.25}  # seconds after each
_TIME = re.compile(r"(\d{1,5}(?:\.\d{1,3})?)(ms|s)")


@dataclass(frozen=True)
class Piece:
    """Words, after `pause` seconds of silence."""

    text: str
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
    dropped: list[str] = []
    parts: Iterable[str | float] = [speech]
    if speech.strip().startswith("<speak"):
        try:
            # Alexa's own elements have a prefix that SSML does not declare.
            root = ElementTree.fromstring(f'<x xmlns:amazon="amazon">{speech}</x>')
        except (ElementTree.ParseError, ValueError) as error:
            raise EngineError(
                f"SSML: is not well formed ({error}); escape & and <, close tags"
            ) from error
        parts = _parts(root, dropped)
    pieces = tuple(_joined(parts))
    if not any(piece.text for piece in pieces):
        raise EngineError("speech: there is nothing to say; give some text")
    return Script(pieces, tuple(dict.fromkeys(dropped)))


def _parts(element: ElementTree.Element, dropped: list[str]) -> Iterator[str | float]:
    """Yield words and seconds of silence."""
    name = element.tag.replace("{amazon}", "amazon:")
    match name:
        case "break":
            yield _pause(element.attrib, dropped)
            return
        case "sub" if alias := element.get("alias"):
            yield alias
            return
        case "say-as":
            yield _said_as("".join(element.itertext()), element.get("interpret-as", ""), dropped)
            return
        case "x" | "speak" | "p" | "s":
            pass
        case _:
            dropped.append(f"<{name}>")
    yield element.text or ""
    for child in element:
        yield from _parts(child, dropped)
        yield child.tail or ""
    yield _PAUSES.get(name, 0.0)


def _joined(parts: Iterable[str | float]) -> Iterator[Piece]:
    """Join neighbouring words, and neighbouring pauses with the words that follow them."""
    words, pause = "", 0.0
    for part in parts:
        if isinstance(part, str):
            words += part
        elif part:
            if words.strip():
                yield Piece(" ".join(words.split()), pause)
                words, pause = "", 0.0
            pause += part
    if words.strip() or pause:
        yield Piece(" ".join(words.split()), pause)


def _pause(attributes: Mapping[str, str], dropped: list[str]) -> float:
    if "time" not in attributes:
        return _BREAKS.get(attributes.get("strength", "medium"), _BREAKS["medium"])
    time = _TIME.fullmatch(attributes["time"].strip())
    if not time:
        dropped.append(f'<break time="{attributes["time"]}">')
        return 0.0
    seconds = float(time[1]) / (1000 if time[2] == "ms" else 1)
    if seconds > LONGEST_BREAK:
        dropped.append(f"<break> beyond {LONGEST_BREAK:.0f} s")
    return min(seconds, LONGEST_BREAK)


def _said_as(text: str, kind: str, dropped: list[str]) -> str:
    match kind:
        case "telephone":  # group by group, as people read out a number
            return ", ".join(" ".join(group) for group in text.split())
        case "characters" | "spell-out" | "digits":
            return " ".join("".join(text.split()))
        case "cardinal" | "number":
            return text
    dropped.append(f"<say-as {kind}>")
    return text
