"""The file, line and field of the content that a breach comes from."""

from __future__ import annotations

import re
from collections.abc import Mapping

from skill.alexa import Exchange
from skill.alexa.rules import Breach
from skill.content import CUES, Article, Locale, StoreListing, refusal_named
from skill.conversation import state_from_attributes
from skill.errors import Problem

_SHARED_LOCALE = "locales/en.yaml"
# The fields of the manifest that have another name in store.yaml.
_STORE_FIELDS = {"testingInstructions": "testing_instructions"}
_PLACE = re.compile(r"\{[^{}]*\}")


class SourceMap:
    """Finds what an author can correct.

    A reply consists of an answer and prompts. If it ends with the words of a prompt, that prompt is
    the place; otherwise the answer or choice is.

    Args:
        article: The content.
        lines: Entry of the content -> file and line, from `read_content`.
        listing: The store listing.
    """

    def __init__(
        self, article: Article, lines: Mapping[str, tuple[str, int]], listing: StoreListing
    ) -> None:
        self._article = article
        self._lines = lines
        self._listing = listing
        locales = (*article.locales.values(), article.default_locale)
        self._endings = {locale.name: _endings(locale) for locale in locales}

    def in_listing(self, breach: Breach) -> Problem:
        """The field of store.yaml or article.yaml, or the field of the manifest itself."""
        field = _STORE_FIELDS.get(breach.where, breach.where)
        if field == "examplePhrases":
            return Problem(*self._lines["article.yaml"], "example_phrases", breach.what)
        if field in self._listing.lines:
            return Problem(self._listing.file, self._listing.lines[field], field, breach.what)
        return Problem("skill.json", 0, field, breach.what)

    def in_reply(self, breach: Breach, exchange: Exchange) -> Problem:
        """The prompt, answer or choice that the words of a reply come from."""
        locale = exchange.locale
        if locale not in self._endings:
            locale = self._article.default_locale.name
        for prompt, ending in self._endings[locale]:
            if breach.where and ending.search(breach.where):
                return self._in_prompt(prompt, locale, breach.what)
        if exchange.answer in self._article.answers:
            at = self._lines[f"answer {exchange.answer}"]
            return Problem(*at, f'answer "{exchange.answer}"', breach.what)
        for choice in self._article.choices:
            if breach.where and choice.prompt in breach.where:
                at = self._lines[f"choice {choice.id}"]
                return Problem(*at, f'choice "{choice.id}": prompt', breach.what)
        return self._in_prompt(_first_prompt(exchange), locale, breach.what)

    def _in_prompt(self, prompt: str, locale: str, what: str) -> Problem:
        for name in (f"locales/{locale}.yaml", _SHARED_LOCALE):
            at = self._lines.get(f"{name} prompts.{prompt}")
            if at:
                return Problem(*at, f"prompts.{prompt}", what)
        return Problem(self._lines[_SHARED_LOCALE][0], 0, f"prompts.{prompt}", what)


def _first_prompt(exchange: Exchange) -> str:
    """The first prompt that was spoken, or the name of the cue if that has no single prompt."""
    state = state_from_attributes(exchange.response.get("sessionAttributes"))
    refusal = refusal_named(state.refusal)
    return refusal.prompts[0] if refusal else CUES[state.cue].prompt or state.cue


def _endings(locale: Locale) -> list[tuple[str, re.Pattern[str]]]:
    """Each prompt with a pattern of the words that end with it, the longest first.

    Prompts that end in a place are left out: their last words come from elsewhere.
    """
    return [
        (name, re.compile(r".+?".join(map(re.escape, _PLACE.split(text))) + r"$"))
        for name, text in sorted(locale.prompts.items(), key=lambda prompt: -len(prompt[1]))
        if not text.endswith("}")
    ]
