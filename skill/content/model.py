"""What can be said: the frozen types that content files are read into. Pure data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from skill.content.text import normalise


class Sentence(NamedTuple):
    """One spoken sentence of ours and the locators (`p3.s2`) of the article that back it."""

    text: str
    sources: tuple[str, ...]


class Answer(NamedTuple):
    """The unit of what can be said: asked by its intent, told in `says`, deepened by `more`."""

    id: str
    intent: str
    title: str
    topic: str  # how an offer names it: "would you like to hear about {topic}"
    says: tuple[Sentence, ...]
    more: tuple[tuple[Sentence, ...], ...]
    asks: tuple[str, ...]
    leads_to: str  # the answer that is offered when this one has no more to say; "" for none
    about: str  # what "it" means after this answer; "" for the article's subject
    why: str  # the answer that tells the reason for this one; "" where the article gives none

    @property
    def templates(self) -> tuple[str, ...]:
        """`asks`, and the topic as it is offered: a listener may say back what was just heard."""
        return (*self.asks, f"[about|tell me about] {normalise(self.topic)}")

    @property
    def parts(self) -> tuple[tuple[Sentence, ...], ...]:
        """What is said first, then each follow-up."""
        return (self.says, *self.more)

    @property
    def locators(self) -> frozenset[str]:
        """Every locator that the answer cites."""
        return frozenset(source for part in self.parts for s in part for source in s.sources)


class Term(NamedTuple):
    """A thing with several names; a slot type on Alexa. `values` holds id -> names, first is said.

    A term with one value can stand in any answer's question; one with several is a choice.
    """

    id: str
    values: Mapping[str, tuple[str, ...]]

    @property
    def type_name(self) -> str:
        """The slot type on Alexa."""
        return self.id.upper()

    def names(self) -> Iterator[tuple[str, str]]:
        """Each (value id, name)."""
        for value, names in self.values.items():
            for name in names:
                yield value, name


class Choice(NamedTuple):
    """One question shape with a slot that decides between answers ("what about {audience}")."""

    id: str
    intent: str
    term: str
    asks: tuple[str, ...]
    answers: Mapping[str, str]  # value id -> answer id
    ask_which: str  # what is asked when the slot is missing


class KnownGap(NamedTuple):
    """Something that people ask and the article does not tell; it is refused by name."""

    id: str
    asks: tuple[str, ...]


class CommandIntent(NamedTuple):
    """Something said to the skill itself: an Alexa intent and the ways to say it."""

    intent: str
    asks: tuple[str, ...]


class Locale(NamedTuple):
    """The spoken frame of one locale: prompts by name, phone numbers by name."""

    name: str
    prompts: Mapping[str, str]
    phones: Mapping[str, str]

    def prompt(self, name: str, **values: str) -> str:
        """The prompt's words with its places filled; phones fill themselves."""
        return self.prompts[name].format(**self.phones, **values)


class Outline(NamedTuple):
    """What the repo knows of one sentence of the article: its hash and our gist of it."""

    locator: str
    hash: str
    gist: str
    states: bool  # False for a bare question or heading that states nothing

    @property
    def id(self) -> str:
        """What the outline calls it."""
        return self.locator


@dataclass(frozen=True)
class Article:
    """Everything that content says about one article, checked."""

    id: str
    title: str
    author: str
    subject: str  # what "it" means where nothing else was spoken of
    invocation_name: str
    example_phrases: tuple[str, ...]
    outline: Mapping[str, Outline]
    answers: Mapping[str, Answer]
    reading: tuple[str, ...]  # answer ids whose `says` make up the article when read aloud
    topics: tuple[str, ...]  # answer ids in the order in which "what can I ask" tells them
    terms: Mapping[str, Term]
    rules: Mapping[str, str]  # phrase rules that templates share, <name>
    choices: tuple[Choice, ...]
    known_gaps: tuple[KnownGap, ...]
    commands: tuple[CommandIntent, ...]
    carrier_phrases: tuple[str, ...]  # carriers of free words, "how does {query}"
    fillers: tuple[str, ...]  # words that carry no topic
    danger_words: tuple[str, ...]
    locales: Mapping[str, Locale]
    default_locale: Locale  # for a listener whose locale is none of these
    pronunciations: Mapping[str, tuple[str, ...]]  # word -> ARPAbet variants

    def intent_answers(self) -> dict[str, str]:
        """Intent name -> answer id."""
        return self._intent_answers

    @cached_property
    def _intent_answers(self) -> dict[str, str]:
        return {answer.intent: answer.id for answer in self.answers.values()}
