"""Where words that the skill spoke stand in the content: file, line and field. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from skill.alexa.exchange import Exchange
from skill.alexa.rules import Breach
from skill.content.model import Article, Locale
from skill.content.store_listing import Listing
from skill.errors import Problem

# What a field of the manifest is called in the content, where it is called otherwise.
_STORE_FIELDS = {"testingInstructions": "testing_instructions"}
_PLACE = re.compile(r"\{[^{}]*\}")


class SourceMap:
    """Finds what an author can mend for a breach; `lines` are those that reading the content told.

    A reply is put together from prompts and an answer: the prompt that its last words come from is
    told, or else the answer or choice that it tells.
    """

    def __init__(
        self, article: Article, lines: Mapping[str, tuple[str, int]], listing: Listing
    ) -> None:
        self._article = article
        self._lines = lines
        self._listing = listing
        locales = (*article.locales.values(), article.default_locale)
        self._endings = {locale.name: _endings(locale) for locale in locales}

    def in_listing(self, breach: Breach) -> Problem:
        """Of a manifest: its field in store.yaml or article.yaml, or what the code wrote there."""
        field = _STORE_FIELDS.get(breach.at, breach.at)
        if breach.at == "examplePhrases":
            file, line = self._lines["article.yaml"]
            return Problem(file, line, "example_phrases", breach.what)
        if field in self._listing.lines:
            return Problem(self._listing.file, self._listing.lines[field], field, breach.what)
        return Problem("skill.json", 0, breach.at, breach.what)

    def in_reply(self, breach: Breach, exchange: Exchange) -> Problem:
        """Of a reply: the prompt, answer or choice whose words they are."""
        locale = (
            exchange.locale
            if exchange.locale in self._endings
            else self._article.default_locale.name
        )
        for prompt, ending in self._endings[locale]:
            if breach.at and ending.search(breach.at):
                return self._prompt(prompt, locale, breach.what)
        if exchange.answer in self._article.answers:
            file, line = self._lines[f"answer {exchange.answer}"]
            return Problem(file, line, f'answer "{exchange.answer}"', breach.what)
        for choice in self._article.choices:
            if breach.at and choice.ask_which in breach.at:
                file, line = self._lines[f"choice {choice.id}"]
                return Problem(file, line, f'choice "{choice.id}": ask_which', breach.what)
        return self._prompt(exchange.cue, locale, breach.what)

    def _prompt(self, prompt: str, locale: str, what: str) -> Problem:
        frame = "locales/en.yaml"
        for name in (f"locales/{locale}.yaml", frame):
            found = self._lines.get(f"{name} prompts.{prompt}")
            if found:
                return Problem(*found, f"prompts.{prompt}", what)
        return Problem(self._lines[frame][0], 0, f"prompts.{prompt}", what)


def _endings(locale: Locale) -> list[tuple[str, re.Pattern[str]]]:
    """Each prompt and what words end with where they are its; the longest first.

    One that ends in a place is ended by what is put there.
    """
    return [
        (name, re.compile(r".+?".join(map(re.escape, _PLACE.split(text))) + r"$"))
        for name, text in sorted(locale.prompts.items(), key=lambda prompt: -len(prompt[1]))
        if not text.endswith("}")
    ]
