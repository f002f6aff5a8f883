"""Removal of steady noise: a Wiener filter with decision-directed gains.

PocketSphinx's acoustic model was trained on clean speech. Of sample utterances in white noise at
10 dB, three in ten were answered right without this filter and nine in ten with it
(docs/measurements/speech.md, "Notes on trials"). The gains are those of Ephraim and Malah (1984).
The noise of a band is the level that it seldom falls below (Martin, 2001), so that speech without a
pause is not taken for noise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
_FRAME, _HOP = 512, 160  # samples: 32 ms and 10 ms at 16 kHz


@dataclass(frozen=True)
class Denoising:
    """How noise is told from speech; `python -m bench.recognition denoising` tunes it again."""

    smoothed: int = 7  # frames
    floor: int = 10  # percent of the time a band is about as quiet as its noise alone
    above_floor: float = 2.2  # white noise over that floor: tests/speech/test_denoise.py
    memory: float = 0.96  # of the last frame's estimate: less makes the rest of the noise warble
    least_gain: float = 0.1  # what is left of a band that holds noise alone
    # Decibels below which the acoustic model for noise makes fewer errors; `python -m
    # bench.noise_levels` prints the levels of each condition.
    noisy: float = 13.5
    # Standard deviation of 16-bit noise: clean synthetic speech is too clean for the model.
    dither: float = 60.0


DENOISING = Denoising()


def without_noise(samples: Samples, denoising: Denoising = DENOISING) -> Samples:
    """Return a sound (mono, 16 kHz, any scale) of the same length with less steady noise."""
    if not len(samples):
        return samples
    window = np.sqrt(np.hanning(_FRAME + 1)[:-1]).astype(np.float32)
    padded = np.pad(samples, _FRAME)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[::_HOP] * window
    spectra = np.fft.rfft(frames, axis=1)
    gains = _gains(np.abs(spectra) ** 2, denoising)
    pieces = np.fft.irfft(spectra * gains, axis=1).astype(np.float32) * window
    joined = np.zeros(len(padded) + _FRAME, np.float32)
    weight = np.zeros_like(joined)
    for place, piece in enumerate(pieces):
        at = slice(place * _HOP, place * _HOP + _FRAME)
        joined[at] += piece
        weight[at] += window * window
    cleaned = joined / np.maximum(weight, np.float32(1e-3))
    return cleaned[_FRAME : _FRAME + len(samples)].astype(np.float32)


def _gains(power: NDArray[np.float64], denoising: Denoising) -> NDArray[np.float64]:
    """Return the share of each band of each frame to keep, (frames, bands)."""
    sounding = power[power.sum(axis=1) > 0]  # digital silence says nothing about the noise
    if len(sounding) < denoising.smoothed:
        return np.ones_like(power)
    sums = np.cumsum(np.pad(sounding, ((1, 0), (0, 0))), axis=0)
    smooth = (sums[denoising.smoothed :] - sums[: -denoising.smoothed]) / denoising.smoothed
    noise = denoising.above_floor * np.percentile(smooth, denoising.floor, axis=0) + 1e-3
    gains = np.empty_like(power)
    before = np.zeros(power.shape[1])
    for place, now in enumerate(power / noise):
        expected = denoising.memory * before + (1 - denoising.memory) * np.maximum(now - 1, 0)
        gains[place] = np.maximum(expected / (1 + expected), denoising.least_gain)
        before = gains[place] ** 2 * now
    return gains
