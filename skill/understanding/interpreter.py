"""Free words -> what they may mean at this place of the conversation. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from skill.content.intents import DANGER_INTENT
from skill.content.model import Article
from skill.content.text import normalise
from skill.understanding.features import fingerprint
from skill.understanding.matcher import Decision, Ranking, decide

Rank = Callable[[str], Ranking]
_MOST_JUDGED = 10_000  # some two megabytes
_POINTING = re.compile(r"\b(?:it|this|that|they|them)\b")


class Interpreter:
    """One article's way with questions that no sample holds; `rank` finds the answers."""

    def __init__(self, article: Article, rank: Rank) -> None:
        self._article = article
        self._rank = rank
        self._fillers = frozenset(article.fillers)
        self._in_danger = SpeaksOf(article.danger_words)
        self._begins_in_danger = _cut_by_carriers(article)
        # By a hash, so that there is no list of what was asked.
        self._judged: dict[tuple[int, str], Decision] = {}

    def interpret(self, query: str, told_last: str) -> Decision:
        """What a question means; `told_last` is the id of the answer before it, or "".

        The same questions come again and again: each is judged once.
        """
        said = normalise(query)
        asked = fingerprint(said), told_last
        decision = self._judged.get(asked)
        if decision is None:
            decision = self._judge(said, told_last)
            if len(self._judged) >= _MOST_JUDGED:
                self._judged.clear()
            self._judged[asked] = decision
        return decision

    def _judge(self, said: str, told_last: str) -> Decision:
        if self._in_danger(said) or self._begins(said):
            return Decision("danger", DANGER_INTENT, score=1.0)
        return decide(self._rank(self._with_subject(said, told_last)))

    def _with_subject(self, said: str, told_last: str) -> str:
        """With what "it" stands for: "how long does it last" depends on what was told last."""
        told = self._article.answers.get(told_last)
        if not told:
            return said
        about = told.about or self._article.subject
        if _POINTING.search(said):
            return _POINTING.sub(about, said, count=1)
        return f"{said} {about}" if self._fillers.issuperset(said.split()) else said

    def _begins(self, said: str) -> bool:
        return any(
            said == rest or (" " in rest and said.startswith(f"{rest} "))
            for rest in self._begins_in_danger
        )


class SpeaksOf:
    """Tells whether any of some phrases stands in an utterance as whole words."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._padded = tuple(f" {normalise(phrase)} " for phrase in phrases)

    def __call__(self, utterance: str) -> bool:
        """Whether one does."""
        padded = f" {normalise(utterance)} "
        return any(phrase in padded for phrase in self._padded)


def points(utterance: str) -> bool:
    """Whether it says "it" or the like, so that what was told before decides what it means."""
    return bool(_POINTING.search(normalise(utterance)))


def _cut_by_carriers(article: Article) -> tuple[str, ...]:
    """What is left of danger where a carrier took its first word: "in {query}" leaves "danger"."""
    carriers = set(re.findall(r"[a-z]+", " ".join(article.carrier_phrases)))
    cut = [phrase.partition(" ") for phrase in article.danger_words]
    return tuple(rest for first, _, rest in cut if rest and first in carriers)
