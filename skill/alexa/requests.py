"""Request envelopes as Alexa sends them, as JSON data.

https://developer.amazon.com/en-US/docs/alexa/custom-skills/request-and-response-json-reference.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SKILL_ID = "amzn1.ask.skill.askable-simulator"
USER_ID = "amzn1.ask.account.askable-simulator"
# What a device with a screen declares. Cards are shown on it, or in the companion app.
_SCREEN = {"Alexa.Presentation.APL": {"runtime": {"maxVersion": "2024.3"}}}


@dataclass(frozen=True)
class SlotValue:
    """A filled slot; `value_id` and `name` are empty when no value of its type was resolved."""

    name: str
    spoken: str
    type: str
    value_id: str = ""
    canonical: str = ""


@dataclass(frozen=True)
class IntentMatch:
    """What Alexa makes of an utterance: an intent with slots, and how it was matched."""

    intent: str  # "" for a launch
    slots: tuple[SlotValue, ...]
    match: str  # exact, slot, near, search, launch or none
    score: float
    runner_up: str = ""
    runner_up_score: float = 0.0


@dataclass(frozen=True)
class Session:
    """A session as a device sees it: attributes are handed back as they came."""

    id: str
    attributes: Mapping[str, object] = field(default_factory=dict)
    new: bool = True


@dataclass(frozen=True)
class RequestContext:
    """When and where a request is made."""

    request_id: str
    timestamp: str  # ISO 8601, UTC
    locale: str
    screen: bool = False  # whether the device has one


def launch_request(session: Session, moment: RequestContext) -> dict[str, object]:
    """The skill is opened by its name alone."""
    return _envelope(session, moment, {"type": "LaunchRequest"})


def intent_request(
    intent_match: IntentMatch, session: Session, moment: RequestContext, skill_id: str = SKILL_ID
) -> dict[str, object]:
    """An utterance, understood."""
    intent = {
        "name": intent_match.intent,
        "confirmationStatus": "NONE",
        "slots": {slot.name: _slot(slot) for slot in intent_match.slots},
    }
    request = {"type": "IntentRequest", "dialogState": "STARTED", "intent": intent}
    return _envelope(session, moment, request, skill_id)


def ended_request(session: Session, moment: RequestContext, reason: str) -> dict[str, object]:
    """The session ended without the skill's doing: USER_INITIATED or EXCEEDED_MAX_REPROMPTS."""
    return _envelope(session, moment, {"type": "SessionEndedRequest", "reason": reason})


def _envelope(
    session: Session,
    moment: RequestContext,
    request: Mapping[str, object],
    skill_id: str = SKILL_ID,
) -> dict[str, object]:
    application = {"applicationId": skill_id}
    return {
        "version": "1.0",
        "session": {
            "new": session.new,
            "sessionId": session.id,
            "application": application,
            "attributes": dict(session.attributes),
            "user": {"userId": USER_ID},
        },
        "context": {
            "System": {
                "application": application,
                "user": {"userId": USER_ID},
                "device": {
                    "deviceId": "askable-simulator",
                    "supportedInterfaces": _SCREEN if moment.screen else {},
                },
            }
        },
        "request": {
            **request,
            "requestId": moment.request_id,
            "timestamp": moment.timestamp,
            "locale": moment.locale,
        },
    }


def _slot(slot: SlotValue) -> dict[str, object]:
    sent: dict[str, object] = {
        "name": slot.name,
        "value": slot.spoken,
        "confirmationStatus": "NONE",
        "source": "USER",
    }
    if not slot.type.startswith("AMAZON."):
        authority: dict[str, object] = {
            "authority": f"amzn1.er-authority.echo-sdk.{SKILL_ID}.{slot.type}",
            "status": {"code": "ER_SUCCESS_MATCH" if slot.value_id else "ER_SUCCESS_NO_MATCH"},
        }
        if slot.value_id:
            authority["values"] = [{"value": {"name": slot.canonical, "id": slot.value_id}}]
        sent["resolutions"] = {"resolutionsPerAuthority": [authority]}
    return sent
