"""Puts a speaker together: content and compiled models in, a Device that answers out."""

from __future__ import annotations

from collections.abc import Callable

from ask_sdk_core.attributes_manager import AbstractPersistenceAdapter

from skill.article import DANGER_INTENT, NOT_IN_ARTICLE_INTENT, Article
from skill.compiled import load_index, load_model
from skill.content import load_article
from skill.errors import AskableError, StaleError
from skill.handlers import Skill
from skill.matcher import MARGIN, THRESHOLD, Matcher, speaks_of
from skill.settings import Settings
from skill.simulator.cloud import Cloud, Near
from skill.simulator.device import Device

_TIMES_AN_INTENT = 1_000


class Speaker:
    """One article's skill and the cloud in front of it; makes devices that talk to them."""

    def __init__(self, settings: Settings, memory: AbstractPersistenceAdapter) -> None:
        self.article = load_article(settings.content)
        if settings.locale not in self.article.locales:
            known = ", ".join(self.article.locales)
            raise AskableError(f"--locale {settings.locale}: not one of this article's: {known}")
        matcher = Matcher(load_index(settings.content, settings.models))
        model = load_model(settings.models, settings.locale)
        try:
            self.cloud = Cloud(model, _near(self.article, matcher))
        except (KeyError, TypeError, AttributeError, IndexError) as error:
            path = settings.models / f"{settings.locale}.json"
            raise StaleError(f"{path}: is no interaction model; run `askable build`") from error
        self.skill = Skill(self.article, matcher.rank, memory)
        self._locale = settings.locale

    def device(self) -> Device:
        """A new device, in no session yet."""
        return Device(self.cloud, self.skill.respond, self._locale)

    def utterances(self) -> dict[str, int]:
        """Everything that the compiled model expects to hear, and how often each is expected.

        Each intent is as likely as the next, however many ways there are to say it: else "help"
        would drown among thousands of questions.
        """
        by_intent: dict[str, list[str]] = {}
        for intent, utterance in self.cloud.utterances():
            by_intent.setdefault(intent, []).append(utterance)
        return {
            utterance: max(1, _TIMES_AN_INTENT // len(said))
            for said in by_intent.values()
            for utterance in said
        }


def _near(article: Article, matcher: Matcher) -> Callable[[str], Near | None]:
    def near(utterance: str) -> Near | None:
        if speaks_of(utterance, article.danger_words):
            return Near(DANGER_INTENT, 1.0, "", 0.0, certain=True)
        ranked = matcher.rank(utterance)
        if not ranked:
            return None
        best = ranked[0]
        rival = next((c for c in ranked[1:] if c.label != best.label), None)
        margin = best.score - (rival.score if rival else 0.0)
        return Near(
            _intent(article, best.label),
            best.score,
            _intent(article, rival.label) if rival else "",
            rival.score if rival else 0.0,
            certain=best.score >= THRESHOLD and margin >= MARGIN,
        )

    return near


def _intent(article: Article, label: str) -> str:
    kind, _, name = label.partition(":")
    if kind == "answer":
        return article.answers[name].intent
    return NOT_IN_ARTICLE_INTENT if kind == "silence" else label
