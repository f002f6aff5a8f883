from __future__ import annotations

import io
import os
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from skill.cli import main
from skill.simulator import TIMING, RecognizedUtterance
from skill.simulator.turn_loop import Said, Silence, turns
from skill.simulator.voice_terminal import level_bar
from skill.speech import FRAME, RATE, Audio, PcmStream, UtteranceDetector, read_audio
from tests.conftest import REPO

Samples = NDArray[np.float32]
WELCOME = 1
QUESTIONS = ("what is black tea", "can i drink tea at night")
ANSWERS = ("leaves that are left to brown", "drinks no tea after six")
CALL = "ask tea guide can i drink tea at night"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def said() -> Callable[[str], Samples]:
    kept: dict[str, Samples] = {}

    def say(text: str) -> Samples:
        if text not in kept:
            spoken = subprocess.run(
                ["espeak-ng", "-v", "en-us", "--stdout", text], capture_output=True, check=True
            )
            samples, rate = soundfile.read(io.BytesIO(spoken.stdout), dtype="float32")
            loud = np.flatnonzero(np.abs(samples) > 0.01)
            kept[text] = soxr.resample(samples[loud[0] : loud[-1]], rate, RATE)
        return kept[text]

    return say


def _silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), np.float32)


def _pcm(*parts: Samples, noise: float = 0.0) -> bytes:
    samples = np.concatenate(parts)
    hiss = np.random.default_rng(0).normal(0, noise, len(samples))
    return (np.clip(samples + hiss, -1, 1) * 32_767).astype("<i2").tobytes()


def _talk(pcm: bytes, tea_options: list[str], *options: str) -> Result:
    return CliRunner().invoke(main, [*tea_options, "talk", "--pcm", "-", *options], input=pcm)


def test_two_questions_in_one_stream_get_two_answers(
    said: Callable[[str], Samples], tea_options: list[str], tmp_path: Path
) -> None:
    first, second = map(said, QUESTIONS)
    pcm = _pcm(_silence(0.5), first, _silence(1.5), second, _silence(1))
    result = _talk(pcm, tea_options, "--wav-dir", str(tmp_path / "answers"))
    assert result.exit_code == 0, result.output
    assert result.output.count("you> ") == 2
    assert result.output.count("skill> ") == 3
    for words in (*QUESTIONS, *ANSWERS, "EveningIntent · exact"):
        assert words in result.output
    kept = sorted((tmp_path / "answers").iterdir())
    assert [path.name for path in kept] == ["001.wav", "002.wav", "003.wav"]
    assert all(read_audio(path).seconds > 3 for path in kept)


