"""Edits of JSON data that are data themselves, for cases in YAML files.

An edit has one operation with a path, and its values:

    {set: "intents[0].name", value: What2Intent}
    {append: "intents[name=SearchIntent].samples", value: "{query}"}
    {delete: "reprompt"}
    {replace: "description", old: adults, new: people}

A path is made of keys with dots between them, and brackets: `[0]` is an index, `[name=X]` the item
of a list whose `name` is X, and any other `[text]` a key that may contain dots. `append` adds an
item to a list or text to a text. `times: 3` repeats a text that is set or appended, or appends so
many items, in each of which `{n}` is another run of letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

_STEP = re.compile(r"\[([^\]]*)\]|([^.\[\]]+)")
Edit = Mapping[str, Any]


def apply_edits(document: Any, edits: Iterable[Edit]) -> None:
    """Change the document in place."""
    for edit in edits:
        _apply(document, edit)


def _apply(document: Any, edit: Edit) -> None:
    (operation,) = edit.keys() & {"set", "append", "delete", "replace"}
    *steps, last = (inner or key for inner, key in _STEP.findall(edit[operation]))
    parent = document
    for step in steps:
        parent = parent[_key(parent, step)]
    key = _key(parent, last)
    times = edit.get("times", 1)
    if operation == "delete":
        del parent[key]
    elif operation == "set":
        parent[key] = edit["value"] * times if "times" in edit else edit["value"]
    elif operation == "replace":
        assert edit["old"] in parent[key], f"{edit[operation]} does not contain {edit['old']!r}"
        parent[key] = parent[key].replace(edit["old"], edit["new"])
    elif isinstance(parent[key], str):
        parent[key] += edit["value"] * times
    else:
        parent[key].extend(_numbered(edit["value"], number) for number in range(times))


def _key(parent: Any, step: str) -> Any:
    if not isinstance(parent, list):
        return step
    field, equals, wanted = step.partition("=")
    if not equals:
        return int(step)
    (position,) = (at for at, item in enumerate(parent) if item[field] == wanted)
    return position


def _numbered(value: Any, number: int) -> Any:
    """A copy of the value with `{n}` as letters: names in a model have no digits."""
    if isinstance(value, str):
        return value.replace("{n}", _letters(number))
    if isinstance(value, dict):
        return {key: _numbered(inner, number) for key, inner in value.items()}
    if isinstance(value, list):
        return [_numbered(inner, number) for inner in value]
    return value


def _letters(number: int) -> str:
    letters = ""
    while number or not letters:
        number, rest = divmod(number, 26)
        letters = chr(97 + rest) + letters
    return letters
