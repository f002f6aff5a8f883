"""A readable envelope -> the SDK's objects, for the requests that listeners make. Pure.

The SDK's own deserialiser looks every class up by its name and takes 0.2 ms, half of a request;
these are the same objects. It still reads whatever is not here, such as events of the skill.
"""

from __future__ import annotations

from typing import Any

from ask_sdk_model import (
    Application,
    Context,
    Intent,
    IntentRequest,
    LaunchRequest,
    RequestEnvelope,
    Session,
    SessionEndedRequest,
    Slot,
    User,
)
from ask_sdk_model.interfaces.system import SystemState
from ask_sdk_model.request import Request
from ask_sdk_model.slu.entityresolution import (
    Resolution,
    Resolutions,
    Status,
    StatusCode,
    Value,
    ValueWrapper,
)


def sdk_envelope(readable: Any) -> RequestEnvelope | None:
    """The SDK's envelope for one of `skill.alexa.envelope.readable`; nothing for a rarer request."""
    request = _request(readable["request"])
    if request is None:
        return None
    session, system = readable["session"], readable["context"]["System"]
    application = Application(system["application"]["applicationId"])
    user = User(system["user"]["userId"])
    return RequestEnvelope(
        readable["version"],
        Session(session["new"], session["sessionId"], user, session["attributes"], application),
        Context(SystemState(application, user)),
        request,
    )


def _request(request: Any) -> Request | None:
    common = {"request_id": request["requestId"], "locale": request["locale"]}
    match request["type"]:
        case "IntentRequest":
            return IntentRequest(**common, intent=_intent(request["intent"]))
        case "LaunchRequest":
            return LaunchRequest(**common)
        case "SessionEndedRequest":
            return SessionEndedRequest(**common)
    return None


def _intent(intent: Any) -> Intent:
    return Intent(intent["name"], {name: _slot(slot) for name, slot in intent["slots"].items()})


def _slot(slot: Any) -> Slot:
    resolutions = slot.get("resolutions")
    if resolutions is None:
        return Slot(slot["name"], slot["value"])
    authorities = [_resolution(entry) for entry in resolutions["resolutionsPerAuthority"]]
    return Slot(slot["name"], slot["value"], resolutions=Resolutions(authorities))


def _resolution(entry: Any) -> Resolution:
    values = [
        ValueWrapper(Value(found["value"]["name"], found["value"]["id"]))
        for found in entry["values"]
    ]
    return Resolution(entry["authority"], Status(StatusCode(entry["status"]["code"])), values)
