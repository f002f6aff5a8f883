"""One request to the skill and its response."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from skill.alexa.requests import IntentMatch
from skill.conversation import Card, from_ssml

_NO_MATCH = IntentMatch("", (), "none", 0.0)


@dataclass(frozen=True)
class Exchange:
    """A request envelope, the response envelope that it got, and what is read out of both.

    `utterance` and `intent_match` are empty for a request that no utterance led to; `seconds` is
    how long the response took.
    """

    request: Mapping[str, Any]
    response: Mapping[str, Any]
    utterance: str = ""
    intent_match: IntentMatch = _NO_MATCH
    seconds: float = 0.0

    @property
    def request_type(self) -> str:
        """The type of the request, such as IntentRequest."""
        return str(self.request["request"]["type"])

    @property
    def intent(self) -> str:
        """The intent's name; empty where the request has none."""
        return str(self.request["request"].get("intent", {}).get("name", ""))

    @property
    def name(self) -> str:
        """The intent's name, or the request's type where it has none."""
        return self.intent or self.request_type

    @property
    def locale(self) -> str:
        """The listener's locale."""
        return str(self.request["request"].get("locale", ""))

    @property
    def ssml(self) -> str:
        """What the skill says, as SSML."""
        return str(self._response.get("outputSpeech", {}).get("ssml", ""))

    @property
    def speech(self) -> str:
        """What the skill says, as plain text."""
        return from_ssml(self.ssml)

    @property
    def reprompt_ssml(self) -> str:
        """What the skill says when the listener stays silent, as SSML."""
        speech = self._response.get("reprompt", {}).get("outputSpeech", {})
        return str(speech.get("ssml", ""))

    @property
    def reprompt(self) -> str:
        """What the skill says when the listener stays silent, as plain text."""
        return from_ssml(self.reprompt_ssml)

    @property
    def card(self) -> Card | None:
        """What a screen, or the companion app, shows."""
        card = self._response.get("card")
        if not card:
            return None
        return Card(
            str(card.get("title", "")), str(card.get("content", "") or card.get("text", ""))
        )

    @property
    def session_open(self) -> bool:
        """Whether the skill waits for another turn."""
        return self._response.get("shouldEndSession") is False

    @property
    def cue(self) -> str:
        """Where the dialogue stands afterwards: the value of a `Cue`."""
        return str(self.response.get("sessionAttributes", {}).get("cue", ""))

    @property
    def answer(self) -> str | None:
        """The id of the answer that was given, if one was."""
        return str(self._told.get("answer") or "") or None

    @property
    def sources(self) -> tuple[str, ...]:
        """The locators of the sentences that back what was said."""
        return tuple(self._told.get("sources", ()))

    @property
    def is_silent(self) -> bool:
        """Whether nothing is spoken, shown or asked."""
        return not (self.ssml or self.reprompt_ssml or self.card)

    @property
    def size(self) -> int:
        """Bytes of the response."""
        return len(json.dumps(self.response).encode())

    def as_record(self) -> dict[str, object]:
        """The exchange as one flat record, for programs."""
        return {
            "text": self.utterance,
            "intent": self.name,
            "answer": self.answer,
            "match": self.intent_match.match,
            "score": round(self.intent_match.score, 4),
            "speech": self.speech,
            "sources": list(self.sources),
            "session_open": self.session_open,
        }

    @property
    def _response(self) -> Mapping[str, Any]:
        response: Mapping[str, Any] = self.response.get("response", {})
        return response

    @property
    def _told(self) -> Mapping[str, Any]:
        told = self.response.get("sessionAttributes", {}).get("told", {})
        return told if isinstance(told, Mapping) else {}
