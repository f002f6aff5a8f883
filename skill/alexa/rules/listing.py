"""Rules for the skill manifest: the store listing, Amazon's policies, and addresses.

The lengths are those of Amazon's own schema, spec.json in the npm package ask-smapi-model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from skill.alexa.model_reader import (
    Model,
    language_model,
    normalised_samples,
    types_by_name,
    with_slots,
)
from skill.alexa.rules.base import FUNCTIONAL_TESTS, MANIFEST, POLICY, Fault, Rule, rule
from skill.content import normalise

_MOST_KEYWORDS, _MOST_EXAMPLES = 30, 3
_CATEGORY = re.compile(r"(?!CHILDRENS)[A-Z]+(?:_[A-Z]+)*")
_TRADEMARKS = re.compile(r"\b(?:alexa|amazon|echo)\b", re.IGNORECASE)
# The parts of the disclaimer: a pattern that finds each, and its name in a fault.
_DISCLAIMER = (
    (re.compile(r"\beducation"), "that it is for education"),
    (re.compile(r"\bnot medical advice\b"), '"not medical advice"'),
    (re.compile(r"\bnot a substitute\b"), "that it is not a substitute for a professional"),
    (re.compile(r"\bcall\b.*\bemergency number\b"), "to call the emergency number"),
)
_CLAIMS = re.compile(
    r"\b(?:life[- ]?saving|saves? (?:your |a |)(?:life|lives)|cures?|miracle|guaranteed?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Publication:
    """A manifest and the model that it is published with in each of `locales`."""

    manifest: Mapping[str, Any]
    model: Model
    locales: tuple[str, ...]

    @property
    def publishing(self) -> Mapping[str, Any]:
        """The manifest's publishing information."""
        found: Mapping[str, Any] = self.manifest["manifest"]["publishingInformation"]
        return found

    @property
    def compliance(self) -> Mapping[str, Any]:
        """The manifest's declarations on privacy and law."""
        found: Mapping[str, Any] = self.manifest["manifest"]["privacyAndCompliance"]
        return found

    @property
    def listings(self) -> Mapping[str, Mapping[str, Any]]:
        """What the store shows, by locale."""
        found: Mapping[str, Mapping[str, Any]] = self.publishing["locales"]
        return found

    @cached_property
    def samples(self) -> frozenset[str]:
        """Every normalised sample."""
        return frozenset(sample for _, _, sample in normalised_samples(self.model))


@rule("manifest-version", "version of the manifest", "1.0", MANIFEST)
def _version(publication: Publication) -> Iterator[Fault]:
    version = publication.manifest["manifest"].get("manifestVersion")
    if version != "1.0":
        yield Fault(f'manifestVersion is "{version}", not "1.0"', "manifestVersion")


@rule("locales", "listing, models and privacy have the same locales", "-", MANIFEST)
def _locales(publication: Publication) -> Iterator[Fault]:
    listed = set(publication.listings)
    for name, locales in (
        ("models", set(publication.locales)),
        ("privacyAndCompliance", set(publication.compliance.get("locales", {}))),
    ):
        for locale in sorted(listed ^ locales):
            yield Fault(f"{locale} is in only one of publishingInformation and {name}", "locales")


def _length(
    name: str, limit: str, field: str, least: int, most: int, confirmed: bool = True
) -> Rule[Publication]:
    @rule(name, f"length of the {field}", limit, MANIFEST, confirmed)
    def check(publication: Publication) -> Iterator[Fault]:
        for listing in publication.listings.values():
            length = len(listing.get(field, ""))
            if not least <= length <= most:
                yield Fault(f"{field} has {length} characters, not {least} to {most:,}", field)

    return check


_name_length = _length("store-name", "2 to 50 characters", "name", 2, 50, confirmed=False)
_summary_length = _length("summary", "160 characters", "summary", 1, 160)
_description_length = _length("description", "4,000 characters", "description", 1, 4_000)


@rule("keywords", "number and length of the keywords", "30, 150 characters", MANIFEST)
def _keywords(publication: Publication) -> Iterator[Fault]:
    for listing in publication.listings.values():
        keywords = listing.get("keywords", ())
        if len(keywords) > _MOST_KEYWORDS:
            yield Fault(f"{len(keywords)} keywords, over {_MOST_KEYWORDS}", "keywords")
        for keyword in keywords:
            if len(keyword) > 150:
                yield Fault(f'keyword "{keyword[:40]}…" is over 150 characters', "keywords")


@rule("category", "a category of the store, not one for children", "-", MANIFEST)
def _category(publication: Publication) -> Iterator[Fault]:
    category = publication.publishing.get("category", "")
    if not _CATEGORY.fullmatch(category):
        what = f'category "{category}" is not a category of the store, or is for children'
        yield Fault(what, "category")


@rule("testing", "testing instructions", "1 to 4,000 characters", MANIFEST)
def _testing(publication: Publication) -> Iterator[Fault]:
    length = len(publication.publishing.get("testingInstructions", ""))
    if not 1 <= length <= 4_000:
        what = f"testingInstructions has {length} characters, not 1 to 4,000"
        yield Fault(what, "testingInstructions")


