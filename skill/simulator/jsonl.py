"""JSON Lines for other programs: one question a line in, one answer a line out."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any, TextIO

from skill.errors import AskableError
from skill.memory import NoMemory
from skill.settings import Settings
from skill.simulator.device import Device
from skill.simulator.runtime import Runtime

# Enough for a program that runs for long; a new session takes the place of the oldest one.
MOST_SESSIONS = 10_000
LONGEST_TEXT = 2_000  # characters; nobody says as much in one breath


def answer_lines(settings: Settings, lines: Iterable[bytes], out: TextIO) -> None:
    """Write the answer to each line to `out`, at once; `{"error": …}` for a malformed line."""
    runtime = Runtime(settings, NoMemory())
    sessions: OrderedDict[str, Device] = OrderedDict()
    for line in lines:
        if not line.strip():
            continue
        try:
            text, session = _read(line)
        except AskableError as error:
            record: dict[str, object] = {"error": str(error)}
        else:
            record = _device(runtime, sessions, session).say(text).as_record()
        out.write(json.dumps(record) + "\n")
        out.flush()


def _read(line: bytes) -> tuple[str, str]:
    try:
        question: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        reason = "not UTF-8" if isinstance(error, UnicodeDecodeError) else "not JSON"
        raise AskableError(
            f'line: {reason}; send one object a line, like {{"text": "…"}}'
        ) from error
    if not isinstance(question, dict):
        raise AskableError('line: not an object; send {"text": "…"}')
    text, session = question.get("text"), question.get("session", "")
    if not isinstance(text, str) or not text.strip():
        raise AskableError('text: is missing or not a string; send {"text": "…"}')
    if has_surrogate(text):
        raise AskableError("text: has half a character (a lone surrogate); send whole ones")
    if len(text) > LONGEST_TEXT:
        raise AskableError(f"text: has {len(text)} characters; send at most {LONGEST_TEXT}")
    if not isinstance(session, str):
        raise AskableError('session: is not a string; send {"text": "…", "session": "a"}')
    return text, session


def has_surrogate(text: str) -> bool:
    """Whether a text has half a character, which JSON allows and UTF-8 does not."""
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def _device(runtime: Runtime, sessions: OrderedDict[str, Device], session: str) -> Device:
    if session in sessions:
        sessions.move_to_end(session)
        return sessions[session]
    device = runtime.device()
    device.launch()
    if session:
        sessions[session] = device
        if len(sessions) > MOST_SESSIONS:
            sessions.popitem(last=False)
    return device
