"""Whole conversations, written down in YAML and held with a device.

Each turn has what is said (`say`; `launch` opens the skill by its name) and
what must come back: `intent`, `answer` (~ for none), `match`, words that the speech `has`, words
that it `lacks`, and whether the session stays `open` (yes unless given).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from skill.simulator import Device


def read_conversations(path: Path) -> list[dict[str, Any]]:
    """Every conversation of a file: its `name` and its `turns`."""
    conversations: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return conversations


def check_conversation(device: Device, turns: Sequence[Mapping[str, Any]]) -> None:
    """Hold a conversation, and check each turn."""
    for turn in turns:
        exchange = device.launch() if turn["say"] == "launch" else device.say(turn["say"])
        record = f"{turn['say']!r} -> {exchange.as_record()}"
        if "intent" in turn:
            assert exchange.name == turn["intent"], record
        if "answer" in turn:
            assert exchange.answer == turn["answer"], record
        if "match" in turn:
            assert exchange.intent_match.match == turn["match"], record
        for words in turn.get("has", ()):
            assert words in exchange.speech, record
        for words in turn.get("lacks", ()):
            assert words not in exchange.speech, record
        assert exchange.session_open is turn.get("open", True), record
        assert bool(exchange.reprompt) is exchange.session_open, record
        assert exchange.speech.endswith("?") is exchange.session_open, record
        assert bool(exchange.sources) is (exchange.answer is not None), record
