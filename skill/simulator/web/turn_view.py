"""An exchange -> what the page shows of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from skill.alexa.exchange import Exchange
from skill.content.model import Article


@dataclass(frozen=True)
class Cited:
    """One sentence of the article that backs an answer."""

    locator: str
    gist: str
    sentence: str  # "" unless the article itself was given


@dataclass(frozen=True)
class Turn:
    """One turn as the page shows it."""

    utterance: str
    intent: str
    match: str
    score: float
    runner_up: str
    runner_up_score: float
    speech: str
    sources: tuple[Cited, ...]
    card: Mapping[str, str] | None  # its title and text
    session_open: bool
    clip: str  # id of its speech
    request: Mapping[str, object]
    response: Mapping[str, Any]


def show(exchange: Exchange, article: Article, sentences: Mapping[str, str], clip: str) -> Turn:
    """Everything that the page tells of one turn."""
    intent_match = exchange.intent_match
    return Turn(
        exchange.utterance,
        exchange.name,
        intent_match.match,
        round(intent_match.score, 4),
        intent_match.runner_up,
        round(intent_match.runner_up_score, 4),
        exchange.speech,
        tuple(_cited(locator, article, sentences) for locator in exchange.sources),
        {"title": exchange.card.title, "text": exchange.card.text} if exchange.card else None,
        exchange.session_open,
        clip,
        exchange.request,
        exchange.response,
    )


def _cited(locator: str, article: Article, sentences: Mapping[str, str]) -> Cited:
    known = article.outline.get(locator)
    return Cited(locator, known.gist if known else "", sentences.get(locator, ""))
