"""The skill, Alexa's NLU and devices of one article, put together."""

from __future__ import annotations

from pathlib import Path

from ask_sdk_core.attributes_manager import AbstractPersistenceAdapter

from skill.alexa import MODEL_FILE, load_interaction_model, load_skill
from skill.content import (
    DANGER,
    NOT_IN_ARTICLE_INTENT,
    REFUSALS,
    Article,
    Label,
    LabelKind,
    digest_of,
    normalise,
)
from skill.errors import AskableError, StaleError
from skill.settings import Settings
from skill.simulator.device import Device
from skill.simulator.nlu import AlexaNlu, GuessIntent, IntentGuess
from skill.understanding import DANGER_LABEL, DecisionKind, PhraseSpotter, decide, has_pronoun
from skill.understanding.classifier import Matcher

# The score from which Alexa is assumed to know an utterance as one of an intent. Amazon publishes
# no figure; this one is half of the matcher's probability.
_CERTAIN = 0.5


class Runtime:
    """One article's skill with a stand-in for Alexa's NLU in front of it.

    Args:
        settings: Which article and compiled models, and the locale of its devices.
        memory: Where listeners are remembered.

    Raises:
        AskableError: The article does not have the locale.
        ContentError: The article's files are malformed.
        StaleError: The compiled models are missing, malformed or older than the content.
    """

    def __init__(self, settings: Settings, memory: AbstractPersistenceAdapter) -> None:
        self.settings = settings
        self.skill = load_skill(settings, memory)
        self.article = self.skill.article
        self.matcher = self.skill.matcher
        if settings.locale not in self.article.locales:
            known = ", ".join(self.article.locales)
            raise AskableError(f"--locale {settings.locale}: not one of this article's: {known}")
        self.digest = digest_of(settings.content)
        guess = _guess_by_matcher(self.article, self.matcher)
        self.nlu = _open_nlu(settings.models, guess)

    def device(self, locale: str = "", *, screen: bool = False) -> Device:
        """A new device without a session; its locale is that of the settings if omitted.

        Every locale has the same samples, so one NLU serves all.
        """
        return Device(
            self.nlu,
            self.skill.respond,
            locale or self.settings.locale,
            self.skill.note_unanswered,
            screen=screen,
        )


def _open_nlu(models: Path, guess: GuessIntent) -> AlexaNlu:
    model = load_interaction_model(models)
    try:
        return AlexaNlu(model, guess)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        what = "is not an interaction model; run `askable build`"
        raise StaleError(f"{models / MODEL_FILE}: {what}") from error


def _guess_by_matcher(article: Article, matcher: Matcher) -> GuessIntent:
    """Guess as the skill's own matcher does, which learned from the same samples as Alexa."""
    stop_words = frozenset(article.stop_words)
    in_danger = PhraseSpotter(article.danger_phrases)
    names = {
        word
        for term in article.terms.values()
        for _, name in term.names()
        for word in normalise(name).split()
    }

    def has_words(utterance: str) -> bool:
        """Whether any word besides stop words is English: not noise, nor another alphabet."""
        words = set(utterance.split()).difference(stop_words)
        return any(word in names or matcher.vectors.knows(word) for word in words)

    def guess(utterance: str) -> IntentGuess:
        if in_danger(utterance):
            return IntentGuess(DANGER.intent, 1.0, certain=True)
        ranking = matcher.rank(utterance)
        decision = decide(ranking)
        label = decision.label
        if decision.kind is DecisionKind.SUGGEST:
            label = ranking.candidates[0].label
        rival = next((c for c in ranking.candidates if c.label != label), None)
        words = has_words(ranking.heard)
        says_enough = words or decision.kind is DecisionKind.COMMAND or label == DANGER_LABEL
        return IntentGuess(
            _intent(article, label) if label else "",
            decision.score,
            _intent(article, rival.label) if rival else "",
            rival.score if rival else 0.0,
            certain=decision.kind not in (DecisionKind.EITHER, DecisionKind.SUGGEST)
            and decision.score >= _CERTAIN
            and says_enough,
            depends=decision.kind in (DecisionKind.ANSWER, DecisionKind.OUT_OF_DOMAIN)
            and has_pronoun(utterance),
            words=words,
        )

    return guess


def _intent(article: Article, label: Label) -> str:
    if label.kind is LabelKind.ANSWER:
        return article.answers[label.name].intent
    if label.kind is LabelKind.COMMAND:
        return label.name
    if label.kind is LabelKind.REFUSAL:
        return next(refusal.intent for refusal in REFUSALS if refusal.name == label.name)
    return NOT_IN_ARTICLE_INTENT
