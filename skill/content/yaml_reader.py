"""YAML files read field by field; every fault is collected with its file and line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import yaml

from skill.errors import Problem

# libyaml, where the wheel has it, is ten times faster.
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MAPPING = yaml.MappingNode
# libyaml builds nodes by recursion, and deep nesting crashes the process.
_TOO_DEEP = re.compile(r"(?:[\[{]\s*(?:\w+\s*:\s*)?){50}|(?:[-?:]\s+){50}")
_T = TypeVar("_T")
# Keys that were renamed -> what replaced them.
RENAMED: Mapping[str, str] = {
    "from": "sources",
    "silences": "known_gaps",
    "ask_which": "prompt",
    "beside": "near_misses",
    "controls": "commands",
    "outside": "out_of_domain",
    "others": "other_entities",
    "asked_of_others": "other_entity_templates",
    "medical": "refusals.medical",
    "danger": "refusals.danger",
    "search": "carrier_phrases",
    "fillers": "stop_words",
    "danger_words": "danger_phrases",
}


class Fields:
    """One mapping of a content file.

    Each method reads one field by its key; what is missing, odd or unknown becomes a `Problem`.
    """

    def __init__(self, file: str, node: yaml.Node, place: str, problems: list[Problem]) -> None:
        self.file = file
        self.line = node.start_mark.line + 1
        self.place = place
        self._problems = problems
        self._nodes: dict[str, yaml.Node] = {}
        self._lines: dict[str, int] = {}
        self._asked: set[str] = set()
        if not isinstance(node, _MAPPING):
            self.fault("", "should be fields, one `name: value` a line", node)
            return
        for key, value in node.value:
            name = str(key.value)
            if name in self._nodes:
                self.fault(name, "is given twice; keep one", key)
            self._nodes[name] = value
            self._lines[name] = key.start_mark.line + 1

    def fault(self, field: str, what: str, node: yaml.Node | None = None) -> None:
        """Add one problem of `field`."""
        place = f"{self.place}: {field}" if self.place and field else self.place or field
        at = node or self._nodes.get(field.split("[")[0])
        line = at.start_mark.line + 1 if at else self.line
        self._problems.append(Problem(self.file, line, place, what))

    def text(self, field: str, default: str | None = None) -> str:
        """A line of text; a missing one is a problem unless it has a `default`."""
        node = self._take(field, required=default is None)
        if node is None:
            return default or ""
        return self._scalar(field, node)

    def texts(self, field: str, required: bool = False) -> tuple[str, ...]:
        """A list of lines of text."""
        return tuple(
            self._scalar(f"{field}[{position}]", item)
            for position, item in enumerate(self._items(field, self._take(field, required)))
        )

    def named(self, field: str, read: Callable[[str, Fields], _T]) -> tuple[_T, ...]:
        """A mapping of names to fields, each read with `read(name, fields)`, in file order."""
        place = f"{self.place}: {field}" if self.place else field
        return tuple(
            read(name, self._inner(node, f'{place} "{name}"'))
            for name, node in self._entries(field)
        )

    def listed(
        self, field: str, read: Callable[[Fields], _T], name: str = "", required: bool = True
    ) -> tuple[_T, ...]:
        """A list of fields, each read with `read`; problems call an item by its field `name`."""
        items = self._items(field, self._take(field, required))
        return tuple(
            read(self._inner(item, self._item_place(field, position, item, name)))
            for position, item in enumerate(items)
        )

    def lists(self, field: str, read: Callable[[Fields], _T]) -> tuple[tuple[_T, ...], ...]:
        """A list of lists of fields."""
        return tuple(
            tuple(
                read(self._inner(item, f"{self.place}: {field}[{outer}][{inner}]"))
                for inner, item in enumerate(self._items(f"{field}[{outer}]", group))
            )
            for outer, group in enumerate(self._items(field, self._take(field, required=False)))
        )

    def named_texts(self, field: str, required: bool = False) -> dict[str, tuple[str, ...]]:
        """A mapping of names to lists of lines of text, none of them empty, in file order."""
        found = {}
        for name, node in self._entries(field, required):
            items = self._items(f"{field}.{name}", node)
            if not items and isinstance(node, yaml.SequenceNode):
                self.fault(f"{field}.{name}", "is an empty list; fill it in", node)
            found[name] = tuple(
                self._scalar(f"{field}.{name}[{position}]", item)
                for position, item in enumerate(items)
            )
        return found

    def pairs(self, field: str, required: bool = False) -> tuple[tuple[str, str], ...]:
        """A mapping of names to lines of text, in file order."""
        return tuple(
            (name, self._scalar(f"{field}.{name}", node))
            for name, node in self._entries(field, required)
        )

    def has(self, field: str) -> bool:
        """Whether the field is there at all."""
        return field in self._nodes

    def lines(self, field: str = "") -> dict[str, int]:
        """The line of each field here, or of each entry of the mapping `field`."""
        if not field:
            return self._lines
        node = self._nodes.get(field)
        entries = node.value if isinstance(node, _MAPPING) else ()
        return {str(key.value): key.start_mark.line + 1 for key, _ in entries}

    def done(self) -> None:
        """Report every field that was not read: an old name, or most often a typing slip."""
        for name, node in self._nodes.items():
            if name in self._asked:
                continue
            if self._replaces(name):
                self.fault(name, f'is now called "{RENAMED[name]}"; rename it', node)
            else:
                known = ", ".join(sorted(self._asked))
                self.fault(name, f"unknown field; the fields here are {known}", node)

    def _take(self, field: str, required: bool) -> yaml.Node | None:
        self._asked.add(field)
        node = self._nodes.get(field)
        renamed = {RENAMED[old].partition(".")[0] for old in self._nodes if old in RENAMED}
        if node is None and required and field not in renamed:
            self.fault(field, "is missing; add it")
        return node

    def _replaces(self, old: str) -> bool:
        """Whether a field that was read here replaced the field `old`."""
        return RENAMED.get(old, "").partition(".")[0] in self._asked

    def _items(self, field: str, node: yaml.Node | None) -> list[yaml.Node]:
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.fault(field, "should be a list", node)
            return []
        return list(node.value)

    def _entries(self, field: str, required: bool = False) -> list[tuple[str, yaml.Node]]:
        node = self._take(field, required)
        if node is None:
            return []
        if not isinstance(node, _MAPPING):
            self.fault(field, "should be named entries, `name:` and what belongs to it", node)
            return []
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = str(key.value)
            if name in found:
                self.fault(f"{field}.{name}", "is given twice; keep one", key)
            found[name] = value
        return list(found.items())

    def _scalar(self, field: str, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self.fault(field, "should be a line of text", node)
            return ""
        text = " ".join(str(node.value).split())
        if not text:
            self.fault(field, "is empty; fill it in", node)
        return text

    def _inner(self, node: yaml.Node, place: str) -> Fields:
        return Fields(self.file, node, place, self._problems)

    def _item_place(self, field: str, position: int, item: yaml.Node, name: str) -> str:
        inner = f"{field}[{position}]"
        if name and isinstance(item, _MAPPING):
            for key, value in item.value:
                if key.value == name and isinstance(value, yaml.ScalarNode):
                    return f'{field.rstrip("s")} "{value.value}"'
        return f"{self.place}: {inner}" if self.place else inner


def read_fields(path: Path, shown: str, problems: list[Problem]) -> Fields | None:
    """The top mapping of a YAML file; without one, the reason is added to `problems`.

    `shown` is how problems name the file.
    """
    try:
        text = path.read_text(encoding="utf-8")
        if _TOO_DEEP.search(text):
            problems.append(Problem(shown, 0, "", "is nested far too deeply; take some out"))
            return None
        node = yaml.compose(text, Loader=_LOADER)
    except FileNotFoundError:
        problems.append(Problem(shown, 0, "", "the file is missing; create it"))
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Problem(shown, 0, "", f"cannot be read as UTF-8 text: {error}"))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        reason = " ".join(str(error.problem or "unreadable").split())
        problems.append(Problem(shown, mark.line + 1 if mark else 0, "", f"bad YAML: {reason}"))
    except yaml.YAMLError as error:
        problems.append(Problem(shown, 0, "", f"bad YAML: {' '.join(str(error).split())}"))
    else:
        if node is None:
            problems.append(Problem(shown, 0, "", "the file is empty; fill it in"))
        else:
            return Fields(shown, node, "", problems)
    return None