@rule("examples", "example phrases; the first opens the skill by name", "3", FUNCTIONAL_TESTS)
def _examples(publication: Publication) -> Iterator[Fault]:
    name = language_model(publication.model)["invocationName"]
    for listing in publication.listings.values():
        phrases = listing.get("examplePhrases", ())
        if not 1 <= len(phrases) <= _MOST_EXAMPLES:
            yield Fault(f"{len(phrases)} example phrases, not 1 to 3", "examplePhrases")
        if phrases and not re.match(rf"alexa\b.*\b{re.escape(name)}\b", phrases[0].lower()):
            what = f'"{phrases[0]}" does not begin with Alexa and say "{name}"'
            yield Fault(what, "examplePhrases")


@rule("examples-in-samples", "every example phrase is a sample", "-", FUNCTIONAL_TESTS)
def _examples_in_samples(publication: Publication) -> Iterator[Fault]:
    name = re.escape(language_model(publication.model)["invocationName"])
    types = types_by_name(publication.model)
    for listing in publication.listings.values():
        for phrase in listing.get("examplePhrases", ()):
            words = re.sub(rf"^alexa (?:ask|tell|open) {name} ", "", normalise(phrase))
            if not publication.samples.intersection({words, *with_slots(words, types)}):
                yield Fault(f'"{phrase}" is not a sample', "examplePhrases")


@rule("store-marks", "the name contains no trademark of Amazon", "0", POLICY)
def _trademarks(publication: Publication) -> Iterator[Fault]:
    for listing in publication.listings.values():
        if _TRADEMARKS.search(listing["name"]):
            yield Fault(f'name "{listing["name"]}" contains a trademark of Amazon', "name")


@rule(
    "health-disclaimer",
    "education only, no advice, no substitute, emergency number",
    "4 parts",
    POLICY,
)
def _disclaimer(publication: Publication) -> Iterator[Fault]:
    for listing in publication.listings.values():
        description = listing.get("description", "").lower().replace("\n", " ")
        for pattern, part in _DISCLAIMER:
            if not pattern.search(description):
                yield Fault(f"the description does not say {part}", "description")


@rule("health-claims", "no life-saving claims", "0", POLICY)
def _claims(publication: Publication) -> Iterator[Fault]:
    for listing in publication.listings.values():
        for field in ("name", "summary", "description"):
            found = _CLAIMS.search(listing.get(field, ""))
            if found:
                yield Fault(f'{field} claims "{found[0]}", which no skill may', field)


@rule("health-data", "no health data is collected", "false", POLICY)
def _health_data(publication: Publication) -> Iterator[Fault]:
    if publication.compliance.get("usesHealthInfo", False) is not False:
        what = "usesHealthInfo is not false, but the skill stores no health data"
        yield Fault(what, "usesHealthInfo")


@rule("adults", "the description of mature content says it is for adults", "-", POLICY, False)
def _adults(publication: Publication) -> Iterator[Fault]:
    for listing in publication.listings.values():
        if not re.search(r"\badults\b", listing.get("description", ""), re.IGNORECASE):
            yield Fault("the description does not say that it is for adults", "description")


@rule("children", "not directed to children", "false", POLICY)
def _children(publication: Publication) -> Iterator[Fault]:
    if publication.compliance.get("isChildDirected") is not False:
        yield Fault("isChildDirected is not false", "isChildDirected")


@rule("endpoint", "where requests are sent", "https on 443, or an ARN", MANIFEST)
def _endpoint(publication: Publication) -> Iterator[Fault]:
    custom = publication.manifest["manifest"]["apis"]["custom"]
    uri = str(custom.get("endpoint", {}).get("uri", ""))
    address = _host_and_port(uri)
    if not uri.startswith("arn:") and (address is None or address[1] not in (None, 443)):
        what = f'endpoint "{uri}" is neither an https:// address on port 443 nor an ARN'
        yield Fault(what, "endpoint")


@rule(
    "policy-pages",
    "pages for privacy and terms, because data is stored",
    "https, no trademark of Amazon in the host",
    POLICY,
)
def _pages(publication: Publication) -> Iterator[Fault]:
    if not publication.compliance.get("usesPersonalInfo"):
        return
    for pages in publication.compliance.get("locales", {}).values():
        for field in ("privacyPolicyUrl", "termsOfUseUrl"):
            address = _host_and_port(pages.get(field, ""))
            if address is None:
                yield Fault(f'{field} "{pages.get(field, "")}" is not an https:// address', field)
            elif _TRADEMARKS.search(address[0]):
                yield Fault(f'{field}: "{address[0]}" contains a trademark of Amazon', field)


def _host_and_port(url: str) -> tuple[str, int | None] | None:
    """Host and port of an https address; None for any other text."""
    try:
        parts = urlsplit(url)
        if parts.scheme != "https" or not parts.hostname:
            return None
        return parts.hostname, parts.port
    except ValueError:
        return None


LISTING_RULES: tuple[Rule[Publication], ...] = (
    *(_version, _locales, _name_length, _summary_length, _description_length, _keywords),
    *(_category, _testing, _examples, _examples_in_samples, _trademarks, _disclaimer, _claims),
    *(_health_data, _adults, _children),
)
# These apply once the skill has an endpoint, and pages of its own.
ENDPOINT_RULES: tuple[Rule[Publication], ...] = (_endpoint,)
PAGE_RULES: tuple[Rule[Publication], ...] = (_pages,)
