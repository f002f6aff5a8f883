"""YAML files read field by field; every fault is collected with its file and line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

import yaml

from skill.errors import Problem

# libyaml, where the wheel has it, is ten times faster.
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MAPPING = yaml.MappingNode
_IDS = ("id", "locator")  # the fields by which problems call an item of a list
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
    Where a field holds other fields, `read` takes these, and those that it leaves are reported.
    """

    def __init__(self, file: str, node: yaml.Node, place: str, problems: list[Problem]) -> None:
        self.file = file
        self.line = node.start_mark.line + 1
        self.place = place
        self._problems = problems
        self._node = node
        self._nodes: dict[str, yaml.Node] = {}
        self._taken: set[str] = set()
        if isinstance(node, _MAPPING):
            self._nodes = self._by_name(node)
        else:
            self.fault("", "should be fields, one `name: value` a line", node)

    def fault(self, field: str, what: str, node: yaml.Node | None = None) -> None:
        """Add one problem of `field`."""
        at = node or self._nodes.get(field.split("[")[0])
        line = at.start_mark.line + 1 if at else self.line
        self._problems.append(Problem(self.file, line, self._place(field), what))

    def text(self, field: str, default: str | None = None) -> str:
        """A line of text; a missing one is a problem unless it has a `default`."""
        node = self._take(field, required=default is None)
        if node is None:
            return default or ""
        return self._scalar(field, node)

    def texts(self, field: str, required: bool = False) -> tuple[str, ...]:
        """A list of lines of text."""
        return self._texts(field, self._take(field, required))

    def named(self, field: str, read: Callable[[str, Fields], _T]) -> tuple[_T, ...]:
        """A mapping of names to fields, each read with `read(name, fields)`, in file order."""
        return tuple(
            self._read(node, f'{self._place(field)} "{name}"', partial(read, name))
            for name, node in self._entries(field).items()
        )

    def listed(
        self, field: str, read: Callable[[Fields], _T], required: bool = True
    ) -> tuple[_T, ...]:
        """A list of fields, each read with `read`; problems name an item by its id, if any."""
        return self._listed(field, self._take(field, required), read)

    def lists(self, field: str, read: Callable[[Fields], _T]) -> tuple[tuple[_T, ...], ...]:
        """A list of lists of fields."""
        return tuple(
            self._listed(f"{field}[{position}]", group, read)
            for position, group in enumerate(self._items(field, self._take(field, required=False)))
        )

    def named_texts(self, field: str, required: bool = False) -> dict[str, tuple[str, ...]]:
        """A mapping of names to lists of lines of text, none of them empty, in file order."""
        found = {}
        for name, node in self._entries(field, required).items():
            if isinstance(node, yaml.SequenceNode) and not node.value:
                self.fault(f"{field}.{name}", "is an empty list; fill it in", node)
            found[name] = self._texts(f"{field}.{name}", node)
        return found

    def named_text(self, field: str, required: bool = False) -> dict[str, str]:
        """A mapping of names to lines of text, in file order."""
        return {
            name: self._scalar(f"{field}.{name}", node)
            for name, node in self._entries(field, required).items()
        }

    def has(self, field: str) -> bool:
        """Whether the field is there at all."""
        return field in self._nodes

    def lines(self, field: str = "") -> dict[str, int]:
        """The line of each field here, or of each entry of the mapping `field`."""
        node = self._nodes.get(field) if field else self._node
        entries = node.value if isinstance(node, _MAPPING) else ()
        return {str(key.value): key.start_mark.line + 1 for key, _ in entries}

    def done(self) -> None:
        """Report every field that was not read: an old name, or most often a typing slip."""
        for name, node in self._nodes.items():
            if name in self._taken:
                continue
            if self._replaces(name):
                self.fault(name, f'is now called "{RENAMED[name]}"; rename it', node)
            else:
                known = ", ".join(sorted(self._taken))
                self.fault(name, f"unknown field; the fields here are {known}", node)

    def _take(self, field: str, required: bool) -> yaml.Node | None:
        self._taken.add(field)
        node = self._nodes.get(field)
        renamed = {RENAMED[old].partition(".")[0] for old in self._nodes if old in RENAMED}
        if node is None and required and field not in renamed:
            self.fault(field, "is missing; add it")
        return node

    def _replaces(self, old: str) -> bool:
        """Whether a field that was read here replaced the field `old`."""
        return RENAMED.get(old, "").partition(".")[0] in self._taken

    def _items(self, field: str, node: yaml.Node | None) -> list[yaml.Node]:
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.fault(field, "should be a list", node)
            return []
        return list(node.value)

    def _texts(self, field: str, node: yaml.Node | None) -> tuple[str, ...]:
        return tuple(
            self._scalar(f"{field}[{position}]", item)
            for position, item in enumerate(self._items(field, node))
        )

    def _listed(
        self, field: str, node: yaml.Node | None, read: Callable[[Fields], _T]
    ) -> tuple[_T, ...]:
        return tuple(
            self._read(item, self._item_place(field, position, item), read)
            for position, item in enumerate(self._items(field, node))
        )

    def _entries(self, field: str, required: bool = False) -> dict[str, yaml.Node]:
        node = self._take(field, required)
        if isinstance(node, _MAPPING):
            return self._by_name(node, f"{field}.")
        if node is not None:
            self.fault(field, "should be named entries, `name:` and what belongs to it", node)
        return {}

    def _by_name(self, mapping: yaml.MappingNode, prefix: str = "") -> dict[str, yaml.Node]:
        found: dict[str, yaml.Node] = {}
        for key, value in mapping.value:
            name = str(key.value)
            if name in found:
                self.fault(f"{prefix}{name}", "is given twice; keep one", key)
            found[name] = value
        return found

    def _scalar(self, field: str, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self.fault(field, "should be a line of text", node)
            return ""
        text = " ".join(str(node.value).split())
        if not text:
            self.fault(field, "is empty; fill it in", node)
        return text

    def _read(self, node: yaml.Node, place: str, read: Callable[[Fields], _T]) -> _T:
        fields = Fields(self.file, node, place, self._problems)
        found = read(fields)
        fields.done()
        return found

    def _place(self, field: str) -> str:
        return f"{self.place}: {field}" if self.place and field else self.place or field

    def _item_place(self, field: str, position: int, item: yaml.Node) -> str:
        for key, value in item.value if isinstance(item, _MAPPING) else ():
            if key.value in _IDS and isinstance(value, yaml.ScalarNode):
                return f'{field.removesuffix("s")} "{value.value}"'
        return self._place(f"{field}[{position}]")


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
