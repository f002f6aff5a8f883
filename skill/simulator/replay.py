"""Recorded conversations in the replay format of ask-cli's `ask dialog`.

`{"skillId": …, "locale": …, "type": "text", "userInput": [utterance, …]}`, which its `.record`
command writes: https://github.com/alexa/ask-cli/blob/develop/docs/concepts/Dialog-Command.md
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from skill.content import normalise
from skill.errors import AskableError
from skill.simulator.jsonl import has_surrogate

MOST_UTTERANCES = 500
LONGEST_UTTERANCE = 2_000  # characters
_QUIT = ".quit"  # the command that ends ask-cli after a replay


@dataclass(frozen=True)
class Replay:
    """A recorded conversation."""

    locale: str
    utterances: tuple[str, ...]
    leaves: bool = False  # whether the listener leaves at the end


def write_replay(
    skill_id: str, locale: str, said: Iterable[tuple[str, bool]], invocation_name: str
) -> str:
    """The text of a replay file.

    Args:
        skill_id: The skill.
        locale: The listener's locale.
        said: Each utterance, and whether it opened a session.
        invocation_name: The skill's name, which is put before an utterance that opened a session,
            since only a call by name opens one on Alexa.
    """
    lines = [
        f"ask {invocation_name} {utterance}"
        if opens and normalise(invocation_name) not in normalise(utterance)
        else utterance
        for utterance, opens in said
        if utterance.strip()
    ]
    replay = {"skillId": skill_id, "locale": locale, "type": "text", "userInput": lines}
    return json.dumps(replay, indent=2, ensure_ascii=False) + "\n"


def read_replay(data: bytes) -> Replay:
    """The conversation in a replay file.

    Raises:
        AskableError: The file is malformed; the message names the field.
    """
    try:
        found: Any = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise AskableError("replay: is not JSON; give a file that `.record` wrote") from error
    if not isinstance(found, dict):
        raise AskableError("replay: is not an object; give a file that `.record` wrote")
    locale, said = found.get("locale"), found.get("userInput")
    if not isinstance(locale, str) or not locale.strip():
        raise AskableError('replay:locale: is missing; write one, such as "en-US"')
    if not isinstance(said, list) or not said or len(said) > MOST_UTTERANCES:
        raise AskableError(f"replay:userInput: is not a list of 1 to {MOST_UTTERANCES} utterances")
    lines = [_utterance(line, place) for place, line in enumerate(said)]
    leaves = lines[-1] == _QUIT
    utterances = tuple(lines[:-1] if leaves else lines)
    for place, line in enumerate(utterances):
        if line.startswith("."):
            raise AskableError(
                f"replay:userInput[{place}]: is a command, not an utterance; "
                f"the only command that can be replayed is {_QUIT} at the end"
            )
    return Replay(locale.strip(), utterances, leaves)


def _utterance(line: object, place: int) -> str:
    field = f"replay:userInput[{place}]"
    if not isinstance(line, str) or not line.strip() or len(line) > LONGEST_UTTERANCE:
        raise AskableError(f"{field}: is not a string of 1 to {LONGEST_UTTERANCE} characters")
    if has_surrogate(line):
        raise AskableError(f"{field}: has half a character (a lone surrogate); write it whole")
    return line.strip()
