"""ask-sdk request handlers around the dialogue."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace

from ask_sdk_core.exceptions import AskSdkException
from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_core.skill_builder import CustomSkillBuilder
from ask_sdk_core.utils import is_request_type
from ask_sdk_model import Response
from ask_sdk_model.ui import SimpleCard

from skill.alexa.envelope import SKILL_DISABLED
from skill.alexa.request_mapping import to_turn
from skill.content import Article, Cue
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
# After a question in free text: the reply was that the article does not answer it.
_UNANSWERED = (Cue.NOT_IN_ARTICLE, Cue.NOT_IN_ARTICLE_NEAR)


def add_handlers(
    builder: CustomSkillBuilder,
    article: Article,
    dialogue: Dialogue,
    note_unanswered: Callable[[str], None] | None,
) -> None:
    """Add the handlers of an article's skill; the SDK asks them in this order."""

    @builder.request_handler(is_request_type("SessionEndedRequest"))
    def end_session(handler_input: HandlerInput) -> Response:
        """No speech: Alexa wants none after the end."""
        return handler_input.response_builder.response

    @builder.request_handler(is_request_type(SKILL_DISABLED))
    def forget_listener(handler_input: HandlerInput) -> Response:
        """A listener who disables the skill is forgotten; an event gets no speech."""
        _forget(handler_input)
        return handler_input.response_builder.response

    @builder.request_handler(lambda _: True)
    def take_turn(handler_input: HandlerInput) -> Response:
        """Every other request is a turn of the dialogue."""
        turn = to_turn(article, handler_input.request_envelope.request)
        attributes = handler_input.attributes_manager.session_attributes
        listener = _recall(handler_input)
        state, after = dialogue.move(
            turn, state_from_attributes(attributes), listener or Listener()
        )
        if state.cue is Cue.FORGOTTEN:
            if not _forget(handler_input):
                state = replace(state, cue=Cue.NOT_FORGOTTEN)
        # What could not be read is not written over: it may be there again next time.
        elif listener is not None and after != listener:
            _remember(handler_input, after)
        if note_unanswered and isinstance(turn, FreeText) and state.cue in _UNANSWERED:
            _note(note_unanswered, turn.query)
        return _respond(handler_input, article, state)

    @builder.exception_handler(lambda _, __: True)
    def apologise(handler_input: HandlerInput, exception: Exception) -> Response:
        """A fault of ours is logged without the listener's words; the session stays open."""
        _LOG.error("request failed: %s", type(exception).__name__, exc_info=exception)
        return _respond(handler_input, article, State(cue=Cue.TROUBLE))


def _respond(handler_input: HandlerInput, article: Article, state: State) -> Response:
    request = handler_input.request_envelope.request
    words = article.locales.get((request and request.locale) or "", article.default_locale)
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


def _note(note_unanswered: Callable[[str], None], query: str) -> None:
    try:
        note_unanswered(query)
    except OSError as error:
        _LOG.warning("an unanswered question cannot be kept: %s", type(error).__name__)


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
    """Log the type of the reason alone: its text may hold a secret or a user id."""
    reason = error.__cause__ or error.__context__ or error
    _LOG.warning("memory cannot be %s: %s", done, type(reason).__name__)
