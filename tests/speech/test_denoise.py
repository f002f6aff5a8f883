from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from skill.speech import RATE
from skill.speech.recognition.denoise import without_noise


def test_noise_is_reduced_and_a_tone_is_kept() -> None:
    time = np.arange(RATE) / RATE
    tone = np.where((time > 0.4) & (time < 0.6), 8_000 * np.sin(2 * np.pi * 300 * time), 0)
    noise = np.random.default_rng(2).normal(0, 500, RATE)
    cleaned = without_noise((tone + noise).astype(np.float32))
    assert len(cleaned) == RATE
    assert cleaned[: RATE // 4].std() < 0.3 * noise.std()
    assert cleaned[RATE // 2 - 800 : RATE // 2 + 800].std() > 0.8 * tone[np.abs(tone) > 0].std()


def test_the_mean_of_white_noise_is_2_2_times_its_tenth_percentile() -> None:
    """The filter's `_ABOVE_FLOOR`: of the smoothed power of a band."""
    noise = np.random.default_rng(3).normal(0, 500, 60 * RATE)
    frames = np.lib.stride_tricks.sliding_window_view(noise, 512)[::160] * np.hanning(512)
    power = np.abs(np.fft.rfft(frames, axis=1)[:, 1:-1]) ** 2
    sums = np.cumsum(power, axis=0)
    smooth = (sums[7:] - sums[:-7]) / 7
    ratio = power.mean(axis=0) / np.percentile(smooth, 10, axis=0)
    assert 1.6 < ratio.mean() < 2.6


@given(st.lists(st.integers(-32_768, 32_767), max_size=3_000))
def test_any_samples_can_be_cleaned(samples: list[int]) -> None:
    cleaned = without_noise(np.array(samples, np.float32))
    assert len(cleaned) == len(samples)
    assert np.isfinite(cleaned).all()
