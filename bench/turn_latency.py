"""Times a spoken turn in real time: end of speech -> first audio of the answer, and the barge-in.

.venv/bin/python bench/turn_latency.py [--turns 40] [--voice espeak]

Questions are samples spoken by espeak-ng, given to the turn loop at the pace of a microphone. The
end of speech is the last sample louder than 1 %; the first audio is the first block handed to the
sound card, whose own latency comes on top.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import random
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile
import soxr

from skill.memory import NoMemory
from skill.settings import find_settings
from skill.simulator.runtime import Runtime
from skill.simulator.voice_terminal import ConversationOptions, converse
from skill.speech import FRAME, FRAME_SECONDS, RATE, Playback
from skill.speech.synthesis import open_synthesizer

VOICES = ("en-us", "en-gb", "en-us+f3")


class Paced:
    """Questions in one stream, as fast as they are spoken; notes when each has ended."""

    def __init__(self, questions: list[str]) -> None:
        self.ended: list[float] = []
        self._questions = questions

    def frames(self) -> Iterator[bytes]:
        """Frames when they are due."""
        due = time.perf_counter()
        for number, question in enumerate(self._questions):
            speech = _say(question, VOICES[number % len(VOICES)])
            pcm = bytes(RATE) + speech + bytes(3 * RATE)
            for start in range(0, len(pcm), FRAME):
                due += FRAME_SECONDS
                time.sleep(max(0.0, due - time.perf_counter()))
                if start <= RATE + len(speech) < start + FRAME:
                    self.ended.append(due)
                yield pcm[start : start + FRAME].ljust(FRAME, b"\0")


class Clocked:
    """A sound card that takes everything at once and notes when its first block came."""

    def __init__(self, began: list[float]) -> None:
        self._began = began
        self._fresh = True

    def write(self, pcm: bytes) -> None:
        """Note the first."""
        if self._fresh:
            self._began.append(time.perf_counter())
        self._fresh = False

    def drain(self) -> None:
        """Nothing waits."""

    def abort(self) -> None:
        """Nothing waits."""


class RealTime(Clocked):
    """A sound card that plays at the pace of sound; notes when it was told to drop the rest."""

    def __init__(self, rate: int) -> None:
        super().__init__([])
        self.rate = rate
        self.aborted = threading.Event()
        self.playing = threading.Event()

    def write(self, pcm: bytes) -> None:
        """As long as it lasts."""
        self.playing.set()
        time.sleep(len(pcm) / 2 / self.rate)

    def abort(self) -> None:
        """Silent from here on."""
        self.aborted.set()


def main() -> None:
    """Print percentiles of both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=40)
    parser.add_argument("--voice", default="espeak")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        memory = str(Path(folder) / "memory.sqlite3")
        settings = find_settings(None, None, None, memory, None)
        settings = replace(settings, voice=given.voice)
        told = _turns(settings, given.turns)
    print("| seconds | p50 | p95 | max | of |\n|---|---|---|---|---|")
    print(_row("end of speech to first audio", told))
    print(_row("barge-in to silence", _stops(given.voice, given.turns)))


def _turns(settings: object, count: int) -> list[float]:
    from skill.settings import Settings

    assert isinstance(settings, Settings)
    samples = [
        utterance
        for intent, utterance in Runtime(settings, NoMemory()).nlu.utterances()
        if not intent.startswith("AMAZON.") and 3 <= len(utterance.split()) <= 8
    ]
    source = Paced(random.Random(1).sample(samples, count))
    began: list[float] = []
    with contextlib.redirect_stdout(io.StringIO()):
        converse(settings, source, ConversationOptions(speak=True), lambda _rate: Clocked(began))
    answers = [next((at for at in began if at > end), None) for end in source.ended]
    return [
        at - end for at, end in zip(answers, source.ended, strict=True) if at and at - end < 1.4
    ]


def _stops(voice: str, count: int) -> list[float]:
    cards: list[RealTime] = []

    def open_card(rate: int) -> RealTime:
        cards.append(RealTime(rate))
        return cards[-1]

    stops = []
    with open_synthesizer(voice) as synthesizer:
        for _ in range(count):
            playing = Playback(synthesizer.speak("Oxytocin is a hormone. " * 6), open_card)
            while not cards:
                time.sleep(0.001)
            cards[-1].playing.wait()
            time.sleep(random.uniform(0.1, 0.3))
            started = time.perf_counter()
            playing.stop()
            stops.append(time.perf_counter() - started)
            cards.clear()
    return stops


def _row(name: str, seconds: list[float]) -> str:
    low, high = np.percentile(seconds, [50, 95])
    return f"| {name} | {low:.3f} | {high:.3f} | {max(seconds):.3f} | {len(seconds)} |"


def _say(text: str, voice: str) -> bytes:
    said = subprocess.run(
        ["espeak-ng", "-v", voice, "--stdout", text], capture_output=True, check=True
    )
    samples, rate = soundfile.read(io.BytesIO(said.stdout), dtype="float32")
    loud = np.flatnonzero(np.abs(samples) > 0.01)
    speech = soxr.resample(samples[: loud[-1]], rate, RATE)
    return bytes((np.clip(speech, -1, 1) * 32_767).astype("<i2").tobytes())


if __name__ == "__main__":
    main()
