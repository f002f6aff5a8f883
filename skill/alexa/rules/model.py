"""Rules for an interaction model as a whole: how it is called, its names and its limits. Pure."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator

from skill.alexa.rules.model_parts import Model, intents, language, values
from skill.alexa.rules.samples import SAMPLE_RULES
from skill.alexa.rules.table import (
    BUILT_IN,
    INVOCATION,
    LIMITS,
    SCHEMA,
    UTTERANCES,
    Breach,
    Fault,
    Rule,
    breaches,
)

_NAME = re.compile(r"[A-Za-z][A-Za-z_.]*")
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


def broken_rules(model: Model) -> list[Breach]:
    """Every breach of every rule by a model."""
    return breaches(MODEL_RULES, model)


def _invocation_words(model: Model) -> Iterator[Fault]:
    name = language(model)["invocationName"]
    words = name.split()
    if not re.fullmatch(r"[a-z][a-z' .]*", name):
        yield Fault(
            f'invocation name "{name}" should be lower-case letters, spaces and apostrophes'
        )
    if len(words) < 2:
        yield Fault(f'invocation name "{name}" should have two words or more')
    if not 2 <= len(name) <= 50:
        yield Fault(f'invocation name "{name}" should have 2 to 50 characters')
    for kind, reserved in (
        ("launch", _LAUNCH_WORDS),
        ("connecting", _CONNECTING_WORDS),
        ("reserved", _RESERVED_WORDS),
        ("article or preposition", _ARTICLES if len(words) == 2 else frozenset()),
    ):
        for word in words:
            if word in reserved:
                yield Fault(f'invocation name "{name}" holds the {kind} word "{word}"')


def _names(model: Model) -> Iterator[Fault]:
    for intent in intents(model):
        for name in (intent["name"], *(slot["name"] for slot in intent.get("slots", ()))):
            if not _NAME.fullmatch(name):
                yield Fault(f'name "{name}" should be letters, underscores and periods')
    for kind in language(model).get("types", ()):
        if not _NAME.fullmatch(kind["name"]):
            yield Fault(f'type name "{kind["name"]}" should be letters, underscores and periods')


def _unique_names(model: Model) -> Iterator[Fault]:
    for name, times in Counter(intent["name"] for intent in intents(model)).items():
        if times > 1:
            yield Fault(f'intent "{name}" is given {times} times')
    types = Counter(kind["name"] for kind in language(model).get("types", ()))
    for name, times in types.items():
        if times > 1:
            yield Fault(f'type "{name}" is given {times} times')


def _required(model: Model) -> Iterator[Fault]:
    names = {intent["name"] for intent in intents(model)}
    for name in _REQUIRED:
        if name not in names:
            yield Fault(f"the built-in intent {name} is missing")


def _intent_count(model: Model) -> Iterator[Fault]:
    count = len(intents(model))
    if count > 250:
        yield Fault(f"{count} intents, over 250")


def _size(model: Model) -> Iterator[Fault]:
    size = len(json.dumps(model).encode())
    if size > 1_500_000:
        yield Fault(f"{size} bytes, over 1,500,000")


def _value_length(model: Model) -> Iterator[Fault]:
    for kind, name in values(model):
        if not 1 <= len(name) <= 140:
            yield Fault(f'{kind}: value "{name[:40]}" has {len(name)} characters, not 1 to 140')


def _value_count(model: Model) -> Iterator[Fault]:
    count = sum(1 for _ in values(model))
    if count > 50_000:
        yield Fault(f"{count} values and synonyms, over 50,000")


MODEL_RULES: tuple[Rule[Model], ...] = (
    Rule(
        "invocation-name",
        "how the skill is called",
        "two words, none reserved",
        INVOCATION,
        True,
        _invocation_words,
    ),
    Rule(
        "names",
        "names of intents, slots and types",
        "letters, underscores, periods",
        UTTERANCES,
        True,
        _names,
    ),
    Rule("unique-names", "a name is given once", "1", SCHEMA, True, _unique_names),
    Rule("built-ins", "built-in intents that listeners expect", "12", BUILT_IN, True, _required),
    Rule("intent-count", "how many intents", "250", LIMITS, False, _intent_count),
    Rule("model-size", "how large the model is", "1.5 MB", LIMITS, False, _size),
    Rule("value-length", "how long a slot value is", "140 characters", LIMITS, True, _value_length),
    Rule("value-count", "how many values and synonyms", "50,000", LIMITS, False, _value_count),
    *SAMPLE_RULES,
)
