"""What a rule of Alexa's is: a row with an id, a limit, a source and a check. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

_DOCS = "developer.amazon.com/en-US/docs/alexa/"
UTTERANCES = _DOCS + "custom-skills/create-intents-utterances-and-slots.html"
INVOCATION = _DOCS + "custom-skills/choose-the-invocation-name-for-a-custom-skill.html"
SCHEMA = _DOCS + "smapi/interaction-model-schema.html"
BUILT_IN = _DOCS + "custom-skills/standard-built-in-intents.html"
SLOT_TYPES = _DOCS + "custom-skills/slot-type-reference.html"
LIMITS = _DOCS + "smapi/interaction-model-schema.html#limits"
JSON_INTERFACE = _DOCS + "custom-skills/request-and-response-json-reference.html"
SSML = _DOCS + "custom-skills/speech-synthesis-markup-language-ssml-reference.html"
VOICE_TESTS = _DOCS + "custom-skills/certification-requirements-for-custom-skills.html"
FUNCTIONAL_TESTS = _DOCS + "custom-skills/functional-testing-for-a-custom-skill.html"
POLICY = _DOCS + "custom-skills/policy-requirements-for-an-alexa-skill.html"
MANIFEST = _DOCS + "smapi/skill-manifest.html"
PACKAGE = _DOCS + "smapi/skill-package-api-reference.html"
CLI = _DOCS + "smapi/ask-cli-intro.html"

_Subject = TypeVar("_Subject")


@dataclass(frozen=True)
class Fault:
    """One breach that a check found, and `at` what: a field of a manifest, words of a reply."""

    what: str
    at: str = ""


@dataclass(frozen=True)
class Rule(Generic[_Subject]):
    """One rule: `check` yields a fault for every breach in what it looks at.

    `confirmed` is False where a figure is recalled and nothing was found that confirms it;
    docs/certification.md tells what confirmed the others. `warns` marks a rule whose breach is
    told and does not fail.
    """

    id: str
    what: str
    limit: str
    source: str
    confirmed: bool
    check: Callable[[_Subject], Iterator[Fault]]
    warns: bool = False


@dataclass(frozen=True)
class Breach:
    """A rule that was broken, and how."""

    rule: Rule[Any]
    what: str
    at: str = ""

    def __str__(self) -> str:
        return f"{self.rule.id}: {self.what} (see {self.rule.source})"


def breaches(rules: Iterable[Rule[_Subject]], subject: _Subject) -> list[Breach]:
    """Every breach of every rule by one subject."""
    return [Breach(rule, fault.what, fault.at) for rule in rules for fault in rule.check(subject)]
