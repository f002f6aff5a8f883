"""Any request envelope made readable for the SDK: known fields are kept, the rest is left out.

The SDK's deserialiser raises on an unknown request type, an unknown enum value or a field of the
wrong shape. Amazon asks skills to tolerate unknown properties, so the envelope is rebuilt from
what this skill uses, each field checked. https://developer.amazon.com/en-US/docs/alexa/ +
custom-skills/request-and-response-json-reference.html
"""

from __future__ import annotations

from collections.abc import Mapping

# A request that this skill does not know becomes an intent that it does not know.
UNKNOWN_REQUEST = "UnknownRequest"
# An event, not a turn: it has no session.
SKILL_DISABLED = "AlexaSkillEvent.SkillDisabled"
_RESOLVED = "ER_SUCCESS_MATCH"
_LONGEST = 2_000  # characters of anything a listener said; an utterance is far shorter


def readable(envelope: object) -> dict[str, object]:
    """A well-formed envelope with what the skill uses of `envelope`, whatever that is."""
    outer = _mapping(envelope)
    session = _mapping(outer.get("session"))
    system = _mapping(_mapping(outer.get("context")).get("System"))
    application = _text(_mapping(session.get("application")).get("applicationId")) or _text(
        _mapping(system.get("application")).get("applicationId")
    )
    user = _text(_mapping(session.get("user")).get("userId")) or _text(
        _mapping(system.get("user")).get("userId")
    )
    attributes = session.get("attributes")
    known: dict[str, object] = {
        "new": session.get("new") is True,
        "sessionId": _text(session.get("sessionId")),
        "application": {"applicationId": application},
        "user": {"userId": user},
        "attributes": _flat(attributes),
    }
    place = {"application": {"applicationId": application}, "user": {"userId": user}}
    return {
        "version": "1.0",
        "session": known,
        "context": {"System": place},
        "request": _request(_mapping(outer.get("request"))),
    }


def _request(request: Mapping[str, object]) -> dict[str, object]:
    kind = request.get("type")
    known: dict[str, object] = {
        "requestId": _text(request.get("requestId")),
        "locale": _text(request.get("locale")),
    }
    if kind in ("LaunchRequest", "SessionEndedRequest", SKILL_DISABLED):
        return {**known, "type": kind}
    if kind == "IntentRequest":
        return {**known, "type": kind, "intent": _intent(_mapping(request.get("intent")))}
    return {**known, "type": "IntentRequest", "intent": {"name": UNKNOWN_REQUEST, "slots": {}}}


def _intent(intent: Mapping[str, object]) -> dict[str, object]:
    slots = {
        name: _slot(name, _mapping(slot))
        for name, slot in _mapping(intent.get("slots")).items()
        if isinstance(name, str)
    }
    return {"name": _text(intent.get("name")) or UNKNOWN_REQUEST, "slots": slots}


def _slot(name: str, slot: Mapping[str, object]) -> dict[str, object]:
    resolutions = _mapping(slot.get("resolutions")).get("resolutionsPerAuthority")
    known: dict[str, object] = {"name": name, "value": _text(slot.get("value")) or None}
    if isinstance(resolutions, list):
        authorities = [_authority(_mapping(entry)) for entry in resolutions]
        known["resolutions"] = {"resolutionsPerAuthority": authorities}
    return known


def _authority(entry: Mapping[str, object]) -> dict[str, object]:
    resolved = _mapping(entry.get("status")).get("code") == _RESOLVED
    values = entry.get("values")
    found = [
        _mapping(_mapping(value).get("value"))
        for value in (values if isinstance(values, list) else [])
    ]
    named = [
        {"value": {"name": _text(value.get("name")), "id": _text(value.get("id"))}}
        for value in found
    ]
    return {
        "authority": _text(entry.get("authority")),
        "status": {"code": _RESOLVED if resolved and named else "ER_SUCCESS_NO_MATCH"},
        "values": named,
    }


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _flat(attributes: object) -> dict[str, object]:
    """Texts and numbers, which a state is made of; nested values are left out."""
    return {
        name: value
        for name, value in _mapping(attributes).items()
        if isinstance(name, str) and isinstance(value, str | int)
    }


def _text(value: object) -> str:
    return value[:_LONGEST] if isinstance(value, str) else ""
