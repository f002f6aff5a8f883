"""The Lambda function: checks the skill id and answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from skill.alexa import load_skill
from skill.errors import AskableError, RefusedError
from skill.memory import NoMemory, open_memory
from skill.settings import find_settings

SKILL_ID = "ASKABLE_SKILL_ID"
TABLE = "ASKABLE_DYNAMODB_TABLE"
Handler = Callable[[object, object], dict[str, object]]


def make_handler(root: Path, environ: Mapping[str, str]) -> Handler:
    """Load the skill in `root`; Lambda calls the result with each event and its context.

    Lambda's requests carry no signature, so only the skill id shows that a request is for this
    skill. The handler raises for any other request: an answer would show the sender that the
    function works, and the operator finds the exception in AWS's log and metrics.

    Args:
        root: The unpacked zip: `content/` with one article, and `interaction_model/`.
        environ: The function's environment variables.
    """
    skill_id = environ.get(SKILL_ID)
    if not skill_id:
        raise AskableError(f"{SKILL_ID}: is not set; set it to your skill's id, amzn1.ask.skill.…")
    (content,) = (path.parent for path in root.glob("content/*/article.yaml"))
    settings = find_settings(str(content), dynamodb_table=environ.get(TABLE))
    # A file does not outlive the function, so there is no memory without a table.
    skill = load_skill(settings, open_memory(settings) if settings.dynamodb_table else NoMemory())

    def handler(event: object, context: object) -> dict[str, object]:
        if _skill_ids(event) != {skill_id}:
            raise RefusedError(
                "application-id",
                "applicationId: the request is not for this skill; let only your skill's id"
                f" trigger the function, and set {SKILL_ID} to it",
            )
        return skill.respond(event)

    return handler


def _skill_ids(event: object) -> set[object]:
    """Every skill id in the event; a skill event has no session."""
    event = _mapping(event)
    places = _mapping(_mapping(event.get("context")).get("System")), _mapping(event.get("session"))
    return {
        application if isinstance(application, str) else ""
        for place in places
        if place
        for application in [_mapping(place.get("application")).get("applicationId")]
    }


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
