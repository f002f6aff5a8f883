"""Latency of spoken turns in real time: from the end of speech to the answer, and of interruptions.

.venv/bin/python bench/turn_latency.py [--turns 40] [--voice espeak]

espeak-ng speaks samples of the shipped article, and the turn loop gets them at the pace of a
microphone. Speech ends with the last sample louder than 1 %; the answer begins with the first block
that is written to the sound card, whose own latency is not included.
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
from skill.settings import Settings, find_settings
from skill.simulator import Runtime
from skill.simulator.voice_terminal import ConversationOptions, converse
from skill.speech import FRAME, FRAME_SECONDS, RATE, Playback
from skill.speech.synthesis import open_synthesizer

VOICES = ("en-us", "en-gb", "en-us+f3")


class PacedQuestions:
    """A source of questions at the pace of speech; it notes when each ends."""

    def __init__(self, questions: list[str]) -> None:
        self.ended: list[float] = []
        self._questions = questions

    def frames(self) -> Iterator[bytes]:
        """Yield each frame when it is due."""
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


class ClockedOutput:
    """An output that takes everything at once, and notes when the first block comes."""

    def __init__(self, began: list[float]) -> None:
        self._began = began
        self._empty = True

    def write(self, pcm: bytes) -> None:
        """Note the time of the first block."""
        if self._empty:
            self._began.append(time.perf_counter())
        self._empty = False

    def stop(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


class RealTimeOutput(ClockedOutput):
    """An output that takes as long as the sound lasts."""

    def __init__(self, rate: int) -> None:
        super().__init__([])
        self._rate = rate
        self.playing = threading.Event()

    def write(self, pcm: bytes) -> None:
        """Wait for as long as the block lasts."""
        self.playing.set()
        time.sleep(len(pcm) / 2 / self._rate)


def main() -> None:
    """Print percentiles of both latencies."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=40)
    parser.add_argument("--voice", default="espeak")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        memory = Path(folder) / "memory.sqlite3"
        settings = replace(find_settings(), memory=memory, voice=given.voice)
        answers = _answer_latencies(settings, given.turns)
    print("| seconds | p50 | p95 | max | of |\n|---|---|---|---|---|")
    print(_row("end of speech to first audio", answers))
    print(_row("interruption to silence", _interruption_latencies(given.voice, given.turns)))


def _answer_latencies(settings: Settings, count: int) -> list[float]:
    samples = [
        utterance
        for intent, utterance in Runtime(settings, NoMemory()).nlu.utterances()
        if not intent.startswith("AMAZON.") and 3 <= len(utterance.split()) <= 8
    ]
    source = PacedQuestions(random.Random(1).sample(samples, count))
    began: list[float] = []
    with contextlib.redirect_stdout(io.StringIO()):
        converse(settings, source, ConversationOptions(speak=True), lambda _: ClockedOutput(began))
    answered = [next((at for at in began if at > end), None) for end in source.ended]
    # A question that is not answered within its silence of 1.5 s was not recognized.
    return [
        at - end for at, end in zip(answered, source.ended, strict=True) if at and at - end < 1.4
    ]


def _interruption_latencies(voice: str, count: int) -> list[float]:
    outputs: list[RealTimeOutput] = []

    def open_output(rate: int) -> RealTimeOutput:
        outputs.append(RealTimeOutput(rate))
        return outputs[-1]

    latencies = []
    with contextlib.closing(open_synthesizer(voice)) as synthesizer:
        for _ in range(count):
            playing = Playback(synthesizer.speak("Oxytocin is a hormone. " * 6), open_output)
            while not outputs:
                time.sleep(0.001)
            outputs[-1].playing.wait()
            time.sleep(random.uniform(0.1, 0.3))
            started = time.perf_counter()
            playing.stop()
            latencies.append(time.perf_counter() - started)
            outputs.clear()
    return latencies


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