def test_a_turn_ends_when_the_speaker_does_and_not_when_the_stream_does(
    said: Callable[[str], Samples], tea_command: list[str]
) -> None:
    command = [*tea_command, "talk", "--pcm", "-"]
    with subprocess.Popen(
        command, cwd=REPO, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        for question, words in zip(QUESTIONS, ANSWERS, strict=True):
            process.stdin.write(_pcm(_silence(0.5), said(question), _silence(1)))
            process.stdin.flush()
            while words.encode() not in (line := process.stdout.readline()):
                assert line, f"no answer to {question}"
        process.stdin.close()
        assert process.wait(30) == 0


def test_hands_free_answers_what_calls_it_and_nothing_else(
    said: Callable[[str], Samples], tea_options: list[str]
) -> None:
    first, called = said(QUESTIONS[0]), said(CALL)
    pcm = _pcm(_silence(0.5), first, _silence(1.5), called, _silence(1.5), said("stop"))
    result = _talk(pcm, tea_options, "--hands-free")
    assert result.exit_code == 0, result.output
    assert ANSWERS[0] not in result.output
    assert ANSWERS[1] in result.output
    # While its session is open it waits for an answer, and needs no call.
    assert "Goodbye" in result.output
    assert 'Say "ask tea guide"' in result.output


def test_a_first_silence_brings_the_reprompt_and_a_second_ends_the_session(
    tea_options: list[str],
) -> None:
    result = _talk(_pcm(_silence(30)), tea_options)
    assert result.output.count("skill> ") == WELCOME + 1
    assert result.output.count("the session is over") == 1


def test_a_question_lost_in_noise_is_not_understood(
    said: Callable[[str], Samples], tea_options: list[str]
) -> None:
    drowned = said("what is black tea and what does it mean for me")
    pcm = _pcm(_silence(2.5), drowned, _silence(1), noise=0.02)
    result = _talk(pcm, tea_options)
    assert "(not understood)" in result.output
    assert "Sorry" in result.output


@pytest.mark.parametrize("noise", [0.0, 0.005, 0.02])
@pytest.mark.parametrize(
    "utterance",
    ["stop", "help", "yes", "no", "next", "repeat", "does it keep, or not, for years"],
)
def test_an_utterance_is_found_once_however_short_and_whatever_the_noise(
    utterance: str, noise: float, said: Callable[[str], Samples]
) -> None:
    samples = said(utterance)
    pcm = _pcm(_silence(2.5), samples, _silence(2), noise=noise)
    found = [turn for turn in _turns(pcm) if isinstance(turn, Said)]
    assert [turn.audio.seconds for turn in found] == [
        pytest.approx(len(samples) / RATE + 0.9, abs=0.45)
    ]


def test_a_whole_question_is_taken_sooner_than_half_of_one(
    said: Callable[[str], Samples],
) -> None:
    pcm = _pcm(_silence(1), said(QUESTIONS[0]), _silence(2))
    lengths = []
    for whole in (True, False):
        (turn,) = _turns(pcm, whole)
        assert isinstance(turn, Said)
        lengths.append(turn.audio.seconds)
    assert lengths[1] - lengths[0] == pytest.approx(TIMING.half - TIMING.whole, abs=0.001)


def test_a_listener_who_goes_on_speaking_is_heard_to_the_end(
    said: Callable[[str], Samples],
) -> None:
    half = said(QUESTIONS[0])
    (turn,) = _turns(_pcm(_silence(1), half, _silence(0.4), half, _silence(1)), whole=False)
    assert isinstance(turn, Said)
    assert turn.audio.seconds > 2 * len(half) / RATE + 0.4


class _Listening:
    """Always listening, never awaiting an answer."""

    def show_level(self, level: float, speaking: bool) -> None: ...

    def listening(self) -> bool:
        return True

    def awaited(self) -> bool:
        return False

    def interrupt(self) -> None: ...


def _turns(pcm: bytes, whole: bool = False) -> list[Said | Silence]:
    def listen(sound: Audio) -> RecognizedUtterance:
        return RecognizedUtterance("", (), whole)

    return list(turns(PcmStream(io.BytesIO(pcm)), listen, _Listening()))


@given(st.binary(max_size=20 * FRAME))
@settings(max_examples=50)
def test_any_bytes_are_a_stream(pcm: bytes) -> None:
    for turn in _turns(pcm):
        assert isinstance(turn, Said)
        assert turn.audio.seconds <= 1


@given(st.lists(st.tuples(st.integers(1, 40), st.floats(0, 1)), max_size=12))
def test_a_detector_keeps_no_more_than_it_was_given(levels: list[tuple[int, float]]) -> None:
    detector = UtteranceDetector()
    fed = 0.0
    source = np.random.default_rng(1)
    for frames, level in levels:
        for _ in range(frames):
            detector.feed(_pcm(source.normal(0, level / 3, FRAME // 2).astype(np.float32)))
            fed += FRAME / 2 / RATE
            assert 0 <= detector.quiet <= detector.so_far.seconds <= fed + 1e-6
    assert detector.finish().seconds <= fed + 1e-6
    assert not detector.in_speech


@given(st.floats(0, 40_000))
def test_the_meter_is_of_one_width_and_rises_with_the_level(level: float) -> None:
    assert len(level_bar(level)) == len(level_bar(0))
    assert level_bar(level).count("█") <= level_bar(2 * level).count("█")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["talk", "--mic"], "askable hear FILE"),
        (["ask", "what is black tea", "--speak"], "--wav FILE"),
        (["talk", "--mic", "--pcm", "-"], "give one"),
        (["talk", "--hands-free"], "need --mic or --pcm"),
    ],
)
def test_a_missing_sound_card_gives_one_sentence(
    options: list[str], words: str, tea_command: list[str], tmp_path: Path
) -> None:
    # No sound card, whatever this machine has.
    (tmp_path / "alsa.conf").write_text("pcm.!default { type hw card 99 }")
    environment = os.environ | {"ALSA_CONFIG_PATH": str(tmp_path / "alsa.conf")}
    result = subprocess.run(
        [*tea_command, *options],
        cwd=REPO,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 1
    assert words in result.stderr
    assert result.stderr.count("askable: ") == 1


ALSA = """
pcm.!default {{ type asym playback.pcm out capture.pcm in }}
pcm.out {{ type file slave.pcm null file "{folder}/out.raw" format raw }}
pcm.in {{ type file slave.pcm null file /dev/null infile "{folder}/in.raw" format raw }}
pcm.null {{ type null }}
ctl.!default {{ type null }}
"""


def test_the_microphone_records_and_the_sound_card_plays(
    said: Callable[[str], Samples], tea_command: list[str], tmp_path: Path
) -> None:
    """The sound card of PortAudio and ALSA consists of two files."""
    try:
        import sounddevice  # noqa: F401  # fails where PortAudio is missing
    except OSError:
        pytest.skip("PortAudio is not here (apt-get install libportaudio2)")
    (tmp_path / "in.raw").write_bytes(_pcm(_silence(1), said(CALL), _silence(2)))
    (tmp_path / "alsa.conf").write_text(ALSA.format(folder=tmp_path))
    with subprocess.Popen(
        [*tea_command, "talk", "--mic", "--hands-free"],
        cwd=REPO,
        env=os.environ | {"ALSA_CONFIG_PATH": str(tmp_path / "alsa.conf")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    ) as process:
        # It listens forever; a failure must not.
        watchdog = threading.Timer(60, process.kill)
        watchdog.start()
        assert process.stdout
        lines: list[bytes] = []
        while b"(silence" not in (line := process.stdout.readline()) and line:
            lines.append(line)
        process.terminate()
        watchdog.cancel()
    assert ANSWERS[1] in b"".join(lines).decode()
    played = np.frombuffer((tmp_path / "out.raw").read_bytes(), "<i2")
    assert len(played) > 22_050 * 3
    assert played.astype(float).std() > 500
