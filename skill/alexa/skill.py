"""The skill as Alexa calls it: a request envelope in, a response envelope out."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ask_sdk_core.attributes_manager import AbstractPersistenceAdapter
from ask_sdk_core.serialize import DefaultSerializer
from ask_sdk_core.skill import CustomSkill
from ask_sdk_core.skill_builder import CustomSkillBuilder
from ask_sdk_model import RequestEnvelope

from skill.alexa.envelope import readable
from skill.alexa.handlers import add_handlers
from skill.content import Article, load_article
from skill.conversation import Dialogue, FreeText, Listener, Reply, State, render
from skill.memory import NoMemory, UnansweredLog
from skill.settings import DEFAULT_LOCALE, Settings, find_settings
from skill.understanding import Ranking

if TYPE_CHECKING:
    from skill.understanding.classifier import Matcher


class Skill:
    """One article as a skill.

    Args:
        article: What can be said.
        load_matcher: Loads what ranks answers for free text; called when it is first needed.
        memory: Where listeners are remembered.
        note_unanswered: Called with the text of every question that was refused, if given.
    """

    def __init__(
        self,
        article: Article,
        load_matcher: Callable[[], Matcher],
        memory: AbstractPersistenceAdapter,
        note_unanswered: Callable[[str], None] | None = None,
    ) -> None:
        self.article = article
        self.note_unanswered = note_unanswered
        self._load_matcher = load_matcher
        self._dialogue = Dialogue(article, self._rank)
        builder = CustomSkillBuilder(persistence_adapter=memory)
        add_handlers(builder, article, self._dialogue, note_unanswered)
        # What the SDK's web adapters take; it reads any body, as `respond` does.
        self.sdk: CustomSkill = builder.create()
        self.sdk.serializer = self._serializer = TolerantSerializer()

    @cached_property
    def matcher(self) -> Matcher:
        """What ranks answers for free text; raises StaleError if it is older than the content."""
        return self._load_matcher()

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

    def _rank(self, utterance: str) -> Ranking:
        return self.matcher.rank(utterance)


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
    """
    found = settings or find_settings()

    def load() -> Matcher:
        # numpy takes as long to import as all the rest, and most requests on Lambda name an intent.
        from skill.understanding.classifier import load_matcher

        return load_matcher(found.content, found.models, found.sentences)

    note = UnansweredLog(found.misses).note if found.misses else None
    return Skill(load_article(found.content), load, memory or NoMemory(), note)
