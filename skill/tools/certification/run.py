"""Runs every rule of Alexa's over a skill: its models, its listing, its files, all that it says."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from skill.alexa.exchange import Exchange
from skill.alexa.manifest import Addresses, compile_manifest
from skill.alexa.package import make_package
from skill.alexa.rules import MODEL_RULES, Breach, Rule, breaches
from skill.alexa.rules.manifests import MANIFEST_RULES
from skill.alexa.rules.packages import PACKAGE_RULES
from skill.alexa.rules.policy import ENDPOINT_RULES, PAGE_RULES
from skill.alexa.rules.publication import Publication
from skill.alexa.rules.speech import SPEECH_RULES
from skill.content.model import Article
from skill.content.store_listing import Listing
from skill.errors import Problem
from skill.tools.certification.source_map import SourceMap

ALL_RULES: tuple[Rule[Any], ...] = (
    *MODEL_RULES,
    *MANIFEST_RULES,
    *ENDPOINT_RULES,
    *PAGE_RULES,
    *PACKAGE_RULES,
    *SPEECH_RULES,
)


@dataclass(frozen=True)
class Finding:
    """A rule that is broken, where an author can mend it, and how often it was found."""

    rule: Rule[Any]
    problem: Problem
    times: int

    @property
    def level(self) -> str:
        """Error or warning."""
        return "warning" if self.rule.warns else "error"

    def __str__(self) -> str:
        often = f" ({self.times} times)" if self.times > 1 else ""
        return f"{self.level}: {self.problem}{often} [{self.rule.id}: {self.rule.source}]"


@dataclass(frozen=True)
class Report:
    """What was found, and how much each rule looked at."""

    findings: tuple[Finding, ...]
    looked_at: Mapping[str, int]  # id of a rule -> how many things
    responses: int

    def count(self, level: str) -> int:
        """How many errors or warnings."""
        return sum(finding.level == level for finding in self.findings)

    @property
    def left(self) -> tuple[str, ...]:
        """The rules that had nothing to look at yet."""
        return tuple(rule.id for rule in ALL_RULES if not self.looked_at[rule.id])


class _Findings:
    """Gathers breaches; the same one in another locale or reply is counted, not told again."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, str, str], tuple[Rule[Any], Problem]] = {}
        self._times: Counter[tuple[str, str, str]] = Counter()

    def add(self, breach: Breach, problem: Problem) -> None:
        key = (breach.rule.id, problem.place, problem.what)
        self._first.setdefault(key, (breach.rule, problem))
        self._times[key] += 1

    def all(self) -> tuple[Finding, ...]:
        return tuple(Finding(*found, self._times[key]) for key, found in self._first.items())


def certify_files(
    article: Article, models: Mapping[str, str], listing: Listing, places: SourceMap, at: Addresses
) -> tuple[Finding, ...]:
    """Look at what is sent to Amazon; `models` is the text of each locale's model by its locale."""
    found = _Findings()
    parsed = {locale: json.loads(text) for locale, text in models.items()}
    # Most locales have the same model: the first is told.
    for locale in {text: locale for locale, text in sorted(models.items(), reverse=True)}.values():
        for breach in breaches(MODEL_RULES, parsed[locale]):
            found.add(breach, Problem(f"{locale}.json", 0, "", breach.what))
    manifest = compile_manifest(article, listing, at)
    for breach in breaches(publication_rules(at), Publication(manifest, parsed)):
        found.add(breach, places.in_listing(breach))
    for breach in breaches(PACKAGE_RULES, make_package(manifest, models)):
        found.add(breach, Problem(breach.at, 0, "", breach.what))
    return found.all()


def certify_speech(
    spoken: Iterable[Exchange], places: SourceMap
) -> tuple[tuple[Finding, ...], int]:
    """Look at what is spoken; returns how many responses there were, too."""
    found, responses = _Findings(), 0
    for answered in spoken:
        responses += 1
        for breach in breaches(SPEECH_RULES, answered):
            found.add(breach, places.in_reply(breach, answered))
    return found.all(), responses


def report_on(
    files: tuple[Finding, ...], speech: tuple[Finding, ...], responses: int, at: Addresses
) -> Report:
    """Both together, with how much each rule looked at."""
    looked_at = {
        **dict.fromkeys(_ids(ALL_RULES), 0),
        **dict.fromkeys(_ids((*MODEL_RULES, *publication_rules(at), *PACKAGE_RULES)), 1),
        **dict.fromkeys(_ids(SPEECH_RULES), responses),
    }
    return Report((*files, *speech), looked_at, responses)


def publication_rules(addresses: Addresses) -> tuple[Rule[Publication], ...]:
    """The rules for a manifest; those for addresses wait until it is known where things are."""
    endpoint = ENDPOINT_RULES if addresses.endpoint else ()
    pages = PAGE_RULES if addresses.privacy or addresses.terms else ()
    return (*MANIFEST_RULES, *endpoint, *pages)


def rule_table() -> str:
    """Every rule as a row of Markdown, for docs/certification.md."""
    rows = [
        f"| {rule.id} | {rule.what} | {rule.limit} | {'warning' if rule.warns else 'error'} "
        f"| {'confirmed' if rule.confirmed else 'recalled'} | {rule.source} |"
        for rule in ALL_RULES
    ]
    head = "| rule | what | limit | breach is | figure | source |\n|---|---|---|---|---|---|"
    return "\n".join([head, *rows])


def _ids(rules: Iterable[Rule[Any]]) -> list[str]:
    return [rule.id for rule in rules]
