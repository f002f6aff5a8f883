from __future__ import annotations

import numpy as np
import pytest

from skill.speech import FRAME, FRAME_SECONDS, RATE, UtteranceDetector, read_audio
from skill.speech.voice_activity import LONGEST
from tests.support.speaking import say


def _frames(pcm: bytes) -> list[bytes]:
    return [pcm[start : start + FRAME] for start in range(0, len(pcm) - FRAME + 1, FRAME)]


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return read_audio(say("what is black tea", "en-us", tmp_path_factory.mktemp("s") / "q.wav")).pcm


def test_speech_starts_an_utterance_that_contains_all_of_it(speech: bytes) -> None:
    detector = UtteranceDetector()
    silence = bytes(FRAME * 40)
    for frame in _frames(silence + speech + silence):
        detector.feed(frame)
    assert detector.in_speech
    assert detector.quiet > 1
    audio = detector.finish()
    assert not detector.in_speech
    assert len(speech) / 2 / RATE - 0.2 < audio.seconds
    loud = np.abs(np.frombuffer(audio.pcm, "<i2").astype(int)) > 300
    assert loud.sum() > 0.95 * (np.abs(np.frombuffer(speech, "<i2").astype(int)) > 300).sum()


@pytest.mark.parametrize("sound", ["silence", "a click"])
def test_other_sounds_start_no_utterance(sound: str) -> None:
    samples = np.zeros(3 * RATE)
    if sound == "a click":
        samples[RATE : RATE + 60] = 12_000
    detector = UtteranceDetector()
    for frame in _frames(samples.astype("<i2").tobytes()):
        detector.feed(frame)
        assert not detector.in_speech


def test_steady_noise_starts_no_utterance_once_it_is_known() -> None:
    noise = np.random.default_rng(0).normal(0, 1_000, 6 * RATE).astype("<i2").tobytes()
    frames = _frames(noise)
    detector = UtteranceDetector()
    for frame in frames[:100]:
        detector.feed(frame)
    detector.finish()
    for frame in frames[100:]:
        detector.feed(frame)
        assert not detector.in_speech


def test_an_utterance_without_end_is_too_long(speech: bytes) -> None:
    detector = UtteranceDetector()
    frames = _frames(speech)
    for _ in range(round(LONGEST / FRAME_SECONDS / len(frames)) + 2):
        for frame in frames:
            detector.feed(frame)
    assert detector.too_long
    detector.finish()
    assert not detector.too_long
