"""The skill as Alexa calls it: a request envelope in, a response envelope out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ask_sdk_core.attributes_manager import AbstractPersistenceAdapter
from ask_sdk_core.serialize import DefaultSerializer
from ask_sdk_core.skill import CustomSkill
from ask_sdk_core.skill_builder import CustomSkillBuilder
from ask_sdk_model import RequestEnvelope

from skill.alexa.envelope import readable
from skill.alexa.handlers import (
    ErrorHandler,
    SessionEndedHandler,
    SkillDisabledHandler,
    TurnHandler,
)
from skill.content.loader import load_article
from skill.content.model import Article
from skill.conversation.dialogue import Dialogue
from skill.conversation.prompts import render
from skill.conversation.replies import Reply
from skill.conversation.state import Listener, State
from skill.conversation.turns import FreeText
from skill.memory import NoMemory
from skill.memory.unanswered import UnansweredLog
from skill.settings import DEFAULT_LOCALE, Settings, find_settings
from skill.understanding.compiled import load_matcher, load_vectors
from skill.understanding.matcher import Matcher


class Skill:
    """One article as a skill.

    Args:
        article: What can be said.
        matcher: Ranks the answers for free text.
        memory: Where listeners are remembered.
        note_unanswered: Called with the text of every question that was refused, if given.
    """

    def __init__(
        self,
        article: Article,
        matcher: Matcher,
        memory: AbstractPersistenceAdapter,
        note_unanswered: Callable[[str], None] | None = None,
    ) -> None:
        self.article = article
        self.matcher = matcher
        self.note_unanswered = note_unanswered
        self._dialogue = Dialogue(article, matcher.rank)
        builder = CustomSkillBuilder(persistence_adapter=memory)
        builder.add_request_handler(SessionEndedHandler())
        builder.add_request_handler(SkillDisabledHandler())
        builder.add_request_handler(TurnHandler(article, self._dialogue, note_unanswered))
        builder.add_exception_handler(ErrorHandler(article))
        # What the SDK's web adapters take; it reads any body, as `respond` does.
        self.sdk: CustomSkill = builder.create()
        self.sdk.serializer = self._serializer = TolerantSerializer()

    def respond(self, envelope: object) -> dict[str, object]:
        """The response envelope for any request envelope, however malformed, both as JSON data.

        Events and the end of a session get a response without speech, as Alexa wants it.
        """
        request = self._serializer.read(envelope)
        response: Any = self._serializer.serialize(self.sdk.invoke(request, None))
        return dict(response)

    def ask(self, question: str, locale: str = DEFAULT_LOCALE) -> Reply:
        """The reply to one question in free text, in a session of its own."""
        state, _ = self._dialogue.move(FreeText(question), State(), Listener(welcomed=True))
        words = self.article.locales.get(locale, self.article.default_locale)
        return render(self.article, words, state)


class TolerantSerializer(DefaultSerializer):
    """Reads any envelope: what this skill does not know is left out before the SDK sees it."""

    def deserialize(self, payload: str | None, obj_type: object) -> Any:
        """The envelope in a text; one of an unknown request when the text holds none."""
        try:
            envelope = json.loads(payload or "")
        except (ValueError, RecursionError):
            envelope = None
        return self.read(envelope)

    def read(self, envelope: object) -> Any:
        """The SDK's envelope for `envelope`, whatever that is."""
        return super().deserialize(json.dumps(readable(envelope)), RequestEnvelope)


def load_skill(
    settings: Settings | None = None, memory: AbstractPersistenceAdapter | None = None
) -> Skill:
    """Load the skill of one article; every way to run a skill starts here.

    Args:
        settings: Which article and compiled models; those that `find_settings` finds, if omitted.
        memory: Where listeners are remembered; nowhere, if omitted.

    Raises:
        ContentError: The article's files are malformed.
        StaleError: The compiled models are missing or older than the content.
    """
    settings = settings or find_settings()
    article = load_article(settings.content)
    vectors = load_vectors(settings.sentences)
    matcher = load_matcher(settings.content, settings.models, vectors)
    note = UnansweredLog(settings.misses).note if settings.misses else None
    return Skill(article, matcher, memory or NoMemory(), note)
