"""A smart speaker without its loudspeaker: utterances in, exchanges out, one real session kept."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from skill.alexa.exchange import Exchange
from skill.alexa.requests import (
    IntentMatch,
    RequestContext,
    Session,
    ended_request,
    intent_request,
    launch_request,
)
from skill.content.intents import NOT_IN_ARTICLE_INTENT
from skill.simulator.nlu import AlexaNlu

# An endpoint takes a request envelope and gives a response envelope: the skill itself, in process.
Endpoint = Callable[[dict[str, object]], Mapping[str, Any]]
# The skill itself keeps free words that it refused; these never reach it as words.
_REFUSED_WORDLESS = (NOT_IN_ARTICLE_INTENT, "AMAZON.FallbackIntent")
_LAUNCHED = IntentMatch("", (), "launch", 1.0)


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
        exchange = Exchange(request, self._endpoint(request), utterance, intent_match)
        if self._note_miss and exchange.name in _REFUSED_WORDLESS:
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
