"""Article and Listing -> Alexa's skill manifest as JSON data. Pure, and the same bytes every time.

https://developer.amazon.com/en-US/docs/alexa/smapi/skill-manifest.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from skill.content.model import Article, Locale
from skill.content.store_listing import Listing

SMALL_ICON, LARGE_ICON = 108, 512  # pixels
# What an icon is called in the package and in the manifest.
ICONS: Mapping[int, str] = {
    SMALL_ICON: "assets/images/small_icon.png",
    LARGE_ICON: "assets/images/large_icon.png",
}


@dataclass(frozen=True)
class Addresses:
    """Where things are once the skill is online; empty where that is not known yet."""

    endpoint: str = ""  # https://… of the web service, or the ARN of a Lambda function
    privacy: str = ""  # the page that docs/privacy.md is published as
    terms: str = ""  # the page that docs/terms.md is published as


def compile_manifest(article: Article, listing: Listing, addresses: Addresses) -> dict[str, Any]:
    """The manifest of an article's skill, in every locale that it has."""
    manifest: dict[str, Any] = {
        "manifestVersion": "1.0",
        "publishingInformation": {
            "locales": {
                name: _listed(article, listing, locale) for name, locale in article.locales.items()
            },
            "isAvailableWorldwide": True,
            "distributionMode": "PUBLIC",
            "category": listing.category,
            "testingInstructions": "\n".join(listing.testing_instructions),
        },
        "privacyAndCompliance": {
            "allowsPurchases": False,
            # What is remembered hangs on a code made from the listener's id.
            "usesPersonalInfo": True,
            "isChildDirected": False,
            "isExportCompliant": True,
            "containsAds": False,
            "locales": {name: _pages(addresses) for name in article.locales},
        },
        "apis": {"custom": {}},
    }
    if addresses.endpoint:
        endpoint = _endpoint(addresses.endpoint)
        manifest["apis"]["custom"]["endpoint"] = endpoint
        # Whoever disables the skill is forgotten.
        manifest["events"] = {
            "endpoint": endpoint,
            "subscriptions": [{"eventName": "SKILL_DISABLED"}],
        }
    return {"manifest": manifest}


def _listed(article: Article, listing: Listing, locale: Locale) -> dict[str, object]:
    description = "\n\n".join(listing.description)
    return {
        "name": listing.name,
        "summary": listing.summary,
        "description": description.replace("{emergency}", locale.phones.get("emergency", "")),
        "examplePhrases": list(article.example_phrases),
        "keywords": list(listing.keywords),
        "smallIconUri": f"file://{ICONS[SMALL_ICON]}",
        "largeIconUri": f"file://{ICONS[LARGE_ICON]}",
    }


def _pages(addresses: Addresses) -> dict[str, str]:
    pages = {"privacyPolicyUrl": addresses.privacy, "termsOfUseUrl": addresses.terms}
    return {name: address for name, address in pages.items() if address}


def _endpoint(address: str) -> dict[str, str]:
    if address.startswith("arn:"):
        return {"uri": address}
    # A certificate of its own from a public authority, as design section 5 asks for.
    return {"uri": address, "sslCertificateType": "Trusted"}
