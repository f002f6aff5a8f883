"""Any request envelope made readable for the SDK: known fields are kept, the rest is left out.

The SDK's deserialiser raises on an unknown request type, an unknown enum value or a field of the
wrong shape. Amazon asks skills to tolerate unknown properties, so the envelope is rebuilt from
what this skill uses, each field checked.
https://developer.amazon.com/en-US/docs/alexa/custom-skills/request-and-response-json-reference.html
"""

from __future__ import annotations

from typing import Any

# A request that this skill does not know becomes an intent that it does not know.
UNKNOWN_REQUEST = "UnknownRequest"
# An event, not a turn: it has no session.
SKILL_DISABLED = "AlexaSkillEvent.SkillDisabled"
_WITHOUT_INTENT = ("LaunchRequest", "SessionEndedRequest", SKILL_DISABLED)
_RESOLVED = "ER_SUCCESS_MATCH"
_LONGEST = 2_000  # characters of anything a listener said; an utterance is far shorter
_ANY = "*"  # any name: slots have names of their own
# The fields that the skill uses, and their types.
_SENDER = {"application": {"applicationId": str}, "user": {"userId": str}}
_AUTHORITY = {
    "authority": str,
    "status": {"code": str},
    "values": [{"value": {"name": str, "id": str}}],
}
_SLOT = {"value": str, "resolutions": {"resolutionsPerAuthority": [_AUTHORITY]}}
_ENVELOPE = {
    "session": {"new": bool, "sessionId": str, "attributes": {_ANY: object}, **_SENDER},
    "context": {"System": _SENDER},
    "request": {
        "type": str,
        "requestId": str,
        "locale": str,
        "intent": {"name": str, "slots": {_ANY: _SLOT}},
    },
}


def readable(envelope: object) -> dict[str, object]:
    """A well-formed envelope with what the skill uses of `envelope`, whatever that is."""
    known: dict[str, Any] = {"version": "1.0", **_fitted(envelope, _ENVELOPE)}
    session, system = known["session"], known["context"]["System"]
    for name in _SENDER:
        if not any(session[name].values()):
            session[name] = system[name]
        system[name] = session[name]
    # A state is made of texts and numbers.
    flat = {name: at for name, at in session["attributes"].items() if isinstance(at, str | int)}
    session["attributes"] = flat
    _complete_request(known["request"])
    return known


def _complete_request(request: dict[str, Any]) -> None:
    """Leave nothing in a request that the SDK cannot read."""
    if request["type"] in _WITHOUT_INTENT:
        del request["intent"]
        return
    if request["type"] != "IntentRequest":
        request.update(type="IntentRequest", intent={"name": "", "slots": {}})
    intent = request["intent"]
    intent["name"] = intent["name"] or UNKNOWN_REQUEST
    for name, slot in intent["slots"].items():
        slot.update(name=name, value=slot["value"] or None)
        for authority in slot["resolutions"]["resolutionsPerAuthority"]:
            if authority["status"]["code"] != _RESOLVED or not authority["values"]:
                authority["status"]["code"] = "ER_SUCCESS_NO_MATCH"


def _fitted(value: object, shape: Any) -> Any:
    """The part of JSON data that has a shape; what is missing or of another type is empty."""
    if isinstance(shape, dict):
        fields = value if isinstance(value, dict) else {}
        if _ANY in shape:
            named = {name: field for name, field in fields.items() if isinstance(name, str)}
            return {name: _fitted(field, shape[_ANY]) for name, field in named.items()}
        return {name: _fitted(fields.get(name), inner) for name, inner in shape.items()}
    if isinstance(shape, list):
        items = value if isinstance(value, list) else []
        return [_fitted(item, shape[0]) for item in items]
    if shape is str:
        return value[:_LONGEST] if isinstance(value, str) else ""
    return value is True if shape is bool else value
