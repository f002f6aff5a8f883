"""Alexa's rules for a skill: its model, its store listing, its package and its responses."""

from skill.alexa.rules.base import Breach, Rule, breaches
from skill.alexa.rules.listing import ENDPOINT_RULES, LISTING_RULES, PAGE_RULES, Publication
from skill.alexa.rules.model import MODEL_RULES
from skill.alexa.rules.package import PACKAGE_RULES
from skill.alexa.rules.response import RESPONSE_RULES, SSML_RULES

__all__ = [
    "ENDPOINT_RULES",
    "LISTING_RULES",
    "MODEL_RULES",
    "PACKAGE_RULES",
    "PAGE_RULES",
    "RESPONSE_RULES",
    "SSML_RULES",
    "Breach",
    "Publication",
    "Rule",
    "breaches",
]
