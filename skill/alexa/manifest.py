"""The skill manifest of an article: store listing, declarations and addresses, as JSON data.

https://developer.amazon.com/en-US/docs/alexa/smapi/skill-manifest.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from skill.content import Article, Locale, StoreListing

SMALL_ICON, LARGE_ICON = 108, 512  # pixels a side
# Pixels -> path in the package and in the manifest.
ICONS: Mapping[int, str] = {
    SMALL_ICON: "assets/images/small_icon.png",
    LARGE_ICON: "assets/images/large_icon.png",
}


@dataclass(frozen=True)
class Addresses:
    """Addresses of the skill once it is online; empty while unknown."""

    endpoint: str = ""  # an https:// address, or the ARN of a Lambda function
    privacy: str = ""  # the published docs/privacy.md
    terms: str = ""  # the published docs/terms.md


def compile_manifest(
    article: Article, listing: StoreListing, addresses: Addresses
) -> dict[str, Any]:
    """The manifest of an article's skill in all of its locales."""
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
            # What is remembered is stored under a hash of the listener's id.
            "usesPersonalInfo": True,
            "isChildDirected": False,
            "isExportCompliant": True,
            "containsAds": False,
            "locales": {name: _pages(addresses) for name in article.locales},
        },
        "apis": {"custom": {}},
    }
    if addresses.endpoint:
        endpoint = {"uri": addresses.endpoint}
        if not addresses.endpoint.startswith("arn:"):
            # The certificate is from a public authority and names this host.
            endpoint["sslCertificateType"] = "Trusted"
        manifest["apis"]["custom"]["endpoint"] = endpoint
        # A listener who disables the skill is forgotten.
        manifest["events"] = {
            "endpoint": endpoint,
            "subscriptions": [{"eventName": "SKILL_DISABLED"}],
        }
    return {"manifest": manifest}


def _listed(article: Article, listing: StoreListing, locale: Locale) -> dict[str, object]:
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
