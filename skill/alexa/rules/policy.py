"""Rules of Amazon's policy: health, adults, children, privacy and marks; and addresses. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from skill.alexa.rules.publication import Publication
from skill.alexa.rules.table import MANIFEST, POLICY, Fault, Rule

_MARKS = re.compile(r"\b(?:alexa|amazon|echo)\b", re.IGNORECASE)
# What each part of the disclaimer is told by, and how a fault names it.
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


def _marks(publication: Publication) -> Iterator[Fault]:
    for listing in publication.listings.values():
        if _MARKS.search(listing["name"]):
            yield Fault(f'name "{listing["name"]}" holds a mark of Amazon\'s', "name")


def _disclaimer(publication: Publication) -> Iterator[Fault]:
    for listing in publication.listings.values():
        told = listing.get("description", "").lower().replace("\n", " ")
        for pattern, part in _DISCLAIMER:
            if not pattern.search(told):
                yield Fault(f"the description does not say {part}", "description")


def _claims(publication: Publication) -> Iterator[Fault]:
    for listing in publication.listings.values():
        for field in ("name", "summary", "description"):
            found = _CLAIMS.search(listing.get(field, ""))
            if found:
                yield Fault(f'{field} claims "{found[0]}"; no skill may', field)


def _adults(publication: Publication) -> Iterator[Fault]:
    for listing in publication.listings.values():
        if not re.search(r"\badults\b", listing.get("description", ""), re.IGNORECASE):
            yield Fault("the description does not say that it is for adults", "description")


def _children(publication: Publication) -> Iterator[Fault]:
    if publication.compliance.get("isChildDirected") is not False:
        yield Fault("isChildDirected is not false", "isChildDirected")


def _health_data(publication: Publication) -> Iterator[Fault]:
    if publication.compliance.get("usesHealthInfo", False) is not False:
        yield Fault("usesHealthInfo is not false; the skill keeps no health data", "usesHealthInfo")


def _endpoint(publication: Publication) -> Iterator[Fault]:
    custom = publication.manifest["manifest"]["apis"]["custom"]
    uri = str(custom.get("endpoint", {}).get("uri", ""))
    address = _split(uri)
    if not uri.startswith("arn:") and (address is None or address[1] not in (None, 443)):
        yield Fault(f'endpoint "{uri}" is no https:// address on port 443 and no arn:', "endpoint")


def _pages(publication: Publication) -> Iterator[Fault]:
    """What data is kept, and by whose terms, has to stand on pages that anyone can read."""
    if not publication.compliance.get("usesPersonalInfo"):
        return
    for pages in publication.compliance.get("locales", {}).values():
        for field in ("privacyPolicyUrl", "termsOfUseUrl"):
            address = _split(pages.get(field, ""))
            if address is None:
                yield Fault(f'{field} "{pages.get(field, "")}" is no https:// address', field)
            elif _MARKS.search(address[0]):
                yield Fault(f'{field} has a mark of Amazon\'s in "{address[0]}"', field)


def _split(url: str) -> tuple[str, int | None] | None:
    """Host and port of an https address."""
    try:
        parts = urlsplit(url)
        if parts.scheme != "https" or not parts.hostname:
            return None
        return parts.hostname, parts.port
    except ValueError:
        return None


POLICY_RULES: tuple[Rule[Publication], ...] = (
    Rule("store-marks", "the name holds no mark of Amazon's", "0", POLICY, True, _marks),
    Rule(
        "health-disclaimer",
        "education only, no advice, no substitute, emergency number",
        "4 parts",
        POLICY,
        True,
        _disclaimer,
    ),
    Rule("health-claims", "no life-saving claims", "0", POLICY, True, _claims),
    Rule("health-data", "no health data is collected", "false", POLICY, True, _health_data),
    Rule("adults", "mature content is said to be for adults", "-", POLICY, False, _adults),
    Rule("children", "not directed to children", "false", POLICY, True, _children),
)
# These can be looked at once the skill has a place to be, and pages of its own.
ENDPOINT_RULES: tuple[Rule[Publication], ...] = (
    Rule(
        "endpoint", "where requests are sent", "https on 443, or an ARN", MANIFEST, True, _endpoint
    ),
)
PAGE_RULES: tuple[Rule[Publication], ...] = (
    Rule(
        "policy-pages",
        "privacy and terms have pages, as data is kept",
        "https, no mark of Amazon's in the host",
        POLICY,
        True,
        _pages,
    ),
)
