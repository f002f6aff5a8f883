"""Which answer is offered next: one that this listener was not told before. Pure."""

from __future__ import annotations

from skill.content.model import Article
from skill.conversation.state import Listener, State

_OFFERING = ("part", "no_more", "no_reason", "fallback_3")


def offering_news(article: Article, state: State, listener: Listener) -> State:
    """The state, its offer of another answer passed on to the next one that would be new."""
    kind, _, name = state.offer.partition(":")
    if kind != "answer" or state.cue not in _OFFERING:
        return state
    told = {*listener.heard, state.answer}
    # The third miss offers any topic; everything else offers what its answer leads to.
    line = article.topics if state.cue == "fallback_3" else _line_from(article, name)
    news = next((name for name in line if name not in told), "")
    return state._replace(offer=f"answer:{news}" if news else "")


def _line_from(article: Article, name: str) -> list[str]:
    """An answer, the one it leads to, and so on until one leads nowhere or back."""
    line: list[str] = []
    while name and name not in line:
        line.append(name)
        name = article.answers[name].leads_to
    return line
