"""The parts of an interaction model that rules look at: JSON data, taken to have its shape."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

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
