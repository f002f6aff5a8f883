"""One packed article as a Lambda function: only requests for its own skill are answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from ask_sdk_core.attributes_manager import AbstractPersistenceAdapter

from skill.alexa.skill import Skill
from skill.aws.packed import load_packed
from skill.errors import AskableError, RefusedError
from skill.memory import NoMemory, open_dynamodb

SKILL_ID = "ASKABLE_SKILL_ID"
TABLE = "ASKABLE_DYNAMODB_TABLE"
KEY = "ASKABLE_MEMORY_KEY"
Handler = Callable[[object, object], dict[str, object]]


def make_handler(packed: Path, environ: Mapping[str, str]) -> Handler:
    """What Lambda calls with each event; settings come from the function's environment.

    Lambda's requests carry no signature, so the skill id is all that tells ours from another's. A
    request for another skill raises: an answer would tell its sender that the function works, and
    an exception shows in AWS's metrics and log, where whoever mistyped an id looks for it.
    """
    skill_id = environ.get(SKILL_ID)
    if not skill_id:
        raise AskableError(f"{SKILL_ID}: is not set; set it to your skill's id, amzn1.ask.skill.…")
    article, rank = load_packed(packed)
    skill = Skill(article, rank, _memory(environ))

    def handler(event: object, context: object) -> dict[str, object]:
        if _skill_ids(event) != {skill_id}:
            raise RefusedError(
                "application-id",
                "applicationId: the request is not for this skill; let only your skill's id"
                f" trigger the function, and set {SKILL_ID} to it",
            )
        return skill.respond(event)

    return handler


def _memory(environ: Mapping[str, str]) -> AbstractPersistenceAdapter:
    table = environ.get(TABLE)
    if not table:
        return NoMemory()
    return open_dynamodb(table, environ.get(KEY) or None)


def _skill_ids(event: object) -> set[object]:
    """Every skill that the event says it is for; a skill event has no session."""
    system = _mapping(_mapping(_mapping(event).get("context")).get("System"))
    places = [system] if system else []
    session = _mapping(_mapping(event).get("session"))
    places += [session] if session else []
    return {_text(_mapping(place.get("application")).get("applicationId")) for place in places}


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
