"""Puts a speaker together: content and compiled models in, a Device that answers out."""

from __future__ import annotations

from collections.abc import Callable

from ask_sdk_core.attributes_manager import AbstractPersistenceAdapter

from skill.alexa.skill import load_skill
from skill.content.examples import OUTSIDE, Examples, read_examples
from skill.content.folder import digest_of
from skill.content.intents import COMMAND_INTENTS, DANGER_INTENT, NOT_IN_ARTICLE_INTENT
from skill.content.model import Article
from skill.content.text import normalise
from skill.errors import AskableError, StaleError
from skill.settings import Settings
from skill.simulator.device import Device
from skill.simulator.nlu import AlexaNlu, IntentGuess
from skill.understanding.compiled import load_model, load_vectors
from skill.understanding.interpreter import SpeaksOf, points
from skill.understanding.matcher import Matcher, decide
from skill.understanding.word_vectors import Vectors

_TIMES_AN_INTENT = 1_000
_TIMES_A_COMMAND = 100  # of one word; of more, less often by the square of their number
# From here on Alexa is taken to know an utterance for an intent by its likeness to the samples.
CERTAIN = 0.5


class Runtime:
    """One article's skill and the cloud in front of it; makes devices that talk to them."""

    def __init__(self, settings: Settings, memory: AbstractPersistenceAdapter) -> None:
        self._content = settings.content
        self.models = settings.models
        self.recognizer = settings.recognizer
        self.whisper_model = settings.whisper_model
        self.skill = load_skill(settings, memory)
        self.article = self.skill.article
        if settings.locale not in self.article.locales:
            known = ", ".join(self.article.locales)
            raise AskableError(f"--locale {settings.locale}: not one of this article's: {known}")
        vectors = load_vectors(settings.sentences)
        self.digest = digest_of(settings.content)
        self.matcher = self.skill.matcher
        model = load_model(settings.models, settings.locale)
        try:
            self.nlu = AlexaNlu(model, _near(self.article, self.matcher, vectors))
        except (KeyError, TypeError, AttributeError, IndexError) as error:
            path = settings.models / f"{settings.locale}.json"
            raise StaleError(f"{path}: is no interaction model; run `askable build`") from error
        self._locale = settings.locale

    def device(self, locale: str = "", *, screen: bool = False) -> Device:
        """A new device, in no session yet; every locale's model has the same samples."""
        spoken = locale or self._locale
        return Device(
            self.nlu, self.skill.respond, spoken, self.skill.note_unanswered, screen=screen
        )

    def examples(self) -> Examples:
        """How people really ask, by label; read anew, since only ears have a use for them."""
        return read_examples(self._content, self.article)

    def utterances(self) -> dict[str, int]:
        """Everything that the compiled model expects to hear, and how often each is expected.

        Each intent is as likely as the next, however many ways there are to say it, and commands
        are mostly short: else "help" would drown among thousands of questions.
        """
        by_intent: dict[str, list[str]] = {}
        for intent, utterance in self.nlu.utterances():
            by_intent.setdefault(intent, []).append(utterance)
        return {
            utterance: max(1, _TIMES_A_COMMAND // len(utterance.split()) ** 2)
            if intent in COMMAND_INTENTS or intent.startswith("AMAZON.")
            else max(1, _TIMES_AN_INTENT // len(said))
            for intent, said in by_intent.items()
            for utterance in said
        }


def _near(article: Article, matcher: Matcher, vectors: Vectors) -> Callable[[str], IntentGuess]:
    fillers = frozenset(article.fillers)
    in_danger = SpeaksOf(article.danger_words)
    names = {
        word
        for term in article.terms.values()
        for _, name in term.names()
        for word in normalise(name).split()
    }

    def says_something(heard: str) -> bool:
        """Whether any word of it, fillers apart, is a word at all: no noise, no other alphabet."""
        words = set(heard.split()).difference(fillers)
        return any(word in names or vectors.knows(word) for word in words)

    def near(utterance: str) -> IntentGuess:
        if in_danger(utterance):
            return IntentGuess(DANGER_INTENT, 1.0, certain=True)
        ranking = matcher.rank(utterance)
        decision = decide(ranking)
        first = ranking.candidates[0].label if ranking.candidates else ""
        label = decision.label if decision.kind != "near" else first
        rival = next((c for c in ranking.candidates if c.label != label), None)
        words = says_something(ranking.heard)
        return IntentGuess(
            _intent(article, label),
            decision.score,
            _intent(article, rival.label) if rival else "",
            rival.score if rival else 0.0,
            certain=decision.kind in ("answer", "control", "medical", "danger", "outside")
            and decision.score >= CERTAIN
            and (words or decision.kind in ("control", "danger")),
            depends=decision.kind in ("answer", "outside") and points(utterance),
            words=words,
        )

    return near


def _intent(article: Article, label: str) -> str:
    kind, _, name = label.partition(":")
    if kind == "answer":
        return article.answers[name].intent
    return NOT_IN_ARTICLE_INTENT if kind in ("silence", "beside", OUTSIDE) else label
