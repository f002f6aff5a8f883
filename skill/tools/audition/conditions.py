"""What happens to speech on its way to a microphone: noise and the echo of a room. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skill.speech.audio import RATE

Samples = NDArray[np.float32]
_ECHO_SECONDS = 0.5  # until an echo has died away by 60 dB: a furnished living room
_ECHO_SHARE = 0.35  # of the direct sound's energy
_SPEECH = 0.05  # of the peak; softer samples are pauses, which no signal-to-noise ratio counts


@dataclass(frozen=True)
class Condition:
    """How a sentence is spoken and heard."""

    name: str
    noise: int | None = None  # dB of speech over noise; none when it is clean
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


def through(condition: Condition, speech: Samples, seed: int) -> Samples:
    """Speech at 16 kHz as the microphone gets it; the same for the same seed."""
    source = np.random.default_rng(seed)
    if condition.echo:
        speech = with_echo(speech, source)
    if condition.noise is not None:
        speech = with_noise(speech, condition.noise, source)
    peak = float(np.abs(speech).max(initial=0.0))
    # Louder than full scale would be clipped, which is another fault than noise.
    return np.array(speech / max(1.0, peak), np.float32)


def with_noise(speech: Samples, decibels: float, source: np.random.Generator) -> Samples:
    """Speech with white noise so many decibels below the power of its spoken parts."""
    noise = source.normal(0.0, 1.0, len(speech))
    scale = np.sqrt(power_of(speech) / 10 ** (decibels / 10))
    return np.array(speech + scale * noise, np.float32)


def with_echo(speech: Samples, source: np.random.Generator) -> Samples:
    """Speech in a room: itself, and noise that decays, folded with it."""
    times = np.arange(1, round(_ECHO_SECONDS * RATE)) / RATE
    tail = source.normal(0.0, 1.0, len(times)) * 10 ** (-3 * times / _ECHO_SECONDS)
    tail *= np.sqrt(_ECHO_SHARE / np.sum(tail**2))
    room = np.concatenate([[1.0], tail])
    size = len(speech) + len(room) - 1
    folded: Samples = np.fft.irfft(
        np.fft.rfft(speech, size) * np.fft.rfft(room, size), size
    ).astype(np.float32)
    return folded


def power_of(speech: Samples) -> float:
    """Mean square of what is spoken, without the pauses."""
    peak = float(np.abs(speech).max(initial=0.0))
    spoken = speech[np.abs(speech) >= _SPEECH * peak]
    return float(np.mean(spoken.astype(np.float64) ** 2)) if len(spoken) else 0.0
