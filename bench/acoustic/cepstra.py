"""The features that PocketSphinx's English acoustic model was trained on.

Mel-frequency cepstra as its front end makes them (Davis and Mermelstein, 1980), with the settings
of the model's feat.params: 25 bands from 130 to 6,800 Hz, thirteen cepstra, liftered, with deltas
and double deltas. They differ by less than 0.05 from those that a decoder writes to `mfclogdir`
with `-remove_noise no`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from skill.speech import RATE

Samples = NDArray[np.float32]  # mono, 16 kHz, 16-bit values
Cepstra = NDArray[np.float32]  # (frames, 39)
_FRAME, _HOP, _SIZE = 410, 160, 512  # samples: 25.6 ms, 10 ms, and the Fourier transform's
_BANDS, _LOWEST, _HIGHEST = 25, 130.0, 6800.0  # Hz
_CEPSTRA, _LIFTER = 13, 22
_EMPHASIS = 0.97
_SILENCE = 1e-4  # power of a band in digital silence, which needs a logarithm


def cepstra(samples: Samples) -> Cepstra:
    """Return a sound's cepstra less their mean, with deltas and double deltas."""
    emphasised = np.append(samples[:1], samples[1:] - np.float32(_EMPHASIS) * samples[:-1])
    if len(emphasised) < _FRAME:
        return np.zeros((0, 3 * _CEPSTRA), np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(emphasised, _FRAME)[::_HOP]
    power = np.abs(np.fft.rfft(frames * np.hamming(_FRAME), _SIZE)) ** 2
    still = np.log(power @ _BANK.T + _SILENCE) @ _TRANSFORM.T
    still -= still.mean(axis=0)
    padded = np.pad(still, ((3, 3), (0, 0)), mode="edge")

    def later(frames: int) -> NDArray[np.float64]:
        moved: NDArray[np.float64] = padded[3 + frames : 3 + frames + len(still)]
        return moved

    changes = later(2) - later(-2)
    of_changes = (later(3) - later(-1)) - (later(1) - later(-3))
    return np.concatenate([still, changes, of_changes], axis=1).astype(np.float32)


def _bank() -> NDArray[np.float64]:
    """Return triangular bands of the same area on the mel scale, (bands, frequencies)."""
    lowest, highest = (2595 * float(np.log10(1 + edge / 700)) for edge in (_LOWEST, _HIGHEST))
    mels = np.linspace(lowest, highest, _BANDS + 2)
    step = RATE / _SIZE
    edges = np.round((700 * (10 ** (mels / 2595) - 1)) / step) * step
    hertz = np.arange(_SIZE // 2 + 1) * step
    low, peak, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising, falling = (hertz - low) / (peak - low), (high - hertz) / (high - peak)
    bank: NDArray[np.float64] = np.clip(np.minimum(rising, falling), 0, None) * 2 / (high - low)
    return bank


def _transform() -> NDArray[np.float64]:
    """Return the cosine transform of the bands with the lifter, (cepstra, bands)."""
    order = np.arange(_CEPSTRA)[:, None]
    cosines = np.cos(np.pi * order * (np.arange(_BANDS) + 0.5) / _BANDS)
    scale = np.where(order == 0, np.sqrt(1 / _BANDS), np.sqrt(2 / _BANDS))
    lifter = 1 + _LIFTER / 2 * np.sin(np.pi * order / _LIFTER)
    transform: NDArray[np.float64] = cosines * scale * lifter
    return transform


_BANK, _TRANSFORM = _bank(), _transform()
