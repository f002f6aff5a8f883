"""Test speech: the voices that speak, and the noise and echo on the way to the microphone."""

from __future__ import annotations

import io
import subprocess
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from skill.errors import EngineError
from skill.speech import RATE
from skill.speech.synthesis import PiperSynthesizer

PIPER = "piper"
ESPEAK = ("en-us", "en-gb", "en-us+f3", "en-gb-scotland")
Samples = NDArray[np.float32]  # mono at 16 kHz, -1 to 1
_TIMEOUT = 20.0  # seconds
_ECHO_SECONDS = 0.5  # until the echo is 60 dB down: a furnished living room
_ECHO_SHARE = 0.35  # energy of the echo, relative to the direct sound
_SPEECH = 0.05  # of the peak; softer samples are pauses and do not count for the noise ratio


@dataclass(frozen=True)
class Condition:
    """How a sentence is spoken and recorded."""

    name: str
    noise: int | None = None  # signal-to-noise ratio in dB; None without noise
    echo: bool = False
    words_a_minute: int = 175


CONDITIONS = (
    Condition("clean"),
    Condition("20 dB", noise=20),
    Condition("10 dB", noise=10),
    Condition("5 dB", noise=5),
    Condition("echo", echo=True),
    Condition("slow", words_a_minute=130),
    Condition("fast", words_a_minute=220),
)


def installed_voices() -> tuple[str, ...]:
    """Return the names of all voices that can speak here."""
    return (*ESPEAK, PIPER) if find_spec("piper") else ESPEAK


# The conditions of a sentence follow one another, and most share its speech.
@lru_cache(maxsize=8)
def speak(text: str, voice: str, words_a_minute: int) -> Samples:
    """Return the text as speech.

    Raises:
        EngineError: The voice is missing.
    """
    if voice == PIPER:
        chunks = list(_piper().speak(text, words_a_minute).chunks)
        rate = chunks[0].rate
        pcm = np.frombuffer(b"".join(chunk.pcm for chunk in chunks), "<i2")
        samples = pcm / np.float32(32_768)
    else:
        command = ["espeak-ng", "-v", voice, "-s", str(words_a_minute), "--stdout", "--", text]
        try:
            done = subprocess.run(command, capture_output=True, timeout=_TIMEOUT, check=True)
            samples, rate = soundfile.read(io.BytesIO(done.stdout), dtype="float32")
        except (OSError, subprocess.SubprocessError, soundfile.SoundFileError) as error:
            raise EngineError(
                f"espeak-ng: cannot speak as {voice} ({error}); is it installed, with that voice?"
            ) from error
    return np.asarray(soxr.resample(samples, rate, RATE), np.float32)


@cache
def _piper() -> PiperSynthesizer:
    return PiperSynthesizer()


def through(condition: Condition, speech: Samples, seed: int) -> Samples:
    """Return speech as the microphone records it; the same for the same seed."""
    source = np.random.default_rng(seed)
    if condition.echo:
        speech = with_echo(speech, source)
    if condition.noise is not None:
        speech = with_noise(speech, condition.noise, source)
    peak = float(np.abs(speech).max(initial=0.0))
    # Scaled down rather than clipped, because clipping is another fault.
    return np.array(speech / max(1.0, peak), np.float32)


def with_noise(speech: Samples, decibels: float, source: np.random.Generator) -> Samples:
    """Add white noise, `decibels` below the power of the spoken parts."""
    noise = source.normal(0.0, 1.0, len(speech))
    scale = np.sqrt(power_of(speech) / 10 ** (decibels / 10))
    return np.array(speech + scale * noise, np.float32)


def with_echo(speech: Samples, source: np.random.Generator) -> Samples:
    """Convolve speech with a room: the direct sound, and noise that decays."""
    times = np.arange(1, round(_ECHO_SECONDS * RATE)) / RATE
    tail = source.normal(0.0, 1.0, len(times)) * 10 ** (-3 * times / _ECHO_SECONDS)
    tail *= np.sqrt(_ECHO_SHARE / np.sum(tail**2))
    room = np.concatenate([[1.0], tail])
    size = len(speech) + len(room) - 1
    spectrum = np.fft.rfft(speech, size) * np.fft.rfft(room, size)
    return np.asarray(np.fft.irfft(spectrum, size), np.float32)


def power_of(speech: Samples) -> float:
    """Return the mean square of the spoken parts, without the pauses."""
    peak = float(np.abs(speech).max(initial=0.0))
    spoken = speech[np.abs(speech) >= _SPEECH * peak]
    return float(np.mean(spoken.astype(np.float64) ** 2)) if len(spoken) else 0.0
