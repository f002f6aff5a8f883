"""ask-sdk request handlers: the thin skin between Alexa's requests and the dialogue."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from ask_sdk_core.attributes_manager import AbstractPersistenceAdapter
from ask_sdk_core.dispatch_components import AbstractExceptionHandler, AbstractRequestHandler
from ask_sdk_core.exceptions import AskSdkException
from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_core.serialize import DefaultSerializer
from ask_sdk_core.skill import CustomSkill
from ask_sdk_core.skill_builder import CustomSkillBuilder
from ask_sdk_core.utils import is_request_type
from ask_sdk_model import RequestEnvelope, Response
from ask_sdk_model.ui import SimpleCard

from skill.alexa.envelope import SKILL_DISABLED, readable
from skill.alexa.request_mapping import to_turn
from skill.alexa.sdk_envelope import sdk_envelope
from skill.alexa.sdk_response import plain
from skill.content.model import Article
from skill.conversation.dialogue import FORGOTTEN_CUE, MISSED_CUES, Dialogue
from skill.conversation.prompts import render
from skill.conversation.replies import Reply, to_ssml
from skill.conversation.state import (
    Listener,
    State,
    listener_from_attributes,
    listener_to_attributes,
    state_from_attributes,
    state_to_attributes,
)
from skill.conversation.turns import FreeText

if TYPE_CHECKING:
    from skill.understanding.interpreter import Rank

_LOG = logging.getLogger("askable")
# Where the simulator and logs read what was told; Alexa hands it back untouched.
TOLD = "told"
_WORDED = 1_000  # replies that are kept in words: most listeners hear the same few


class Skill:
    """One article as a skill: a request envelope in, a response envelope out, both as JSON data."""

    def __init__(
        self,
        article: Article,
        rank: Rank,
        memory: AbstractPersistenceAdapter,
        note_miss: Callable[[str], None] | None = None,
    ) -> None:
        """`note_miss` is told every free question that was refused; nobody is, unless given."""
        builder = CustomSkillBuilder(persistence_adapter=memory)
        builder.add_request_handler(SessionEndedHandler())
        builder.add_request_handler(SkillDisabledHandler())
        builder.add_request_handler(SpeakHandler(article, rank, note_miss))
        builder.add_exception_handler(TroubleHandler(article))
        # The same skill as the SDK's adapters take it; it reads any body, as `respond` does.
        self.sdk: CustomSkill = builder.create()
        self.sdk.serializer = self._serializer = TolerantSerializer()

    def respond(self, envelope: object) -> dict[str, object]:
        """Answer any envelope, however malformed; only events and a session's end get no words."""
        request = self._serializer.read(envelope)
        answered: Any = self._serializer.serialize(self.sdk.invoke(request, None))
        return dict(answered)


class TolerantSerializer(DefaultSerializer):
    """Reads any envelope: what this skill does not know is left out before the SDK sees it."""

    def deserialize(self, payload: str | None, obj_type: object) -> Any:
        """The envelope in a text; one of an unknown request when the text holds none."""
        try:
            envelope = json.loads(payload or "")
        except (ValueError, RecursionError):
            envelope = None
        return self.read(envelope)

    def serialize(self, obj: Any) -> Any:
        """What goes to Alexa, as JSON data."""
        return plain(obj, super().serialize)

    def read(self, envelope: object) -> Any:
        """The SDK's envelope for `envelope`, whatever that is."""
        known = readable(envelope)
        return sdk_envelope(known) or super().deserialize(json.dumps(known), RequestEnvelope)


class SessionEndedHandler(AbstractRequestHandler):
    """The session is over: Alexa takes no answer."""

    def can_handle(self, handler_input: HandlerInput) -> bool:
        """Whether the session ended."""
        return bool(is_request_type("SessionEndedRequest")(handler_input))

    def handle(self, handler_input: HandlerInput) -> Response:
        """Say nothing."""
        return handler_input.response_builder.response


class SkillDisabledHandler(AbstractRequestHandler):
    """The listener disabled the skill: nothing of theirs may stay. Alexa takes no answer."""

    def can_handle(self, handler_input: HandlerInput) -> bool:
        """Whether Alexa tells that the skill was disabled."""
        return bool(is_request_type(SKILL_DISABLED)(handler_input))

    def handle(self, handler_input: HandlerInput) -> Response:
        """Forget, and say nothing."""
        _forget(handler_input)
        return handler_input.response_builder.response


