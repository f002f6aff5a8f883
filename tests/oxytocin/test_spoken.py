"""Spoken questions about the shipped article, in voices of espeak-ng and Piper."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from skill.cli import main
from skill.memory import NoMemory
from skill.settings import Settings
from skill.simulator import (
    HypothesisReranker,
    Runtime,
    SpeechPipeline,
    is_called,
    open_pipeline,
    sphinx_recognizer,
)
from skill.speech import Audio, read_audio
from skill.speech.recognition import SphinxRecognizer, to_arpa
from skill.speech.synthesis import open_synthesizer, write_speech
from tests.support.speaking import in_noise, needs_whisper, say

pytestmark = pytest.mark.slow

# How many of the twenty samples are answered right, measured by these tests on 2026-11-26.
RIGHT = {"en-us": 20, "en-gb": 18, "en-us+f3": 19, "piper": 20}
RIGHT_IN_NOISE = {"en-us": 17, "en-gb": 13, "en-us+f3": 14, "piper": 17}
MARGIN = 2  # a change of the content or of espeak-ng moves a sample or two


@pytest.fixture(scope="module")
def pipeline(runtime: Runtime) -> SpeechPipeline:
    return SpeechPipeline(sphinx_recognizer(runtime), HypothesisReranker(runtime))


@pytest.fixture(scope="module")
def whisper_pipeline(settings: Settings) -> SpeechPipeline:
    return open_pipeline(Runtime(replace(settings, recognizer="whisper"), NoMemory()))


def twenty_samples(runtime: Runtime) -> list[tuple[str, str]]:
    """Return twenty samples with their answers: one of each second answer, and two more."""
    answers = list(runtime.article.answers.values())
    samples = defaultdict(list)
    for intent, utterance in runtime.nlu.utterances():
        if 3 <= len(utterance.split()) <= 8:
            samples[intent].append(utterance)
    chosen = []
    for position, answer in enumerate([*answers[::2], answers[1], answers[3]]):
        asked = samples[answer.intent]
        chosen.append((asked[position * 37 % len(asked)], answer.id))
    return chosen


def right_and_wrong(
    runtime: Runtime,
    pipeline: SpeechPipeline,
    voice: str,
    folder: Path,
    through: Callable[[Audio], Audio] = lambda audio: audio,
) -> tuple[int, list[tuple[str, str, str]]]:
    """Count right answers and list wrong facts: what was said, what was understood, the answer."""
    right, wrong = 0, []
    path = folder / "q.wav"
    piper = open_synthesizer("piper") if voice == "piper" else None
    for utterance, expected in twenty_samples(runtime):
        if piper:
            write_speech(utterance, path, synthesizer=piper)
        else:
            say(utterance, voice, path)
        text = pipeline.listen(through(read_audio(path))).text
        answer = runtime.device().say(text).answer if text else None
        right += answer == expected
        if answer not in (expected, None):
            wrong.append((utterance, text, answer))
    print(f"{voice}: {right} of 20 right, wrong: {wrong}")
    return right, wrong


@pytest.mark.parametrize("voice", RIGHT)
def test_spoken_samples_are_answered_and_none_with_a_wrong_fact(
    voice: str, runtime: Runtime, pipeline: SpeechPipeline, tmp_path: Path
) -> None:
    if voice == "piper":
        pytest.importorskip("piper", reason="Piper is the extra askable[voice]")
    right, wrong = right_and_wrong(runtime, pipeline, voice, tmp_path)
    assert right >= RIGHT[voice] - MARGIN
    assert wrong == []


@pytest.mark.parametrize("voice", RIGHT_IN_NOISE)
def test_most_spoken_samples_are_answered_at_10_db_of_noise(
    voice: str, runtime: Runtime, pipeline: SpeechPipeline, tmp_path: Path
) -> None:
    if voice == "piper":
        pytest.importorskip("piper", reason="Piper is the extra askable[voice]")
    right, wrong = right_and_wrong(
        runtime, pipeline, voice, tmp_path, lambda audio: in_noise(audio, 10)
    )
    assert right >= RIGHT_IN_NOISE[voice] - MARGIN
    assert len(wrong) <= 2


@needs_whisper
@pytest.mark.parametrize("voice", ["en-us", "en-gb"])
def test_spoken_samples_are_answered_with_whisper(
    voice: str, runtime: Runtime, whisper_pipeline: SpeechPipeline, tmp_path: Path
) -> None:
    right, wrong = right_and_wrong(runtime, whisper_pipeline, voice, tmp_path)
    assert right >= 18
    assert wrong == []


@needs_whisper
@pytest.mark.parametrize("voice", ["en-us", "en-gb", "en-us+f3"])
def test_whisper_recognizes_the_invocation_name(
    voice: str, runtime: Runtime, whisper_pipeline: SpeechPipeline, tmp_path: Path
) -> None:
    call = say("ask oxytocin guide what is a sex blush", voice, tmp_path / "q.wav")
    text = whisper_pipeline.listen(read_audio(call)).text
    assert is_called(runtime, text)
    assert runtime.device().say(text).answer == "blush"


@needs_whisper
def test_whisper_recognizes_a_question_that_is_no_sample(
    whisper_pipeline: SpeechPipeline, tmp_path: Path
) -> None:
    text = "tell me how oxytocin can make my muscles younger"
    found = whisper_pipeline.listen(read_audio(say(text, "en-us", tmp_path / "q.wav")))
    assert found.hypotheses[0] == text


def test_a_question_in_a_sound_file_is_answered_in_a_sound_file(tmp_path: Path) -> None:
    question = say("what is a sex blush", "en-us", tmp_path / "q.wav")
    spoken = tmp_path / "a.wav"
    result = CliRunner().invoke(main, ["hear", str(question), "--json", "--wav", str(spoken)])
    assert result.exit_code == 0, result.output
    record = json.loads(result.output)
    assert record["heard"] == "what is a sex blush"
    assert record["answer"] == "blush"
    answer = read_audio(spoken)
    assert 5 < answer.seconds < 30
    # The last sentence, recognized by a recognizer that expects three sentences.
    choices = ["would you like to hear more", "what else would you like to know", "goodbye"]
    recognizer = SphinxRecognizer(to_arpa(dict.fromkeys(choices, 1)), {})
    tail = Audio(answer.pcm[-2 * 16_000 * 2 :], 16_000)
    assert recognizer.recognize(tail).hypotheses[0] == choices[0]
