"""A conversation in the replay format of ask-cli's `ask dialog`: written and read. Pure.

`{"skillId": …, "locale": …, "type": "text", "userInput": [utterance, …]}`, as its `.record` writes:
https://github.com/alexa/ask-cli/blob/develop/docs/concepts/Dialog-Command.md
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from skill.content.text import normalise
from skill.errors import AskableError

MOST_UTTERANCES = 500
LONGEST_UTTERANCE = 2_000  # characters
_QUIT = ".quit"  # ask-cli's word for leaving when the file is at its end


@dataclass(frozen=True)
class Replay:
    """What was said, in order, and in which locale."""

    locale: str
    utterances: tuple[str, ...]
    leaves: bool = False  # whether the listener leaves at the end


def write_replay(
    skill_id: str, locale: str, said: Iterable[tuple[str, bool]], invocation_name: str
) -> str:
    """The file for utterances, each with whether it opened a session.

    On Alexa only an utterance with the skill's name opens one, so the name is put before those.
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
    """The conversation in a file, whoever wrote it.

    Raises AskableError with what is wrong and where.
    """
    try:
        found: Any = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise AskableError("replay: is not JSON; give a file that `.record` wrote") from error
    if not isinstance(found, dict):
        raise AskableError("replay: is no object; give a file that `.record` wrote")
    locale, said = found.get("locale"), found.get("userInput")
    if not isinstance(locale, str) or not locale.strip():
        raise AskableError('replay:locale: is missing; write one, such as "en-US"')
    if not isinstance(said, list) or not said or len(said) > MOST_UTTERANCES:
        raise AskableError(
            f"replay:userInput: should be a list of 1 to {MOST_UTTERANCES} utterances; mend it"
        )
    lines = [_utterance(line, place) for place, line in enumerate(said)]
    leaves = lines[-1] == _QUIT
    utterances = tuple(lines[:-1] if leaves else lines)
    for place, line in enumerate(utterances):
        if line.startswith("."):
            raise AskableError(
                f"replay:userInput[{place}]: is a command, not an utterance; "
                f"only {_QUIT} at the end is known"
            )
    return Replay(locale.strip(), utterances, leaves)


def _utterance(line: object, place: int) -> str:
    if not isinstance(line, str) or not line.strip() or len(line) > LONGEST_UTTERANCE:
        raise AskableError(
            f"replay:userInput[{place}]: should be a text of 1 to {LONGEST_UTTERANCE} characters; "
            "mend it"
        )
    if any("\ud800" <= letter <= "\udfff" for letter in line):
        raise AskableError(
            f"replay:userInput[{place}]: holds half a character (a lone surrogate); write it whole"
        )
    return line.strip()
