"""The parts of an interaction model that rules look at: JSON data, taken to have its shape."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from skill.content.text import normalise

# JSON data of a model.
Model = Mapping[str, Any]
SLOT = re.compile(r"\{([^{}]*)\}")


def language(model: Model) -> Mapping[str, Any]:
    """The language model: invocation name, intents and types."""
    found: Mapping[str, Any] = model["interactionModel"]["languageModel"]
    return found


def intents(model: Model) -> list[Mapping[str, Any]]:
    """Every intent."""
    return list(language(model)["intents"])


def samples(model: Model) -> Iterator[tuple[str, str]]:
    """Each (intent, sample)."""
    for intent in intents(model):
        for sample in intent.get("samples", ()):
            yield intent["name"], sample


def values(model: Model) -> Iterator[tuple[str, str]]:
    """Each (type, name of a value or synonym)."""
    for kind in language(model).get("types", ()):
        for value in kind["values"]:
            for name in (value["name"]["value"], *value["name"].get("synonyms", ())):
                yield kind["name"], name


def keys(model: Model) -> Iterator[tuple[str, str, str]]:
    """Each intent and sample, and the sample in the words that are heard, slots by their type."""
    for intent in intents(model):
        types = {slot["name"]: slot["type"] for slot in intent.get("slots", ())}
        for sample in intent.get("samples", ()):
            pieces = SLOT.split(sample)
            pieces[1::2] = [f"{{{types.get(name, name)}}}" for name in pieces[1::2]]
            pieces[::2] = [normalise(piece) for piece in pieces[::2]]
            yield intent["name"], sample, " ".join(piece for piece in pieces if piece)


def slotted(key: str, named: Mapping[str, str], longest: int) -> Iterator[str]:
    """The words with one slot in place of any value in them: `named`, name -> type."""
    words = key.split()
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + longest) + 1):
            kind = named.get(" ".join(words[start:end]))
            if kind:
                yield " ".join([*words[:start], f"{{{kind}}}", *words[end:]])


def names_of_values(model: Model) -> tuple[Mapping[str, str], int]:
    """What values are called, name -> type, and how many words the longest has."""
    named = {normalise(name): kind for kind, name in values(model)}
    return named, max((name.count(" ") + 1 for name in named), default=0)
