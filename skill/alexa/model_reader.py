"""Access to the parts of an interaction model.

A model is JSON data in the shape of
https://developer.amazon.com/en-US/docs/alexa/smapi/interaction-model-schema.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from skill.content import normalise

Model = Mapping[str, Any]
SLOT = re.compile(r"\{([^{}]*)\}")


def language_model(model: Model) -> Mapping[str, Any]:
    """The language model: invocation name, intents and slot types."""
    found: Mapping[str, Any] = model["interactionModel"]["languageModel"]
    return found


def intents(model: Model) -> list[Mapping[str, Any]]:
    """Every intent."""
    return list(language_model(model)["intents"])


def slot_types(model: Model) -> Mapping[str, list[Mapping[str, Any]]]:
    """The values of each slot type, by the name of the type."""
    return {kind["name"]: kind["values"] for kind in language_model(model).get("types", ())}


def samples(model: Model) -> Iterator[tuple[str, str]]:
    """Each sample as (intent name, sample)."""
    for intent in intents(model):
        for sample in intent.get("samples", ()):
            yield intent["name"], sample


def value_names(model: Model) -> Iterator[tuple[str, str]]:
    """Each value and synonym as (slot type, name)."""
    for kind, values in slot_types(model).items():
        for value in values:
            for name in (value["name"]["value"], *value["name"].get("synonyms", ())):
                yield kind, name


def normalised_samples(model: Model) -> Iterator[tuple[str, str, str]]:
    """Each sample as (intent name, sample, normalised sample with slots named by their type)."""
    for intent in intents(model):
        types = {slot["name"]: slot["type"] for slot in intent.get("slots", ())}
        for sample in intent.get("samples", ()):
            pieces = SLOT.split(sample)
            pieces[1::2] = [f"{{{types.get(name, name)}}}" for name in pieces[1::2]]
            pieces[::2] = [normalise(piece) for piece in pieces[::2]]
            yield intent["name"], sample, " ".join(piece for piece in pieces if piece)


def types_by_name(model: Model) -> Mapping[str, str]:
    """Normalised name of a value or synonym -> slot type."""
    return {normalise(name): kind for kind, name in value_names(model)}


def with_slots(words: str, types: Mapping[str, str]) -> Iterator[str]:
    """The words with one value name at a time replaced by its slot type; see `types_by_name`."""
    longest = max((name.count(" ") + 1 for name in types), default=0)
    split = words.split()
    for start in range(len(split)):
        for end in range(start + 1, min(len(split), start + longest) + 1):
            kind = types.get(" ".join(split[start:end]))
            if kind:
                yield " ".join([*split[:start], f"{{{kind}}}", *split[end:]])