class SpeakHandler(AbstractRequestHandler):
    """Everything else is a turn of the dialogue."""

    def __init__(
        self, article: Article, rank: Rank, note_miss: Callable[[str], None] | None
    ) -> None:
        self._article = article
        self._dialogue = Dialogue(article, rank)
        self._note_miss = note_miss
        self._worded = lru_cache(_WORDED)(partial(_word, article))

    def can_handle(self, handler_input: HandlerInput) -> bool:
        """Always; handlers are asked in the order in which they were added."""
        return True

    def handle(self, handler_input: HandlerInput) -> Response:
        """Move the dialogue and speak."""
        turn = to_turn(self._article, handler_input.request_envelope.request)
        attributes = handler_input.attributes_manager.session_attributes
        listener = _recall(handler_input)
        state, after = self._dialogue.move(
            turn, state_from_attributes(attributes), listener or Listener()
        )
        if state.cue == FORGOTTEN_CUE:
            if not _forget(handler_input):
                state = state._replace(cue="not_forgotten")
        # What could not be read is not written over: it may be there again next time.
        elif listener is not None and after != listener:
            _remember(handler_input, after)
        if self._note_miss and isinstance(turn, FreeText) and state.cue in MISSED_CUES:
            _note(self._note_miss, turn.query)
        return _respond(handler_input, state, self._worded(_locale(handler_input), state))


class TroubleHandler(AbstractExceptionHandler):
    """A fault of ours must not end a session without a word."""

    def __init__(self, article: Article) -> None:
        self._article = article

    def can_handle(self, handler_input: HandlerInput, exception: Exception) -> bool:
        """Always."""
        return True

    def handle(self, handler_input: HandlerInput, exception: Exception) -> Response:
        """Log what happened, without anyone's words, and ask again."""
        _LOG.error("request failed: %s", type(exception).__name__, exc_info=exception)
        state = State(cue="trouble")
        worded = _word(self._article, _locale(handler_input), state)
        return _respond(handler_input, state, worded)


class _Worded(NamedTuple):
    """A reply, and what of it is spoken as SSML."""

    reply: Reply
    speech: str
    reprompt: str


def _word(article: Article, locale: str, state: State) -> _Worded:
    reply = render(article, article.locales.get(locale, article.default_locale), state)
    return _Worded(reply, to_ssml(reply.speech), to_ssml(reply.reprompt))


def _respond(handler_input: HandlerInput, state: State, worded: _Worded) -> Response:
    reply = worded.reply
    handler_input.attributes_manager.session_attributes = {
        **state_to_attributes(state),
        TOLD: {"answer": reply.answer, "sources": list(reply.sources)},
    }
    builder = handler_input.response_builder.speak(worded.speech)
    if reply.card:
        builder.set_card(SimpleCard(title=reply.card.title, content=reply.card.text))
    if reply.keeps_session_open:
        builder.ask(worded.reprompt)
    else:
        builder.set_should_end_session(True)
    return builder.response


def _locale(handler_input: HandlerInput) -> str:
    request = handler_input.request_envelope.request
    return (request.locale if request else None) or ""


def _note(note_miss: Callable[[str], None], query: str) -> None:
    try:
        note_miss(query)
    except OSError as error:
        _LOG.warning("a missed question cannot be kept: %s", type(error).__name__)


def _recall(handler_input: HandlerInput) -> Listener | None:
    try:
        attributes: Mapping[str, object] = handler_input.attributes_manager.persistent_attributes
    except AskSdkException as error:
        _warn("read", error)
        return None
    return listener_from_attributes(attributes)


def _remember(handler_input: HandlerInput, listener: Listener) -> None:
    manager = handler_input.attributes_manager
    try:
        manager.persistent_attributes = listener_to_attributes(listener)
        manager.save_persistent_attributes()
    except AskSdkException as error:
        _warn("written", error)


def _forget(handler_input: HandlerInput) -> bool:
    try:
        handler_input.attributes_manager.delete_persistent_attributes()
    except AskSdkException as error:
        _warn("erased", error)
        return False
    return True


def _warn(done: str, error: AskSdkException) -> None:
    """By the reason's kind alone: its text may hold what nobody should read in a log."""
    reason = error.__cause__ or error.__context__ or error
    _LOG.warning("memory cannot be %s: %s", done, type(reason).__name__)
