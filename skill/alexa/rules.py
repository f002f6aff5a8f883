"""Alexa's rules for an interaction model: a table of id, what, limit, source and check. Pure.

`confirmed` is False where a figure is recalled and not re-read at its source (design section 5).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from skill.words import normalise

_DOCS = "developer.amazon.com/en-US/docs/alexa/"
_UTTERANCES = _DOCS + "custom-skills/create-intents-utterances-and-slots.html"
_INVOCATION = _DOCS + "custom-skills/choose-the-invocation-name-for-a-custom-skill.html"
_SCHEMA = _DOCS + "smapi/interaction-model-schema.html"
_BUILT_IN = _DOCS + "custom-skills/standard-built-in-intents.html"
_SLOT_TYPES = _DOCS + "custom-skills/slot-type-reference.html"
_LIMITS = _DOCS + "smapi/interaction-model-schema.html#limits"

# JSON data of a model; its shape is what these rules check.
Model = Mapping[str, Any]
_SLOT = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"[A-Za-z][A-Za-z_.]*")
_SAMPLE = re.compile(r"(?:[A-Za-z' -]|[A-Za-z]\.|\{[A-Za-z_]+\})+")
_LAUNCH_WORDS = frozenset(
    [
        "run",
        "start",
        "play",
        "resume",
        "use",
        "launch",
        "ask",
        "open",
        "tell",
        "load",
        "begin",
        "enable",
    ]
)
_CONNECTING_WORDS = frozenset(
    ["to", "from", "in", "using", "with", "about", "for", "that", "by", "if", "and", "whether"]
)
_RESERVED_WORDS = frozenset(["alexa", "amazon", "echo", "computer", "skill", "app"])
_ARTICLES = frozenset(["the", "a", "an", "of", "on", "at"])
_REQUIRED = [
    "AMAZON.HelpIntent",
    "AMAZON.StopIntent",
    "AMAZON.CancelIntent",
    "AMAZON.NavigateHomeIntent",
    "AMAZON.FallbackIntent",
    "AMAZON.RepeatIntent",
    "AMAZON.MoreIntent",
    "AMAZON.NextIntent",
    "AMAZON.PreviousIntent",
    "AMAZON.YesIntent",
    "AMAZON.NoIntent",
    "AMAZON.StartOverIntent",
]


@dataclass(frozen=True)
class Rule:
    """One rule of Amazon's: `check` yields a sentence for every breach."""

    id: str
    what: str
    limit: str
    source: str
    confirmed: bool
    check: Callable[[Model], Iterator[str]]


@dataclass(frozen=True)
class Breach:
    """A rule that a model breaks, and how."""

    rule: Rule
    what: str

    def __str__(self) -> str:
        return f"{self.rule.id}: {self.what} (see {self.rule.source})"


def broken_rules(model: Model) -> list[Breach]:
    """Every breach of every rule."""
    return [Breach(rule, what) for rule in MODEL_RULES for what in rule.check(model)]


def _language(model: Model) -> Mapping[str, Any]:
    language: Mapping[str, Any] = model["interactionModel"]["languageModel"]
    return language


def _intents(model: Model) -> list[Mapping[str, Any]]:
    return list(_language(model)["intents"])


def _samples(model: Model) -> Iterator[tuple[str, str]]:
    for intent in _intents(model):
        for sample in intent.get("samples", ()):
            yield intent["name"], sample


def _values(model: Model) -> Iterator[tuple[str, str]]:
    for kind in _language(model).get("types", ()):
        for value in kind["values"]:
            for name in (value["name"]["value"], *value["name"].get("synonyms", ())):
                yield kind["name"], name


def _invocation_words(model: Model) -> Iterator[str]:
    name = _language(model)["invocationName"]
    words = name.split()
    if not re.fullmatch(r"[a-z][a-z' .]*", name):
        yield f'invocation name "{name}" should be lower-case letters, spaces and apostrophes'
    if len(words) < 2:
        yield f'invocation name "{name}" should have two words or more'
    if not 2 <= len(name) <= 50:
        yield f'invocation name "{name}" should have 2 to 50 characters'
    for kind, reserved in (
        ("launch", _LAUNCH_WORDS),
        ("connecting", _CONNECTING_WORDS),
        ("reserved", _RESERVED_WORDS),
        ("article or preposition", _ARTICLES if len(words) == 2 else frozenset()),
    ):
        for word in words:
            if word in reserved:
                yield f'invocation name "{name}" holds the {kind} word "{word}"'


def _names(model: Model) -> Iterator[str]:
    for intent in _intents(model):
        for name in (intent["name"], *(slot["name"] for slot in intent.get("slots", ()))):
            if not _NAME.fullmatch(name):
                yield f'name "{name}" should be letters, underscores and periods'
    for kind in _language(model).get("types", ()):
        if not _NAME.fullmatch(kind["name"]):
            yield f'type name "{kind["name"]}" should be letters, underscores and periods'


def _unique_names(model: Model) -> Iterator[str]:
    for name, times in Counter(intent["name"] for intent in _intents(model)).items():
        if times > 1:
            yield f'intent "{name}" is given {times} times'
    types = Counter(kind["name"] for kind in _language(model).get("types", ()))
    for name, times in types.items():
        if times > 1:
            yield f'type "{name}" is given {times} times'


