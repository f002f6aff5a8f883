"""Alexa's rules, in tables: for models, what is spoken, the store listing and the package."""

from skill.alexa.rules.models import MODEL_RULES, broken_rules
from skill.alexa.rules.table import Breach, Fault, Rule, breaches

__all__ = ["MODEL_RULES", "Breach", "Fault", "Rule", "breaches", "broken_rules"]
