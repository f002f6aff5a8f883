"""Sentence templates in hassil's syntax: `(what is|what's) [the] {term}`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from skill.content.model import Term
from skill.content.text import normalise

if TYPE_CHECKING:
    from hassil.expression import Sentence

# A template past this is a slip: each optional part doubles the number of sentences.
MOST_SAMPLES_A_TEMPLATE = 400
_SLOT = re.compile(r"\{([^{}]*)\}")
_RULE = re.compile(r"<([^<>]*)>")
# https://developer.amazon.com/en-US/docs/alexa/custom-skills/create-intents-utterances-and-slots.html
_SAMPLE = re.compile(r"[a-z' {}_.-]+")


class TemplateError(ValueError):
    """A template that cannot be used; the message says why."""


@dataclass(frozen=True)
class Filled:
    """An utterance with its slots filled: slot name -> (what was said, value id)."""

    utterance: str
    slots: Mapping[str, tuple[str, str]]


def slots_in(template: str) -> tuple[str, ...]:
    """The slot names in a template or sample, in order."""
    return tuple(_SLOT.findall(template))


class Rules:
    """Phrase rules that templates refer to as `<name>`, each parsed once."""

    def __init__(self, rules: Mapping[str, str]) -> None:
        self._texts = dict(rules)
        self._parsed: dict[str, Sentence] = {}

    def samples(self, template: str) -> tuple[str, ...]:
        """Every sentence that a template stands for, slots left as `{term}`, without repeats.

        Raises:
            TemplateError: The template does not parse or stands for too many sentences.
        """
        # hassil takes 90 ms to import, and only building needs it, never an answer.
        from hassil.errors import HassilError
        from hassil.parse_expression import parse_sentence
        from hassil.parser import ParseError
        from hassil.sample import sample_expression

        if not template.strip():
            raise TemplateError("is empty")
        self._parse_rules(template, ())
        found: dict[str, None] = {}
        try:
            expression = parse_sentence(template).expression
            for text in sample_expression(
                expression, expansion_rules=self._parsed, expand_lists=False
            ):
                sample = " ".join(text.split())
                if sample:
                    found.setdefault(sample)
                if len(found) > MOST_SAMPLES_A_TEMPLATE:
                    raise TemplateError(
                        f"stands for more than {MOST_SAMPLES_A_TEMPLATE} sentences; split it"
                    )
        except TemplateError:
            raise
        # hassil 3 asserts where it means "does not parse", for example on "()".
        except (ParseError, HassilError, AssertionError, RecursionError, ValueError) as error:
            raise TemplateError("does not parse; check its brackets") from error
        if not found:
            raise TemplateError("stands for no sentence")
        for sample in found:
            if not _SAMPLE.fullmatch(sample):
                odd = "".join(sorted(set(_SAMPLE.sub("", sample))))
                raise TemplateError(
                    f"holds {odd!r}; a sample is lower-case letters, spaces, apostrophes, hyphens"
                )
            names = slots_in(sample)
            if len(set(names)) != len(names):
                raise TemplateError(f'uses a slot twice in "{sample}"')
        return tuple(found)

    def _parse_rules(self, text: str, within: tuple[str, ...]) -> None:
        from hassil.parse_expression import parse_sentence
        from hassil.parser import ParseError

        for name in _RULE.findall(text):
            if name not in self._texts:
                raise TemplateError(f"uses the phrase rule <{name}>, which terms.yaml lacks")
            if name in within:
                raise TemplateError(f"the phrase rule <{name}> refers to itself")
            self._parse_rules(self._texts[name], (*within, name))
            if name not in self._parsed:
                try:
                    self._parsed[name] = parse_sentence(self._texts[name])
                except (ParseError, AssertionError, RecursionError, ValueError) as error:
                    raise TemplateError(f"the phrase rule <{name}> does not parse") from error


def fill(sample: str, slots: Mapping[str, Term]) -> Iterator[Filled]:
    """The sample with each slot filled by every name of its term."""
    names = slots_in(sample)
    for combination in product(*(tuple(slots[name].names()) for name in names)):
        utterance = sample
        filled = {}
        for name, (value, spoken) in zip(names, combination, strict=True):
            utterance = utterance.replace(f"{{{name}}}", spoken)
            filled[name] = (spoken, value)
        yield Filled(normalise(utterance), filled)
