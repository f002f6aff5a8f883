"""The SDK's response objects -> JSON data, just as the SDK's own serialiser makes it. Pure.

That one merges two tables of each class at every object; a class's names are gathered once here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

_AS_THEY_ARE = (str, bool, int, float, type(None))


def plain(value: Any, otherwise: Callable[[Any], Any]) -> Any:
    """Dictionaries, lists and plain values; `otherwise` is told what is none of the SDK's."""
    kind = value.__class__
    if kind in _AS_THEY_ARE:
        return value
    if kind is dict:
        return {name: plain(inner, otherwise) for name, inner in value.items()}
    if kind is list:
        return [plain(inner, otherwise) for inner in value]
    names = _names(kind)
    if not names:
        return otherwise(value)
    given = ((name, getattr(value, attribute)) for attribute, name in names)
    return {name: plain(inner, otherwise) for name, inner in given if inner is not None}


@cache
def _names(kind: type) -> tuple[tuple[str, str], ...]:
    """(attribute, name in JSON) of every field of one of the SDK's classes; none of another's."""
    written = getattr(kind, "attribute_map", {})
    fields = getattr(kind, "deserialized_types", ())
    return tuple((name, written.get(name, name)) for name in fields)
