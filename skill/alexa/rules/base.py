"""What a rule is: an id, a limit, a source and a check."""

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
_Check = Callable[[_Subject], Iterator["Fault"]]


@dataclass(frozen=True)
class Fault:
    """What a check found, and where: a field, a file, or the words of a reply."""

    what: str
    where: str = ""


@dataclass(frozen=True)
class Rule(Generic[_Subject]):
    """One rule: `check` yields a fault for each way in which the subject breaks it.

    `confirmed` is False where no second source confirms the limit;
    docs/reference/certification-rules.md lists what confirmed the others. `warns` marks a rule
    whose breach is a warning and not an error.
    """

    id: str
    what: str
    limit: str
    source: str
    check: _Check[_Subject]
    confirmed: bool = True
    warns: bool = False

    @property
    def level(self) -> str:
        """Error or warning."""
        return "warning" if self.warns else "error"


@dataclass(frozen=True)
class Breach:
    """A fault and the rule that it breaks."""

    rule: Rule[Any]
    what: str
    where: str = ""

    def __str__(self) -> str:
        return f"{self.rule.id}: {self.what} (see {self.rule.source})"


def rule(
    name: str, what: str, limit: str, source: str, confirmed: bool = True, warns: bool = False
) -> Callable[[_Check[_Subject]], Rule[_Subject]]:
    """Decorate a check to make it a rule."""

    def made(check: _Check[_Subject]) -> Rule[_Subject]:
        return Rule(name, what, limit, source, check, confirmed, warns)

    return made


def breaches(rules: Iterable[Rule[_Subject]], subject: _Subject) -> list[Breach]:
    """Every breach of the rules by one subject."""
    return [
        Breach(rule, fault.what, fault.where) for rule in rules for fault in rule.check(subject)
    ]
