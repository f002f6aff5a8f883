"""An article and everything that can be said about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from skill.content.intents import BUILT_IN_TYPES, COMMAND_SLOTS
from skill.content.text import normalise


@dataclass(frozen=True)
class Sentence:
    """One spoken sentence and the locators (`p3.s2`) of the article's sentences that back it."""

    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """The unit of what can be said: `says` first, then the parts of `more` one by one."""

    id: str
    intent: str
    title: str
    topic: str  # how an offer names it: "would you like to hear about {topic}"
    says: tuple[Sentence, ...]
    more: tuple[tuple[Sentence, ...], ...]
    asks: tuple[str, ...]  # templates of the questions that it answers
    leads_to: str  # the answer that is offered after this one; "" for none
    about: str  # what "it" means after this answer; "" for the article's subject
    why: str  # the answer that gives the reason for this one; "" where the article gives none

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


@dataclass(frozen=True)
class Term:
    """A thing with several names: a slot type on Alexa.

    A term with one value can stand in any answer's question; one with several values decides
    between the answers of a choice.
    """

    id: str
    values: Mapping[str, tuple[str, ...]]  # value id -> names; the first name is the canonical one
    built_in: str = ""  # the Alexa slot type that it is, such as AMAZON.NUMBER

    @property
    def type_name(self) -> str:
        """The slot type on Alexa."""
        return self.built_in or self.id.upper()

    def names(self) -> Iterator[tuple[str, str]]:
        """Each (value id, name)."""
        for value, names in self.values.items():
            for name in names:
                yield value, name


@dataclass(frozen=True)
class Choice:
    """A question whose slot decides between answers ("what about {audience}")."""

    id: str
    intent: str
    term: str
    asks: tuple[str, ...]
    answers: Mapping[str, str]  # value id -> answer id
    prompt: str  # what is asked when the slot is missing


@dataclass(frozen=True)
class KnownGap:
    """Something that people ask and the article does not say; it is always refused."""

    id: str
    asks: tuple[str, ...]


@dataclass(frozen=True)
class CommandIntent:
    """Something said to the skill itself: an Alexa intent and the ways to say it."""

    intent: str
    asks: tuple[str, ...]


@dataclass(frozen=True)
class Locale:
    """The prompts and phone numbers of one locale, by name."""

    name: str
    prompts: Mapping[str, str]
    phones: Mapping[str, str]

    def prompt(self, name: str, **values: str) -> str:
        """The prompt's words with its places filled; phone numbers are filled in by themselves."""
        return self.prompts[name].format(**self.phones, **values)


@dataclass(frozen=True)
class Outline:
    """What the repo knows of one sentence of the article: its hash, and its gist in our words."""

    locator: str
    hash: str
    gist: str
    states: bool  # False for a bare question or heading, which states nothing

    @property
    def id(self) -> str:
        """The locator."""
        return self.locator


@dataclass(frozen=True)
class Article:
    """Everything that the content of one article says."""

    id: str
    title: str
    author: str
    subject: str  # what "it" means where no other subject was mentioned
    invocation_name: str
    example_phrases: tuple[str, ...]
    outline: Mapping[str, Outline]
    answers: Mapping[str, Answer]
    reading: tuple[str, ...]  # ids of the answers that make up the article when it is read aloud
    topics: tuple[str, ...]  # ids of the answers that "what can I ask" lists, in order
    terms: Mapping[str, Term]
    rules: Mapping[str, str]  # phrase rules that templates share, <name>
    choices: tuple[Choice, ...]
    known_gaps: tuple[KnownGap, ...]
    commands: tuple[CommandIntent, ...]  # those of refusals too
    carrier_phrases: tuple[str, ...]  # what stands around free text: "how does {query}"
    stop_words: tuple[str, ...]  # words that carry no topic
    danger_phrases: tuple[str, ...]
    locales: Mapping[str, Locale]
    default_locale: Locale  # for a listener whose locale is none of these
    pronunciations: Mapping[str, tuple[str, ...]]  # word -> ARPAbet variants

    @cached_property
    def intent_answers(self) -> Mapping[str, str]:
        """Intent name -> answer id."""
        return {answer.intent: answer.id for answer in self.answers.values()}

    @cached_property
    def slots(self) -> Mapping[str, Term]:
        """Everything that templates can use as a slot: the terms, and the slots of commands."""
        built_in = {
            slot: Term(slot, BUILT_IN_TYPES[kind], kind)
            for slots in COMMAND_SLOTS.values()
            for slot, kind in slots.items()
        }
        return {**self.terms, **built_in}
