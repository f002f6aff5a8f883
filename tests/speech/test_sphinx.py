from __future__ import annotations

from pathlib import Path

import numpy as np
import pocketsphinx
import pytest

from skill.simulator import HypothesisReranker, Runtime, SpeechPipeline, sphinx_recognizer
from skill.speech import RATE, Audio, read_audio
from skill.speech.recognition import SphinxRecognizer, pronounceable
from skill.speech.recognition.sphinx import estimated_snr, write_acoustic_model
from tests.support.speaking import in_noise, say

QUESTIONS = {
    "what is black tea": "black",
    "how is green tea made": "green",
    "when should i drink tea": "evening",
    "how do grown ups sleep after tea": "adults",
}


@pytest.fixture(scope="module")
def recognizer(runtime: Runtime) -> SphinxRecognizer:
    return sphinx_recognizer(runtime)


@pytest.fixture(scope="module")
def pipeline(runtime: Runtime, recognizer: SphinxRecognizer) -> SpeechPipeline:
    return SpeechPipeline(recognizer, HypothesisReranker(runtime))


@pytest.mark.slow
@pytest.mark.parametrize("voice", ["en-us", "en-gb", "en-us+f3"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_spoken_sample_is_recognized(
    question: str, voice: str, runtime: Runtime, pipeline: SpeechPipeline, tmp_path: Path
) -> None:
    text = pipeline.listen(read_audio(say(question, voice, tmp_path / "q.wav"))).text
    assert runtime.device().say(text).answer == QUESTIONS[question]


@pytest.mark.slow
@pytest.mark.parametrize("word", ["stop", "help", "yes", "no", "next", "repeat"])
def test_a_single_word_is_recognized(
    word: str, runtime: Runtime, pipeline: SpeechPipeline, tmp_path: Path
) -> None:
    spoken = read_audio(say(word, "en-gb", tmp_path / "q.wav"))
    silence = bytes(2 * RATE // 5)  # as voice activity detection leaves it
    text = pipeline.listen(Audio(silence + spoken.pcm + silence, RATE)).text
    assert runtime.nlu.understand(text).intent == runtime.nlu.understand(word).intent


def test_the_model_for_noise_is_used_in_noise_only(
    recognizer: SphinxRecognizer, tmp_path: Path
) -> None:
    audio = read_audio(say("what is black tea", "en-us", tmp_path / "q.wav"))
    assert not recognizer.recognize(audio).noisy
    noisy = recognizer.recognize(in_noise(audio, 8))
    assert noisy.noisy
    assert "what is black tea" in noisy.hypotheses


@pytest.mark.parametrize("decibels", [6, 10, 20, 30])
def test_the_signal_to_noise_ratio_is_estimated(decibels: int) -> None:
    time = np.arange(2 * RATE) / RATE
    tone = np.where(time > 1, 10_000 * np.sin(2 * np.pi * 300 * time), 0)
    spread = np.sqrt(10_000**2 / 2 / 10 ** (decibels / 10))
    noisy = tone + np.random.default_rng(4).normal(0, spread, len(tone))
    assert estimated_snr(noisy.astype(np.float32)) == pytest.approx(decibels, abs=1.5)


def test_pocketsphinx_loads_both_acoustic_models_and_their_means_differ(tmp_path: Path) -> None:
    means = []
    for noisy in (False, True):
        folder = tmp_path / str(noisy)
        write_acoustic_model(folder, noisy=noisy)
        pocketsphinx.Decoder(hmm=str(folder), lm=None, keyphrase="tea", loglevel="FATAL")
        means.append((folder / "means").read_bytes().partition(b"endhdr\n")[2][: 42 * 3 * 128 * 13])
    assert len(means[0]) == len(means[1])
    assert means[0] != means[1]


@pytest.mark.parametrize("length", [0, 1, 399, 16_000])
def test_silence_says_nothing(length: int, recognizer: SphinxRecognizer) -> None:
    assert recognizer.recognize(Audio(bytes(2 * length), RATE)).hypotheses == ()


@pytest.mark.slow
def test_a_recognition_does_not_depend_on_the_sounds_before(
    recognizer: SphinxRecognizer, tmp_path: Path
) -> None:
    audio = read_audio(say("no", "en-gb", tmp_path / "q.wav"))
    first = recognizer.recognize(audio)
    assert recognizer.recognize(audio) == first
    recognizer.recognize(read_audio(say("stop", "en-gb", tmp_path / "other.wav")))
    assert recognizer.recognize(audio) == first


def test_utterances_with_an_unpronounceable_word_are_left_out() -> None:
    assert pronounceable({"black tea": 2, "black zzyx": 1}, {}) == {"black tea": 2}
