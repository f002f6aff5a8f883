"""What the skill says next: turns in, states and replies out."""

from skill.conversation.dialogue import Dialogue
from skill.conversation.prompts import render
from skill.conversation.replies import Card, Reply, frame, from_ssml, to_ssml
from skill.conversation.state import (
    Listener,
    Offer,
    OfferKind,
    State,
    listener_from_attributes,
    listener_to_attributes,
    state_from_attributes,
    state_to_attributes,
)
from skill.conversation.turns import AskAnswer, AskChoice, Command, FreeText, Launch, Turn

__all__ = [
    "AskAnswer",
    "AskChoice",
    "Card",
    "Command",
    "Dialogue",
    "FreeText",
    "Launch",
    "Listener",
    "Offer",
    "OfferKind",
    "Reply",
    "State",
    "Turn",
    "frame",
    "from_ssml",
    "listener_from_attributes",
    "listener_to_attributes",
    "render",
    "state_from_attributes",
    "state_to_attributes",
    "to_ssml",
]
