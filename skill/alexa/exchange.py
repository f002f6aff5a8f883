"""One request to the skill and its response, as the rules look at them: JSON data made readable."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from skill.conversation.replies import from_ssml


@dataclass(frozen=True)
class Spoken:
    """What was asked, what came back, and how long it took."""

    request: Mapping[str, Any]  # the request's envelope
    response: Mapping[str, Any]  # the response's envelope
    seconds: float = 0.0

    @property
    def kind(self) -> str:
        """The type of the request."""
        return str(self.request["request"]["type"])

    @property
    def intent(self) -> str:
        """The intent's name; empty where the request has none."""
        return str(self.request["request"].get("intent", {}).get("name", ""))

    @property
    def locale(self) -> str:
        """The listener's locale."""
        return str(self.request["request"].get("locale", ""))

    @property
    def ssml(self) -> str:
        """What is spoken."""
        return str(self._reply.get("outputSpeech", {}).get("ssml", ""))

    @property
    def reprompt_ssml(self) -> str:
        """What is spoken when the listener stays silent."""
        speech = self._reply.get("reprompt", {}).get("outputSpeech", {})
        return str(speech.get("ssml", ""))

    @property
    def speech(self) -> str:
        """What is spoken, as plain text."""
        return from_ssml(self.ssml)

    @property
    def reprompt(self) -> str:
        """What is spoken when the listener stays silent, as plain text."""
        return from_ssml(self.reprompt_ssml)

    @property
    def card(self) -> str:
        """Title and text of the card; empty where there is none."""
        card = self._reply.get("card", {})
        return f"{card.get('title', '')}{card.get('content', '')}{card.get('text', '')}"

    @property
    def session_open(self) -> bool:
        """Whether the skill waits for another turn."""
        return self._reply.get("shouldEndSession") is False

    @property
    def cue(self) -> str:
        """Where the dialogue stands then: the name of what was said."""
        return str(self.response.get("sessionAttributes", {}).get("cue", ""))

    @property
    def answer(self) -> str:
        """The id of the answer that was told; empty when none was."""
        told = self.response.get("sessionAttributes", {}).get("told", {})
        return str(told.get("answer", "")) if isinstance(told, Mapping) else ""

    @property
    def is_silent(self) -> bool:
        """Whether nothing is spoken, shown or asked."""
        return not (self.ssml or self.reprompt_ssml or self.card)

    @property
    def size(self) -> int:
        """Bytes of the response."""
        return len(json.dumps(self.response).encode())

    @property
    def _reply(self) -> Mapping[str, Any]:
        reply: Mapping[str, Any] = self.response.get("response", {})
        return reply
