"""Counts the utterances of a stream that our UtteranceDetector and PocketSphinx's Endpointer find.

.venv/bin/python -m bench.endpointing [tune]

With `tune` it counts for UtteranceDetector alone, with one number of its record changed at a time.
"""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import pocketsphinx
import soundfile
import soxr
from numpy.typing import NDArray

from bench.variants import changes
from skill.simulator import TIMING
from skill.speech import FRAME, RATE, UtteranceDetector
from skill.speech.voice_activity import DETECTION, Detection

VOICES = ("en-us", "en-gb", "en-us+f3")
UTTERANCES = (
    *("stop", "no", "yes", "help", "next", "repeat", "tell me more", "what is oxytocin"),
    *("what does the author say about foreplay", "does it help, or not, with wounds"),
)
NOISES = (None, 20, 10, 5)  # dB of signal to white noise
Ends = Iterator[float]  # seconds at which an utterance ended


def main() -> None:
    """Print how many utterances were found for each noise and method, and how late they ended."""
    methods: dict[str, Callable[[bytes], Ends]] = {
        "Endpointer 0.5": lambda pcm: _pocketsphinx(pcm, 0.5),
        "Endpointer 0.3": lambda pcm: _pocketsphinx(pcm, 0.3),
        f"ours, whole {TIMING.whole} s": lambda pcm: _ours(pcm, TIMING.whole),
        f"ours, half {TIMING.half} s": lambda pcm: _ours(pcm, TIMING.half),
    }
    if sys.argv[1:] == ["tune"]:
        tried = [("today", DETECTION), *changes(DETECTION, ["strict"])]
        methods = {
            name: partial(_ours, quiet=TIMING.half, detection=detection)
            for name, detection in tried
        }
    print("| noise | method | found | split or false | median s late |\n|---|---|---|---|---|")
    for noise in NOISES:
        streams = [_stream(voice, noise) for voice in VOICES]
        for name, method in methods.items():
            found, extra, delays = 0, 0, []
            for pcm, spans in streams:
                ends = list(method(pcm))
                for start, end in spans:
                    hits = [at for at in ends if start < at < end + 1.4]
                    found += bool(hits)
                    extra += max(0, len(hits) - 1)
                    delays += [hits[-1] - end] if hits else []
                extra += sum(not any(s < at < e + 1.4 for s, e in spans) for at in ends)
            of = len(UTTERANCES) * len(VOICES)
            middle = f"{np.median(delays):.2f}" if delays else "-"
            level = "clean" if noise is None else f"{noise} dB"
            print(f"| {level} | {name} | {found} of {of} | {extra} | {middle} |")


def _stream(voice: str, noise: int | None) -> tuple[bytes, list[tuple[float, float]]]:
    parts: list[NDArray[np.float32]] = [np.zeros(2 * RATE, np.float32)]
    spans = []
    for utterance in UTTERANCES:
        said = subprocess.run(
            ["espeak-ng", "-v", voice, "--stdout", utterance], capture_output=True, check=True
        )
        samples, rate = soundfile.read(io.BytesIO(said.stdout), dtype="float32")
        loud = np.flatnonzero(np.abs(samples) > 0.01)
        samples = soxr.resample(samples[loud[0] : loud[-1]], rate, RATE)
        start = sum(map(len, parts)) / RATE
        spans.append((start, start + len(samples) / RATE))
        parts += [samples, np.zeros(3 * RATE // 2, np.float32)]
    whole = np.concatenate(parts)
    power = float(np.sqrt(np.mean(np.concatenate(parts[1::2]) ** 2)))
    hiss = 0.0005 if noise is None else power * 10 ** (-noise / 20)
    whole = whole + np.random.default_rng(0).normal(0, hiss, len(whole)).astype(np.float32)
    return (np.clip(whole, -1, 1) * 32_767).astype("<i2").tobytes(), spans


def _pocketsphinx(pcm: bytes, window: float) -> Ends:
    endpointer = pocketsphinx.Endpointer(window=window, ratio=0.8, vad_mode=3)
    was = False
    for start in range(0, len(pcm) - FRAME, FRAME):
        endpointer.process(pcm[start : start + FRAME])
        if was and not endpointer.in_speech:
            yield (start + FRAME) / 2 / RATE
        was = endpointer.in_speech


def _ours(pcm: bytes, quiet: float, detection: Detection = DETECTION) -> Ends:
    detector = UtteranceDetector(detection)
    for start in range(0, len(pcm) - FRAME, FRAME):
        detector.feed(pcm[start : start + FRAME])
        if detector.in_speech and detector.quiet >= quiet:
            detector.finish()
            yield (start + FRAME) / 2 / RATE


if __name__ == "__main__":
    main()
