"""Answers lines of JSON for other programs: one line in, one line out, flushed at once."""

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

# Named sessions are kept for as long as a caller may use them; the oldest make room.
MOST_SESSIONS = 10_000
LONGEST_TEXT = 2_000  # characters; the longest thing anyone says in one breath is far shorter


def answer_lines(settings: Settings, lines: Iterable[bytes], out: TextIO) -> None:
    """Answer each line of `lines` on `out`; a bad line gets `{"error": …}` in its place."""
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
        asked: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        reason = "not UTF-8" if isinstance(error, UnicodeDecodeError) else "not JSON"
        raise AskableError(
            f'line: {reason}; send one object a line, like {{"text": "…"}}'
        ) from error
    if not isinstance(asked, dict):
        raise AskableError('line: not an object; send {"text": "…"}')
    text, session = asked.get("text"), asked.get("session", "")
    if not isinstance(text, str) or not text.strip():
        raise AskableError('text: is missing or not a text; send {"text": "…"}')
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise AskableError("text: holds half a character (a lone surrogate); send whole ones")
    if len(text) > LONGEST_TEXT:
        raise AskableError(f"text: has {len(text)} characters; send at most {LONGEST_TEXT}")
    if not isinstance(session, str):
        raise AskableError('session: should be a text, like {"text": "…", "session": "a"}')
    return text, session


def _device(runtime: Runtime, sessions: OrderedDict[str, Device], session: str) -> Device:
    device = sessions.get(session) if session else None
    if device is None:
        device = runtime.device()
        device.launch()
        if session:
            sessions[session] = device
            if len(sessions) > MOST_SESSIONS:
                sessions.popitem(last=False)
    if session:
        sessions.move_to_end(session)
    return device
