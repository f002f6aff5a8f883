"""Reads files of questions with what is right for them: YAML, or JSON a line.

Each entry has `text` and one of `answer` (an id, or a list of which any is right), `refuse` (a
kind) or `intent`; `before` lists what was said earlier in the same session.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from skill.errors import AskableError
from skill.tools.evaluation import REFUSALS, Case

_FIELDS = ("text", "answer", "refuse", "intent", "before")


def read_questions(path: Path, answers: Iterable[str], intents: Iterable[str]) -> tuple[Case, ...]:
    """The cases of a file; raises AskableError with every entry that cannot be one."""
    known_answers, known_intents = frozenset(answers), frozenset(intents)
    faults: list[str] = []
    cases = []
    for place, entry in _entries(path):
        try:
            cases.append(_case(entry, known_answers, known_intents))
        except ValueError as error:
            faults.append(f"{place}: {error}")
    if faults:
        raise AskableError("\n".join(faults))
    if not cases:
        raise AskableError(f"{path}: holds no question; add one, like - {{text: …, answer: …}}")
    return tuple(cases)


def _entries(path: Path) -> Iterator[tuple[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise AskableError(f"{path}: cannot be read: {error}") from error
    if path.suffix == ".jsonl":
        for number, line in enumerate(text.splitlines(), start=1):
            if line.strip():
                try:
                    yield f"{path}:{number}", json.loads(line)
                except (ValueError, RecursionError) as error:
                    raise AskableError(f"{path}:{number}: is not JSON; mend the line") from error
        return
    try:
        entries = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise AskableError(f"{path}: bad YAML: {' '.join(str(error).split())}") from error
    if not isinstance(entries, list):
        raise AskableError(f"{path}: should be a list of questions, one `- text: …` each")
    for number, entry in enumerate(entries, start=1):
        yield f"{path}: question {number}", entry


def _case(entry: Any, answers: frozenset[str], intents: frozenset[str]) -> Case:
    if not isinstance(entry, Mapping):
        entry = {}
    unknown = [str(name) for name in entry if name not in _FIELDS]
    if unknown:
        raise ValueError(f"{unknown[0]}: unknown field; the fields are {', '.join(_FIELDS)}")
    text = entry.get("text")
    if not isinstance(text, str) or not text.strip():
        raise ValueError("text: is missing; add what is asked")
    before = _texts(entry.get("before", []), "before")
    given = [name for name in ("answer", "refuse", "intent") if name in entry]
    if len(given) != 1:
        raise ValueError("should have exactly one of answer, refuse and intent")
    (kind,) = given
    known = {"answer": answers, "refuse": frozenset(REFUSALS), "intent": intents}[kind]
    names = _texts(entry[kind], kind)
    for name in names:
        if name not in known:
            raise ValueError(f'{kind}: "{name}" is not known; known are {", ".join(sorted(known))}')
    if not names:
        raise ValueError(f"{kind}: is empty; name one")
    return Case(text, tuple(f"{kind}:{name}" for name in names), before)


def _texts(value: Any, field: str) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(item, str) and item for item in values):
        raise ValueError(f"{field}: should be a text or a list of texts")
    return tuple(values)
