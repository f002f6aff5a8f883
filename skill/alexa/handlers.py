"""ask-sdk request handlers around the dialogue."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace

from ask_sdk_core.dispatch_components import AbstractExceptionHandler, AbstractRequestHandler
from ask_sdk_core.exceptions import AskSdkException
from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_core.utils import is_request_type
from ask_sdk_model import Response
from ask_sdk_model.ui import SimpleCard

from skill.alexa.envelope import SKILL_DISABLED
from skill.alexa.request_mapping import to_turn
from skill.content import CUES, Article, Cue
from skill.conversation import (
    Dialogue,
    FreeText,
    Listener,
    State,
    listener_from_attributes,
    listener_to_attributes,
    render,
    state_from_attributes,
    state_to_attributes,
    to_ssml,
)

_LOG = logging.getLogger("askable")
# The session attribute with the answer and the sources of a reply, for the simulator and tests.
TOLD = "told"


class SessionEndedHandler(AbstractRequestHandler):
    """Answers the end of a session without speech, as Alexa wants it."""

    def can_handle(self, handler_input: HandlerInput) -> bool:
        """Whether the session ended."""
        return bool(is_request_type("SessionEndedRequest")(handler_input))

    def handle(self, handler_input: HandlerInput) -> Response:
        """Say nothing."""
        return handler_input.response_builder.response


class SkillDisabledHandler(AbstractRequestHandler):
    """Forgets a listener who disabled the skill; an event gets no speech."""

    def can_handle(self, handler_input: HandlerInput) -> bool:
        """Whether the skill was disabled."""
        return bool(is_request_type(SKILL_DISABLED)(handler_input))

    def handle(self, handler_input: HandlerInput) -> Response:
        """Forget, and say nothing."""
        _forget(handler_input)
        return handler_input.response_builder.response


class TurnHandler(AbstractRequestHandler):
    """Takes every other request as a turn of the dialogue."""

    def __init__(
        self,
        article: Article,
        dialogue: Dialogue,
        note_unanswered: Callable[[str], None] | None,
    ) -> None:
        self._article = article
        self._dialogue = dialogue
        self._note_unanswered = note_unanswered

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
        if state.cue is Cue.FORGOTTEN:
            if not _forget(handler_input):
                state = replace(state, cue=Cue.NOT_FORGOTTEN)
        # What could not be read is not written over: it may be there again next time.
        elif listener is not None and after != listener:
            _remember(handler_input, after)
        if self._note_unanswered and isinstance(turn, FreeText) and _is_outside(state):
            _note(self._note_unanswered, turn.query)
        return _respond(handler_input, self._article, state)


class ErrorHandler(AbstractExceptionHandler):
    """A fault of ours must not end a session without a word."""

    def __init__(self, article: Article) -> None:
        self._article = article

    def can_handle(self, handler_input: HandlerInput, exception: Exception) -> bool:
        """Always."""
        return True

    def handle(self, handler_input: HandlerInput, exception: Exception) -> Response:
        """Log what happened, without the listener's words, and ask again."""
        _LOG.error("request failed: %s", type(exception).__name__, exc_info=exception)
        return _respond(handler_input, self._article, State(cue=Cue.TROUBLE))


def _respond(handler_input: HandlerInput, article: Article, state: State) -> Response:
    words = article.locales.get(_locale(handler_input), article.default_locale)
    reply = render(article, words, state)
    handler_input.attributes_manager.session_attributes = {
        **state_to_attributes(state),
        TOLD: {"answer": reply.answer, "sources": list(reply.sources)},
    }
    builder = handler_input.response_builder.speak(to_ssml(reply.speech))
    if reply.card:
        builder.set_card(SimpleCard(title=reply.card.title, content=reply.card.text))
    if reply.keeps_session_open:
        builder.ask(to_ssml(reply.reprompt))
    else:
        builder.set_should_end_session(True)
    return builder.response


def _is_outside(state: State) -> bool:
    """Whether the reply is that the article does not say it."""
    return state.cue is not Cue.NO_REASON and CUES[state.cue].refusal == "outside"


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
