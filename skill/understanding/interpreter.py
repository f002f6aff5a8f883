"""What free text means at one place of a conversation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from skill.content import DANGER, Article, Label, LabelKind, normalise
from skill.understanding.decision import Decision, DecisionKind, decide
from skill.understanding.ranking import Ranking

_PRONOUN = re.compile(r"\b(?:it|this|that|they|them)\b")
DANGER_LABEL = Label(LabelKind.REFUSAL, DANGER.name)


class Interpreter:
    """Decides what free text means for one article.

    Args:
        article: The article that the text is about.
        rank: Ranks labels for an utterance, as `Matcher.rank` does.
    """

    def __init__(self, article: Article, rank: Callable[[str], Ranking]) -> None:
        self._article = article
        self._rank = rank
        self._stop_words = frozenset(article.stop_words)
        self._in_danger = PhraseSpotter(article.danger_phrases)
        self._cut_danger_phrases = _cut_by_carriers(article)

    def interpret(self, query: str, previous_answer: str) -> Decision:
        """What a question means after the answer with the id `previous_answer` ("" for none)."""
        text = normalise(query)
        if self._in_danger(text) or self._begins_in_danger(text):
            return Decision(DecisionKind.REFUSAL, DANGER_LABEL, score=1.0)
        return decide(self._rank(self._with_antecedent(text, previous_answer)))

    def _with_antecedent(self, text: str, previous_answer: str) -> str:
        """The text with what "it" stands for: "how long does it last" depends on what was said."""
        answer = self._article.answers.get(previous_answer)
        if not answer:
            return text
        about = answer.about or self._article.subject
        if has_pronoun(text):
            return _PRONOUN.sub(about, text, count=1)
        return f"{text} {about}" if self._stop_words.issuperset(text.split()) else text

    def _begins_in_danger(self, text: str) -> bool:
        return any(
            text == rest or (" " in rest and text.startswith(f"{rest} "))
            for rest in self._cut_danger_phrases
        )


class PhraseSpotter:
    """Says whether an utterance contains any of some phrases as whole words."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._padded = tuple(f" {normalise(phrase)} " for phrase in phrases)

    def __call__(self, utterance: str) -> bool:
        """Whether it contains one."""
        padded = f" {normalise(utterance)} "
        return any(phrase in padded for phrase in self._padded)


def has_pronoun(utterance: str) -> bool:
    """Whether what was said before decides what the utterance means ("it" and the like)."""
    return bool(_PRONOUN.search(normalise(utterance)))


def _cut_by_carriers(article: Article) -> tuple[str, ...]:
    """The rest of each danger phrase whose first word a carrier phrase took.

    "in {query}" leaves "danger" of "in danger".
    """
    carriers = set(re.findall(r"[a-z]+", " ".join(article.carrier_phrases)))
    cut = [phrase.partition(" ") for phrase in article.danger_phrases]
    return tuple(rest for first, _, rest in cut if rest and first in carriers)