def _sample_characters(model: Model) -> Iterator[str]:
    for intent, sample in _samples(model):
        if not _SAMPLE.fullmatch(sample):
            yield f'{intent}: sample "{sample}" has a character that samples may not have'


def _sample_length(model: Model) -> Iterator[str]:
    for intent, sample in _samples(model):
        if len(sample) > 200:
            yield f'{intent}: sample "{sample[:40]}…" has {len(sample)} characters, over 200'


def _sample_slots(model: Model) -> Iterator[str]:
    for intent in _intents(model):
        known = {slot["name"] for slot in intent.get("slots", ())}
        used = {slot for sample in intent.get("samples", ()) for slot in _SLOT.findall(sample)}
        for name in sorted(used - known):
            yield f'{intent["name"]}: samples use the slot "{name}", which it does not declare'
        for name in sorted(known - used):
            yield f'{intent["name"]}: no sample uses the slot "{name}"'


def _slot_types(model: Model) -> Iterator[str]:
    known = {kind["name"] for kind in _language(model).get("types", ())}
    for intent in _intents(model):
        for slot in intent.get("slots", ()):
            if slot["type"] not in known and not slot["type"].startswith("AMAZON."):
                yield f'{intent["name"]}: slot type "{slot["type"]}" is not defined'


def _one_owner(model: Model) -> Iterator[str]:
    owners: dict[str, str] = {}
    for intent, sample in _samples(model):
        key = _SLOT.sub(lambda found: f"slot {found.group(1)} slot", sample)
        other = owners.setdefault(normalise(key), intent)
        if other != intent:
            yield f'sample "{sample}" stands in {other} and in {intent}'


def _search_query(model: Model) -> Iterator[str]:
    for intent in _intents(model):
        queries = {
            slot["name"] for slot in intent.get("slots", ()) if slot["type"] == "AMAZON.SearchQuery"
        }
        for sample in intent.get("samples", ()):
            slots = _SLOT.findall(sample)
            if queries & set(slots) and len(slots) > 1:
                yield f'{intent["name"]}: sample "{sample}" has a SearchQuery and another slot'
            if queries & set(slots) and not _SLOT.sub("", sample).strip():
                yield f'{intent["name"]}: sample "{sample}" has no carrier phrase'


def _required(model: Model) -> Iterator[str]:
    names = {intent["name"] for intent in _intents(model)}
    for name in _REQUIRED:
        if name not in names:
            yield f"the built-in intent {name} is missing"


def _intent_count(model: Model) -> Iterator[str]:
    count = len(_intents(model))
    if count > 250:
        yield f"{count} intents, over 250"


def _size(model: Model) -> Iterator[str]:
    size = len(json.dumps(model).encode())
    if size > 1_500_000:
        yield f"{size} bytes, over 1,500,000"


def _value_length(model: Model) -> Iterator[str]:
    for kind, name in _values(model):
        if not 1 <= len(name) <= 140:
            yield f'{kind}: value "{name[:40]}" has {len(name)} characters, not 1 to 140'


def _value_count(model: Model) -> Iterator[str]:
    count = sum(1 for _ in _values(model))
    if count > 50_000:
        yield f"{count} values and synonyms, over 50,000"


def _fallback_samples(model: Model) -> Iterator[str]:
    for intent, sample in _samples(model):
        if intent == "AMAZON.FallbackIntent":
            yield f'AMAZON.FallbackIntent takes no samples; "{sample}" is one'


MODEL_RULES = (
    Rule(
        "invocation-name",
        "how the skill is called",
        "two words, none reserved",
        _INVOCATION,
        True,
        _invocation_words,
    ),
    Rule(
        "names",
        "names of intents, slots and types",
        "letters, underscores, periods",
        _UTTERANCES,
        True,
        _names,
    ),
    Rule("unique-names", "a name is given once", "1", _SCHEMA, True, _unique_names),
    Rule(
        "sample-characters",
        "what a sample is made of",
        "letters, spaces, ' - and {slots}",
        _UTTERANCES,
        False,
        _sample_characters,
    ),
    Rule("sample-length", "how long a sample is", "200 characters", _LIMITS, False, _sample_length),
    Rule("sample-slots", "samples and slots agree", "-", _SCHEMA, True, _sample_slots),
    Rule("slot-types", "every slot type is defined", "-", _SCHEMA, True, _slot_types),
    Rule("one-owner", "a sample belongs to one intent", "1", _UTTERANCES, True, _one_owner),
    Rule(
        "search-query",
        "SearchQuery has a carrier and no other slot",
        "-",
        _SLOT_TYPES,
        True,
        _search_query,
    ),
    Rule("built-ins", "built-in intents that listeners expect", "12", _BUILT_IN, True, _required),
    Rule("intent-count", "how many intents", "250", _LIMITS, False, _intent_count),
    Rule("model-size", "how large the model is", "1.5 MB", _LIMITS, False, _size),
    Rule(
        "value-length", "how long a slot value is", "140 characters", _LIMITS, False, _value_length
    ),
    Rule("value-count", "how many values and synonyms", "50,000", _LIMITS, False, _value_count),
    Rule("fallback-samples", "the fallback takes none", "0", _BUILT_IN, True, _fallback_samples),
)
