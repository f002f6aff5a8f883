"""The skill as Alexa sees it: requests, responses, interaction model, manifest and package."""

from skill.alexa import model_reader
from skill.alexa.exchange import Exchange
from skill.alexa.interaction_model import (
    MODEL_FILE,
    compile_model,
    load_interaction_model,
    to_json,
)
from skill.alexa.manifest import Addresses, compile_manifest
from skill.alexa.package import make_package, write_package
from skill.alexa.requests import (
    SKILL_ID,
    IntentMatch,
    RequestContext,
    Session,
    SlotValue,
    ended_request,
    intent_request,
    launch_request,
)
from skill.alexa.skill import Skill, load_skill

__all__ = [
    "MODEL_FILE",
    "SKILL_ID",
    "Addresses",
    "Exchange",
    "IntentMatch",
    "RequestContext",
    "Session",
    "Skill",
    "SlotValue",
    "compile_manifest",
    "compile_model",
    "ended_request",
    "intent_request",
    "launch_request",
    "load_interaction_model",
    "load_skill",
    "make_package",
    "model_reader",
    "to_json",
    "write_package",
]
