"""From a recording to an utterance: a speech recognizer, and what the skill knows to rerank it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from skill.alexa import IntentMatch
from skill.content import (
    NOT_IN_ARTICLE_INTENT,
    OUT_OF_DOMAIN,
    Label,
    LabelKind,
    normalise,
    refusal_of_intent,
)
from skill.settings import cache_folder
from skill.simulator.language_model_file import (
    expected_utterances,
    read_language_model,
    with_invocations,
)
from skill.simulator.runtime import Runtime
from skill.speech import Audio
from skill.speech.recognition import (
    CombinedRecognizer,
    Meaning,
    PhoneticIndex,
    Recognition,
    Recognizer,
    SphinxRecognizer,
    WhisperRecognizer,
    choose,
    find_model,
    prompt_of,
    pronounce,
    pronounceable,
    to_arpa,
)

_ALEXA = ("AH L EH K S AH",)


@dataclass(frozen=True)
class RecognizedUtterance:
    """What the skill takes a recording for."""

    text: str  # the utterance to act on; "" if nothing was understood
    hypotheses: tuple[str, ...]  # the n-best list; empty if no speech was recognized
    whole: bool  # the text is a sample, so nothing is missing at its end


class HypothesisReranker:
    """Chooses the hypothesis that makes the most sense to one skill."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._choices = {choice.intent: choice for choice in runtime.article.choices}
        samples = [utterance for _, utterance in runtime.nlu.utterances()]
        words = {word for sample in samples for word in sample.split()}
        index = PhoneticIndex(samples, pronounce(words, runtime.article.pronunciations))
        self.similar = index.similar

    def best(self, recognition: Recognition) -> RecognizedUtterance:
        """What was most likely said."""
        nlu = self._runtime.nlu
        hypotheses = recognition.hypotheses
        # The words that invoke the skill are no part of the question.
        invocation = nlu.split_invocation(hypotheses[0])[0] if hypotheses else ""
        chosen = choose(
            self._questions(hypotheses),
            self.meaning,
            self.similar,
            self._questions(recognition.secondary),
            noisy=recognition.noisy,
        )
        text = f"{invocation} {chosen}".strip()
        match = nlu.understand(text).match if text else ""
        return RecognizedUtterance(text, hypotheses, match in ("exact", "slot", "launch"))

    def _questions(self, hypotheses: tuple[str, ...]) -> tuple[str, ...]:
        split = (self._runtime.nlu.split_invocation(hypothesis) for hypothesis in hypotheses)
        return tuple(question for _, question in split if question)

    def meaning(self, text: str) -> Meaning:
        """What a text may mean to the skill."""
        match = self._runtime.nlu.by_sample(normalise(text))
        if match:
            return Meaning({self._label(match): 1.0}, sample=True)
        shares: dict[Label, float] = defaultdict(float)
        for candidate in self._runtime.matcher.rank(text).candidates:
            unanswered = candidate.label.kind in (LabelKind.NEAR_MISS, LabelKind.KNOWN_GAP)
            shares[OUT_OF_DOMAIN if unanswered else candidate.label] += candidate.score
        return Meaning(shares, sample=False)

    def _label(self, match: IntentMatch) -> Label:
        answer = self._runtime.article.intent_answers.get(match.intent, "")
        if choice := self._choices.get(match.intent):
            chosen = [slot.value_id for slot in match.slots if slot.name == choice.term]
            answer = choice.answers.get(chosen[0], "") if chosen else ""
        if answer:
            return Label.answer(answer)
        if match.intent == NOT_IN_ARTICLE_INTENT:
            return OUT_OF_DOMAIN
        refusal = refusal_of_intent(match.intent)
        if refusal:
            return Label(LabelKind.REFUSAL, refusal.name)
        return Label(LabelKind.COMMAND, match.intent)


@dataclass(frozen=True)
class SpeechPipeline:
    """A recognizer and a reranker."""

    recognizer: Recognizer
    reranker: HypothesisReranker

    def listen(self, audio: Audio) -> RecognizedUtterance:
        """What was most likely said."""
        return self.reranker.best(self.recognizer.recognize(audio))


def open_pipeline(runtime: Runtime, *, called: bool = False) -> SpeechPipeline:
    """The speech pipeline of one skill.

    Args:
        runtime: The skill, and the recognizer of its settings.
        called: Whether to expect the invocation name too ("ask … guide"); this takes some seconds.

    Raises:
        EngineError: The recognizer of the settings is not installed.
        StaleError: The language model is missing or older than the content.
    """
    return SpeechPipeline(open_recognizer(runtime, called=called), HypothesisReranker(runtime))


def open_recognizer(runtime: Runtime, *, called: bool = False) -> Recognizer:
    """The recognizer of the settings; see `open_pipeline`."""
    if runtime.settings.recognizer == "whisper":
        return CombinedRecognizer(
            whisper_recognizer(runtime), sphinx_recognizer(runtime, called=called)
        )
    return sphinx_recognizer(runtime, called=called)


def sphinx_recognizer(runtime: Runtime, *, called: bool = False) -> SphinxRecognizer:
    """PocketSphinx, which comes with the package, with the language model of this skill."""
    pronunciations = {**runtime.article.pronunciations, "alexa": _ALEXA}
    if called:
        counts = with_invocations(expected_utterances(runtime), runtime.article.invocation_name)
        arpa = to_arpa(pronounceable(counts, pronunciations))
    else:
        arpa = read_language_model(runtime)
    return SphinxRecognizer(arpa, pronunciations)


def whisper_recognizer(runtime: Runtime, threads: int = 0) -> WhisperRecognizer:
    """Whisper, with a prompt for this skill.

    Args:
        runtime: The skill, and the model of its settings.
        threads: CPU threads; 0 means one for each core.

    Raises:
        EngineError: The extra or the model is missing.
    """
    words = {word for _, utterance in runtime.nlu.utterances() for word in utterance.split()}
    return WhisperRecognizer(whisper_folder(runtime), prompt_of(runtime.article), words, threads)


def whisper_folder(runtime: Runtime) -> Path:
    """The folder of Whisper's model, found or put together but not loaded."""
    report = partial(click.echo, err=True)
    return find_model(runtime.settings.whisper_model, cache_folder(), report)


def check_recognizer(runtime: Runtime) -> None:
    """Raise an EngineError now if the recognizer of the settings is not installed."""
    if runtime.settings.recognizer == "whisper":
        whisper_folder(runtime)


def is_called(runtime: Runtime, text: str) -> bool:
    """Whether an utterance names the skill."""
    return normalise(runtime.article.invocation_name) in normalise(text)
