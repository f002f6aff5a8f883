"""A smart speaker without sound: utterances in, exchanges with the skill out."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from skill.alexa import (
    Exchange,
    IntentMatch,
    RequestContext,
    Session,
    ended_request,
    intent_request,
    launch_request,
)
from skill.content import FALLBACK_INTENT, NOT_IN_ARTICLE_INTENT
from skill.simulator.nlu import AlexaNlu

# A function that returns the response envelope for a request envelope: the skill.
Respond = Callable[[dict[str, object]], Mapping[str, Any]]
# The skill notes unanswered free text itself; the text behind these intents never reaches it.
_UNANSWERED = (NOT_IN_ARTICLE_INTENT, FALLBACK_INTENT)
_LAUNCH = IntentMatch("", (), "launch", 1.0)


class Device:
    """A device that holds one session at a time.

    Args:
        nlu: Turns utterances into intents.
        respond: The skill.
        locale: The locale of its requests.
        note_unanswered: Called with the text of each question that does not reach the skill.
        screen: Whether it has a screen.
    """

    def __init__(
        self,
        nlu: AlexaNlu,
        respond: Respond,
        locale: str,
        note_unanswered: Callable[[str], None] | None = None,
        *,
        screen: bool = False,
    ) -> None:
        self._nlu = nlu
        self._respond = respond
        self._locale = locale
        self._note_unanswered = note_unanswered
        self._screen = screen
        self._session: Session | None = None
        self._reprompt = ""  # SSML, while a first silence would bring it

    @property
    def in_session(self) -> bool:
        """Whether the skill waits for an answer."""
        return self._session is not None

    def launch(self) -> Exchange:
        """Open the skill by its name alone."""
        self.end()
        return self._exchange("", _LAUNCH)

    def say(self, utterance: str) -> Exchange:
        """Say something; outside a session this opens one, as "Alexa, ask …" does."""
        match = self._nlu.understand(utterance)
        if not match.intent:
            self.end()
        return self._exchange(utterance, match)

    def stay_silent(self) -> str:
        """The reprompt as SSML at the first silence; "" at the second, which ends the session."""
        reprompt, self._reprompt = self._reprompt, ""
        if not reprompt:
            self.end("EXCEEDED_MAX_REPROMPTS")
        return reprompt

    def end(self, reason: str = "USER_INITIATED") -> None:
        """End the session, if there is one."""
        self._reprompt = ""
        if self._session:
            self._respond(ended_request(self._session, self._context(), reason))
            self._session = None

    def _exchange(self, utterance: str, match: IntentMatch) -> Exchange:
        session = self._session or Session(f"amzn1.echo-api.session.{uuid.uuid4()}")
        context = self._context()
        if match.intent:
            request = intent_request(match, session, context)
        else:
            request = launch_request(session, context)
        exchange = Exchange(request, self._respond(request), utterance, match)
        if self._note_unanswered and exchange.name in _UNANSWERED:
            self._note_unanswered(utterance)
        attributes = exchange.response.get("sessionAttributes", {})
        kept = Session(session.id, attributes, new=False)
        self._session = kept if exchange.session_open else None
        self._reprompt = exchange.reprompt_ssml if exchange.session_open else ""
        return exchange

    def _context(self) -> RequestContext:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return RequestContext(
            f"amzn1.echo-api.request.{uuid.uuid4()}", now, self._locale, self._screen
        )
