"""A smart speaker without its loudspeaker: utterances in, exchanges out, one real session kept."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from skill.alexa.requests import (
    RequestContext,
    Session,
    ended_request,
    intent_request,
    launch_request,
)
from skill.content.intents import NOT_IN_ARTICLE_INTENT
from skill.conversation.replies import Card, from_ssml
from skill.simulator.nlu import AlexaNlu, IntentMatch

# An endpoint takes a request envelope and gives a response envelope: the skill itself, in process.
Endpoint = Callable[[dict[str, object]], Mapping[str, Any]]
# The skill itself keeps free words that it refused; these never reach it as words.
_REFUSED_WORDLESS = (NOT_IN_ARTICLE_INTENT, "AMAZON.FallbackIntent")
_LAUNCHED = IntentMatch("", (), "launch", 1.0)


@dataclass(frozen=True)
class Exchange:
    """One turn, with everything that a listener, a test or a developer may want of it."""

    utterance: str
    intent_match: IntentMatch
    request: Mapping[str, Any]
    response: Mapping[str, Any]

    @property
    def intent(self) -> str:
        """The intent's name, or the request's type where it has none."""
        return self.intent_match.intent or str(self.request["request"]["type"])

    @property
    def ssml(self) -> str:
        """What the skill says, as SSML."""
        return str(self._reply.get("outputSpeech", {}).get("ssml", ""))

    @property
    def speech(self) -> str:
        """What the skill says, as plain text."""
        return from_ssml(self.ssml)

    @property
    def reprompt(self) -> str:
        """What the skill says when the listener stays silent, as plain text."""
        return from_ssml(self.reprompt_ssml)

    @property
    def reprompt_ssml(self) -> str:
        """What the skill says when the listener stays silent, as SSML."""
        speech = self._reply.get("reprompt", {}).get("outputSpeech", {})
        return str(speech.get("ssml", ""))

    @property
    def card(self) -> Card | None:
        """What a screen, or the companion app, shows."""
        card = self._reply.get("card")
        return Card(str(card.get("title", "")), str(card.get("content", ""))) if card else None

    @property
    def session_open(self) -> bool:
        """Whether the skill waits for another turn."""
        return self._reply.get("shouldEndSession") is False

    @property
    def answer(self) -> str | None:
        """The id of the answer that was told, if one was."""
        return str(self._told.get("answer") or "") or None

    @property
    def cue(self) -> str:
        """Where the dialogue stands: the name of what was said last."""
        return str(self.response.get("sessionAttributes", {}).get("cue", ""))

    @property
    def sources(self) -> tuple[str, ...]:
        """The locators that back what was told."""
        return tuple(self._told.get("sources", ()))

    def as_record(self) -> dict[str, object]:
        """The exchange as one flat record, for programs."""
        return {
            "text": self.utterance,
            "intent": self.intent,
            "answer": self.answer,
            "match": self.intent_match.match,
            "score": round(self.intent_match.score, 4),
            "speech": self.speech,
            "sources": list(self.sources),
            "session_open": self.session_open,
        }

    @property
    def _reply(self) -> Mapping[str, Any]:
        reply: Mapping[str, Any] = self.response.get("response", {})
        return reply

    @property
    def _told(self) -> Mapping[str, Any]:
        told = self.response.get("sessionAttributes", {}).get("told", {})
        return told if isinstance(told, Mapping) else {}


class Device:
    """Holds one session at a time, as a speaker does; a closed one is followed by a new one."""

    def __init__(
        self,
        nlu: AlexaNlu,
        endpoint: Endpoint,
        locale: str,
        note_miss: Callable[[str], None] | None = None,
        *,
        screen: bool = False,
    ) -> None:
        self._nlu = nlu
        self._endpoint = endpoint
        self._locale = locale
        self._note_miss = note_miss
        self._screen = screen
        self._session: Session | None = None

    @property
    def in_session(self) -> bool:
        """Whether the skill waits for an answer."""
        return self._session is not None

    def launch(self) -> Exchange:
        """Open the skill by its name alone."""
        self.end("USER_INITIATED")
        return self._exchange("", _LAUNCHED)

    def say(self, utterance: str) -> Exchange:
        """Say something; without a session it opens one, as "Alexa, ask …" does."""
        intent_match = self._nlu.understand(utterance)
        if not intent_match.intent:
            self.end("USER_INITIATED")
        return self._exchange(utterance, intent_match)

    def end(self, reason: str) -> None:
        """End the session from the outside: the listener left, or stayed silent too long."""
        if self._session:
            self._endpoint(ended_request(self._session, self._moment(), reason))
            self._session = None

    def _exchange(self, utterance: str, intent_match: IntentMatch) -> Exchange:
        session = self._session or Session(f"amzn1.echo-api.session.{uuid.uuid4()}")
        moment = self._moment()
        if intent_match.intent:
            request = intent_request(intent_match, session, moment)
        else:
            request = launch_request(session, moment)
        exchange = Exchange(utterance, intent_match, request, self._endpoint(request))
        if self._note_miss and exchange.intent in _REFUSED_WORDLESS:
            self._note_miss(utterance)
        attributes = exchange.response.get("sessionAttributes", {})
        kept = Session(session.id, attributes, new=False)
        self._session = kept if exchange.session_open else None
        return exchange

    def _moment(self) -> RequestContext:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return RequestContext(
            f"amzn1.echo-api.request.{uuid.uuid4()}", now, self._locale, self._screen
        )
