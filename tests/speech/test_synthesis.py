from __future__ import annotations

import os
import sys
import wave
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from skill.errors import AskableError, EngineError
from skill.simulator import Runtime
from skill.speech import Audio, read_audio
from skill.speech.synthesis import (
    PiperSynthesizer,
    Synthesizer,
    open_synthesizer,
    write_speech,
)
from skill.speech.synthesis.espeak import EspeakSynthesizer
from tests.speech.test_ssml import CASES


@pytest.fixture(scope="module")
def espeak() -> Iterator[Synthesizer]:
    with closing(open_synthesizer()) as opened:
        yield opened


@pytest.fixture(scope="module")
def piper() -> PiperSynthesizer:
    pytest.importorskip("piper", reason="Piper is the extra askable[voice]")
    return PiperSynthesizer()


def _spoken(synthesizer: Synthesizer, ssml: str) -> Audio:
    (audio,) = synthesizer.speak(ssml).chunks
    return audio


@pytest.mark.parametrize("voice", ["espeak", "piper"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["ssml"])
def test_every_voice_speaks_ssml_and_lists_what_it_drops(
    case: dict[str, Any], voice: str, request: pytest.FixtureRequest
) -> None:
    spoken = request.getfixturevalue(voice).speak(case["ssml"])
    assert list(spoken.dropped) == case.get("drops", [])
    assert sum(audio.seconds for audio in spoken.chunks) > case.get("pause", 0) + 0.1


def test_a_break_is_silence(espeak: Synthesizer) -> None:
    plain = _spoken(espeak, "<speak>Hello there my friend.</speak>")
    breaks = _spoken(espeak, '<speak>Hello there <break time="2s"/> my friend.</speak>')
    assert breaks.seconds == pytest.approx(plain.seconds + 2, abs=0.6)


def test_piper_speaks_as_fast_as_requested(piper: PiperSynthesizer) -> None:
    slow, plain, fast = (
        sum(audio.seconds for audio in piper.speak("Hello there my friend.", words).chunks)
        for words in (90, 175, 350)
    )
    assert slow > 1.3 * plain
    assert fast < 0.8 * plain


def test_a_substitute_sounds_like_the_words_that_it_stands_for(espeak: Synthesizer) -> None:
    words = _spoken(espeak, "<speak>by doctor Who</speak>").pcm
    assert _spoken(espeak, '<speak>by <sub alias="doctor">Dr.</sub> Who</speak>').pcm == words


def test_double_brackets_are_words(espeak: Synthesizer) -> None:
    assert _spoken(espeak, "say [[h@loU]] now").seconds > _spoken(espeak, "say now").seconds


def test_every_answer_is_spoken_and_drops_nothing(runtime: Runtime, espeak: Synthesizer) -> None:
    device = runtime.device()
    for question in ("what is black tea", "i want to die", "help", "what can i ask"):
        exchange = device.say(question)
        spoken = espeak.speak(exchange.ssml)
        assert spoken.dropped == ()
        words = len(exchange.speech.split())
        assert 0.2 * words < sum(audio.seconds for audio in spoken.chunks) < 0.8 * words


def test_text_becomes_speech_again_and_again(espeak: Synthesizer, tmp_path: Path) -> None:
    for number in range(5):
        path = tmp_path / f"{number}.wav"
        write_speech("Green tea is a tea. Would you like to hear more?", path, espeak)
        with wave.open(str(path)) as audio:
            assert audio.getnframes() / audio.getframerate() > 2
            assert np.frombuffer(audio.readframes(-1), "<i2").std() > 500
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{n}.wav" for n in range(5)]


def test_speech_written_at_the_same_time_is_not_mixed_up(tmp_path: Path) -> None:
    texts = ["one", "one two", "one two three", "one two three four five six"] * 2

    def seconds(number: int) -> float:
        path = tmp_path / f"{number}.wav"
        with closing(open_synthesizer()) as synthesizer:
            write_speech(texts[number], path, synthesizer)
        return read_audio(path).seconds

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(seconds, range(8)))
    assert found[:4] == sorted(found[:4])
    assert found[:4] == found[4:]


def test_speech_goes_through_a_pipe_and_leaves_it_a_pipe(
    espeak: Synthesizer, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(pipe.read_bytes)
        write_speech("Green tea is a tea.", pipe, espeak)
        assert reading.result(30).startswith(b"RIFF")
    assert pipe.is_fifo()


def test_an_engine_that_hangs_raises_an_error_and_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="gave no speech"):
        write_speech("Hello.", tmp_path / "a.wav", EspeakSynthesizer(timeout=0.01))
    assert list(tmp_path.iterdir()) == []


def test_a_voice_that_is_not_installed_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    # The extra may be installed where this runs; None makes its import fail.
    monkeypatch.setitem(sys.modules, "piper", None)
    with pytest.raises(EngineError, match=r"askable\[voice\]"):
        open_synthesizer("piper")


def test_an_unknown_voice_names_the_known_ones() -> None:
    with pytest.raises(AskableError, match="espeak, piper"):
        open_synthesizer("elephant")
