"""Rules for the skill manifest: versions, lengths, and example phrases that work. Pure.

The lengths are those of Amazon's own schema, spec.json in npm's ask-smapi-model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from skill.alexa.rules.model_parts import language, names_of_values, slotted
from skill.alexa.rules.policy import POLICY_RULES
from skill.alexa.rules.publication import Publication
from skill.alexa.rules.table import FUNCTIONAL_TESTS, MANIFEST, Fault, Rule
from skill.content.text import normalise

_MOST_KEYWORDS, _MOST_EXAMPLES = 30, 3
_CATEGORY = re.compile(r"(?!CHILDRENS)[A-Z]+(?:_[A-Z]+)*")
_Check = Callable[[Publication], Iterator[Fault]]


def _within(field: str, least: int, most: int) -> _Check:
    def check(publication: Publication) -> Iterator[Fault]:
        for listing in publication.listings.values():
            length = len(listing.get(field, ""))
            if not least <= length <= most:
                yield Fault(f"{field} has {length} characters, not {least} to {most:,}", field)

    return check


def _version(publication: Publication) -> Iterator[Fault]:
    version = publication.manifest["manifest"].get("manifestVersion")
    if version != "1.0":
        yield Fault(f'manifestVersion is "{version}", not "1.0"', "manifestVersion")


def _locales(publication: Publication) -> Iterator[Fault]:
    listed = set(publication.listings)
    for other, locales in (
        ("models", set(publication.models)),
        ("privacyAndCompliance", set(publication.compliance.get("locales", {}))),
    ):
        for locale in sorted(listed ^ locales):
            yield Fault(f"{locale} is in only one of publishingInformation and {other}", "locales")


def _keywords(publication: Publication) -> Iterator[Fault]:
    for listing in publication.listings.values():
        keywords = listing.get("keywords", ())
        if len(keywords) > _MOST_KEYWORDS:
            yield Fault(f"{len(keywords)} keywords, over {_MOST_KEYWORDS}", "keywords")
        for keyword in keywords:
            if len(keyword) > 150:
                yield Fault(f'keyword "{keyword[:40]}…" is over 150 characters', "keywords")


def _category(publication: Publication) -> Iterator[Fault]:
    category = publication.publishing.get("category", "")
    if not _CATEGORY.fullmatch(category):
        yield Fault(f'category "{category}" is none of the store, or is for children', "category")


def _testing(publication: Publication) -> Iterator[Fault]:
    length = len(publication.publishing.get("testingInstructions", ""))
    if not 1 <= length <= 4_000:
        what = f"testingInstructions has {length} characters, not 1 to 4,000"
        yield Fault(what, "testingInstructions")


def _examples(publication: Publication) -> Iterator[Fault]:
    for locale, listing in publication.listings.items():
        phrases = listing.get("examplePhrases", ())
        if not 1 <= len(phrases) <= _MOST_EXAMPLES:
            yield Fault(f"{len(phrases)} example phrases, not 1 to 3", "examplePhrases")
        model = publication.models.get(locale)
        if not phrases or model is None:
            continue
        name = language(model)["invocationName"]
        if not re.match(rf"alexa\b.*\b{re.escape(name)}\b", phrases[0].lower()):
            what = f'"{phrases[0]}" does not begin with Alexa and say "{name}"'
            yield Fault(what, "examplePhrases")


def _examples_in_samples(publication: Publication) -> Iterator[Fault]:
    for locale, listing in publication.listings.items():
        model = publication.models.get(locale)
        if model is None:
            continue
        name = re.escape(language(model)["invocationName"])
        samples, named = publication.heard[locale], names_of_values(model)
        for phrase in listing.get("examplePhrases", ()):
            said = re.sub(rf"^alexa (?:ask|tell|open) {name} ", "", normalise(phrase))
            if not samples.intersection({said, *slotted(said, *named)}):
                yield Fault(f'"{phrase}" is not among the samples', "examplePhrases")


MANIFEST_RULES: tuple[Rule[Publication], ...] = (
    Rule("manifest-version", "the manifest's version", "1.0", MANIFEST, True, _version),
    Rule(
        "locales",
        "listing, models and privacy are for the same locales",
        "-",
        MANIFEST,
        True,
        _locales,
    ),
    Rule(
        "store-name",
        "how long the skill's name is",
        "2 to 50 characters",
        MANIFEST,
        False,
        _within("name", 2, 50),
    ),
    Rule(
        "summary",
        "how long the summary is",
        "160 characters",
        MANIFEST,
        True,
        _within("summary", 1, 160),
    ),
    Rule(
        "description",
        "how long the description is",
        "4,000 characters",
        MANIFEST,
        True,
        _within("description", 1, 4_000),
    ),
    Rule(
        "keywords",
        "how many keywords, and how long",
        "30, 150 characters",
        MANIFEST,
        True,
        _keywords,
    ),
    Rule(
        "category",
        "the category is one of the store, and none for children",
        "3",
        MANIFEST,
        True,
        _category,
    ),
    Rule("testing", "testers are told how", "1 to 4,000 characters", MANIFEST, True, _testing),
    Rule(
        "examples",
        "example phrases; the first wakes the skill by its name",
        "3",
        FUNCTIONAL_TESTS,
        True,
        _examples,
    ),
    Rule(
        "examples-in-samples",
        "every example phrase is a sample",
        "-",
        FUNCTIONAL_TESTS,
        True,
        _examples_in_samples,
    ),
    *POLICY_RULES,
)
