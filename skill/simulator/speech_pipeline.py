"""A sound -> the utterance to act on: ears, and what the skill knows to make sense of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from skill.alexa.requests import IntentMatch
from skill.content.examples import OUTSIDE
from skill.content.intents import NOT_IN_ARTICLE_INTENT
from skill.content.text import normalise
from skill.simulator.runtime import Runtime
from skill.simulator.language_model_file import expected_of, read_language_model
from skill.speech.audio import Audio
from skill.speech.recognition.acoustic_models import Voice
from skill.speech.recognition.combined import CombinedRecognizer
from skill.speech.recognition.lexicon import pronounce
from skill.speech.recognition.phonetic_index import PhoneticIndex
from skill.speech.recognition.reranking import Meaning, choose
from skill.speech.recognition.sphinx import Recognizer, SphinxRecognizer

_OPENING_WORDS = 3
_ALEXA = ("AH L EH K S AH",)


@dataclass(frozen=True)
class RecognizedUtterance:
    """What came of a sound: the utterance to act on, "" for none, and all that it may have been."""

    text: str
    hypotheses: tuple[str, ...]
    whole: bool  # a sample from beginning to end: nothing is missing


@dataclass(frozen=True)
class SpeechPipeline:
    """Ears and the sense to make of what they hear."""

    recognizer: Recognizer
    sense: HypothesisReranker

    def listen(self, audio: Audio) -> RecognizedUtterance:
        """What was most likely said."""
        heard = self.recognizer.recognize(audio)
        return self.sense.best(heard.hypotheses, heard.secondary, heard.voice)


class HypothesisReranker:
    """What one speaker's skill knows that tells a likely hearing from an unlikely one."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._answer_of = runtime.article.intent_answers()
        self._choices = {choice.intent: choice for choice in runtime.article.choices}
        samples = [utterance for _, utterance in runtime.nlu.utterances()]
        words = {word for sample in samples for word in sample.split()}
        self._index = PhoneticIndex(samples, pronounce(words, runtime.article.pronunciations))

    def best(
        self,
        hypotheses: tuple[str, ...],
        secondary: tuple[str, ...] = (),
        voice: Voice | None = None,
    ) -> RecognizedUtterance:
        """What was most likely said, of several hearings of one sound; the rest as in Heard."""
        # Whether the skill is called by its name is no part of what is asked.
        nlu = self._runtime.nlu
        opening = nlu.opening(hypotheses[0])[0] if hypotheses else ""
        asked, asked_beside = (
            tuple(filter(None, (nlu.opening(heard)[1] for heard in each)))
            for each in (hypotheses, secondary)
        )
        chosen = choose(asked, self._meaning, self._index.alike, asked_beside, voice=voice)
        text = f"{opening} {chosen}".strip()
        match = nlu.understand(text).match if text else ""
        return RecognizedUtterance(text, hypotheses, match in ("exact", "slot", "launch"))

    def _meaning(self, text: str) -> Meaning:
        intent_match = self._runtime.nlu.by_sample(normalise(text))
        if intent_match:
            return Meaning({self._named(intent_match): 1.0}, sample=True)
        shares: dict[str, float] = defaultdict(float)
        for candidate in self._runtime.matcher.rank(text).candidates:
            kind = candidate.label.partition(":")[0]
            refused = kind in ("silence", "beside", OUTSIDE)
            shares[OUTSIDE if refused else candidate.label] += candidate.score
        return Meaning(shares, sample=False)

    def _named(self, intent_match: IntentMatch) -> str:
        choice = self._choices.get(intent_match.intent)
        answer = self._answer_of.get(intent_match.intent, "")
        if choice:
            chosen = [slot.value_id for slot in intent_match.slots if slot.name == choice.term]
            answer = choice.answers.get(chosen[0], "") if chosen else ""
        if answer:
            return f"answer:{answer}"
        return OUTSIDE if intent_match.intent == NOT_IN_ARTICLE_INTENT else intent_match.intent


def open_pipeline(runtime: Runtime, *, called: bool = False) -> SpeechPipeline:
    """A speaker's own ears, ready to listen; `called`, also for its name ("ask … guide")."""
    return SpeechPipeline(open_recognizer(runtime, called=called), HypothesisReranker(runtime))


def open_recognizer(runtime: Runtime, *, called: bool = False) -> Recognizer:
    """The ears that were chosen for a speaker."""
    if runtime.recognizer == "whisper":
        from skill.speech.recognition.whisper import whisper_recognizer

        return CombinedRecognizer(
            whisper_recognizer(runtime), sphinx_recognizer(runtime, called=called)
        )
    return sphinx_recognizer(runtime, called=called)


def check_recognizer(runtime: Runtime) -> None:
    """Tell now, by an EngineError, what the chosen ears lack, rather than when they are opened."""
    if runtime.recognizer == "whisper":
        from skill.speech.recognition.whisper import model_of

        model_of(runtime)


def is_called(runtime: Runtime, text: str) -> bool:
    """Whether the skill is named: the wake phrase."""
    return normalise(runtime.article.invocation_name) in normalise(text)


def sphinx_recognizer(runtime: Runtime, *, called: bool = False) -> SphinxRecognizer:
    """The ears that come with the skill, steered by the language model made at build.

    Those that listen for the skill's name make their own, which takes some seconds.
    """
    said = {**runtime.article.pronunciations, "alexa": _ALEXA}
    if not called:
        return SphinxRecognizer(runtime.utterances(), said, read_language_model(runtime))
    expected = expected_of(runtime)
    name = normalise(runtime.article.invocation_name)
    return SphinxRecognizer(expected | _openings(expected, name), said)


def _openings(utterances: Mapping[str, int], name: str) -> dict[str, int]:
    """The skill's name before the beginnings of questions: their ends are known anyway."""
    found: dict[str, int] = {}
    for utterance, times in utterances.items():
        beginning = " ".join(utterance.split()[:_OPENING_WORDS])
        for call in (f"ask {name}", f"alexa ask {name}"):
            line = f"{call} {beginning}"
            found[line] = found.get(line, 0) + times
    most = max(found.values(), default=1)
    return found | {f"open {name}": most, f"alexa open {name}": most}
