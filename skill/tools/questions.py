"""Question files: YAML, or JSON lines.

Each entry has `text` and one of `answer` (an id, or a list of ids that are all right), `refuse` (a
kind of refusal) or `intent`; `before` lists earlier utterances of the same session.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from skill.content import REFUSAL_KINDS, Article
from skill.errors import AskableError, ContentError, Problem
from skill.tools.evaluate import Case

_FIELDS = ("text", "answer", "refuse", "intent", "before")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_questions(path: Path, article: Article) -> tuple[Case, ...]:
    """The cases of a file.

    Raises:
        ContentError: One problem for each entry that is malformed or names nothing in `article`.
        AskableError: The file cannot be read.
    """
    known = {
        "answer": frozenset(article.answers),
        "refuse": frozenset(REFUSAL_KINDS),
        "intent": frozenset(command.intent for command in article.commands),
    }
    problems = []
    cases = []
    for line, entry in _entries(path):
        try:
            cases.append(_case(entry, known))
        except ValueError as error:
            problems.append(Problem(str(path), line, "", str(error)))
    if problems:
        raise ContentError(problems)
    if not cases:
        raise AskableError(f"{path}: holds no question; add one, like - {{text: …, answer: …}}")
    return tuple(cases)


def _entries(path: Path) -> Iterator[tuple[int, Any]]:
    """Each entry with its line."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise AskableError(f"{path}: cannot be read: {error}") from error
    if path.suffix == ".jsonl":
        for number, line in enumerate(text.splitlines(), start=1):
            if line.strip():
                try:
                    yield number, json.loads(line)
                except (ValueError, RecursionError) as error:
                    raise AskableError(f"{path}:{number}: is not JSON; correct the line") from error
        return
    try:
        loader = _LOADER(text)
        node = loader.get_single_node()
        if not isinstance(node, yaml.SequenceNode):
            raise AskableError(f"{path}: should be a list of questions, one `- text: …` each")
        for item in node.value:
            yield item.start_mark.line + 1, loader.construct_object(item, deep=True)
    except yaml.YAMLError as error:
        raise AskableError(f"{path}: bad YAML: {' '.join(str(error).split())}") from error


def _case(entry: Any, known: Mapping[str, frozenset[str]]) -> Case:
    if not isinstance(entry, Mapping):
        entry = {}
    unknown = [str(name) for name in entry if name not in _FIELDS]
    if unknown:
        raise ValueError(f"{unknown[0]}: unknown field; the fields are {', '.join(_FIELDS)}")
    text = entry.get("text")
    if not isinstance(text, str) or not text.strip():
        raise ValueError("text: is missing; add the question")
    before = _texts(entry.get("before", []), "before")
    given = [kind for kind in known if kind in entry]
    if len(given) != 1:
        raise ValueError("should have exactly one of answer, refuse and intent")
    (kind,) = given
    names = _texts(entry[kind], kind)
    for name in names:
        if name not in known[kind]:
            names_known = ", ".join(sorted(known[kind]))
            raise ValueError(f'{kind}: "{name}" is not known; known are {names_known}')
    if not names:
        raise ValueError(f"{kind}: is empty; name one")
    return Case(text, tuple(f"{kind}:{name}" for name in names), before)


def _texts(value: Any, field: str) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(item, str) and item for item in values):
        raise ValueError(f"{field}: should be a text or a list of texts")
    return tuple(values)
