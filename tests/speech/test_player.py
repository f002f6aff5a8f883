from __future__ import annotations

import threading
from pathlib import Path

import pytest

from skill.errors import EngineError
from skill.speech import RATE, Audio, Playback, SpeechOutput, read_audio
from skill.speech.synthesis import Speech


class _Card:
    """A sound card that plays a little and is then slow to take more."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.size = 0
        self.finished = False
        self.dropped = threading.Event()
        self.playing = threading.Event()

    def write(self, pcm: bytes) -> None:
        self.size += len(pcm)
        if self.size > 4_000:
            self.playing.set()
            self.dropped.wait(0.02)

    def stop(self) -> None:
        self.finished = True
        self.playing.set()

    def close(self) -> None:
        if not self.finished:
            self.dropped.set()


def test_a_new_response_stops_the_old_one() -> None:
    cards: list[_Card] = []
    opened = threading.Event()

    def open_card(rate: int) -> _Card:
        cards.append(_Card(rate))
        opened.set()
        return cards[-1]

    long = "This answer goes on and on, " * 20
    with SpeechOutput(aloud=True, open_output=open_card) as output:
        output.say(long)
        assert opened.wait(10)
        assert cards[0].playing.wait(10)
        assert output.speaking
        output.hush()
        assert not output.speaking
        assert cards[0].dropped.is_set()
        size = cards[0].size
        output.say("Yes?")
        output.finish()
    assert cards[0].size == size < 2 * cards[0].rate * 20
    assert not cards[1].dropped.is_set()
    assert cards[1].size > cards[1].rate


def test_waiting_raises_the_error_of_an_output_that_cannot_play() -> None:
    def no_card(rate: int) -> _Card:
        raise EngineError("--speak: no sound card")

    playback = Playback(Speech(iter([Audio(bytes(100), RATE)]), ()), no_card)
    with pytest.raises(EngineError, match="no sound card"):
        playback.wait()


def test_responses_are_written_to_numbered_files(tmp_path: Path) -> None:
    with SpeechOutput(folder=tmp_path) as output:
        output.say("One.")
        assert output.say("<speak>Two <audio/> more words.</speak>") == ("<audio>",)
    first, second = sorted(tmp_path.iterdir())
    assert (first.name, second.name) == ("001.wav", "002.wav")
    assert read_audio(first).seconds < read_audio(second).seconds


def test_without_an_output_nothing_is_spoken() -> None:
    with SpeechOutput() as output:
        assert output.say("<speak>unclosed") == ()
        assert not output.speaking
