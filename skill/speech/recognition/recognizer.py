"""What every speech recognizer offers, and two recognizers that listen together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from skill.speech.audio import Audio
from skill.speech.recognition.denoise import Samples

_QUIET = 120.0  # root mean square of 16-bit samples; speech is louder


@dataclass(frozen=True)
class Recognition:
    """What a recognizer makes of one sound."""

    hypotheses: tuple[str, ...]  # n-best list without repeats; empty if no speech was recognized
    noisy: bool = False  # PocketSphinx used its model for noise
    secondary: tuple[str, ...] = ()  # n-best list of a second recognizer


class Recognizer(Protocol):
    """Turns speech into text."""

    def recognize(self, audio: Audio) -> Recognition:
        """Return what the sound says."""


class CombinedRecognizer:
    """Two recognizers that listen to the same sound at once. They seldom make the same mistake."""

    def __init__(self, first: Recognizer, second: Recognizer) -> None:
        self._first, self._second = first, second
        self._thread = ThreadPoolExecutor(1, "recognizer")

    def recognize(self, audio: Audio) -> Recognition:
        """Return the hypotheses of both; none if the first recognizer detects no speech."""
        pending = self._thread.submit(self._first.recognize, audio)
        second = self._second.recognize(audio)
        first = pending.result()
        if not first.hypotheses:
            return Recognition(())
        return Recognition(first.hypotheses, second.noisy, second.hypotheses)


def is_quiet(samples: Samples) -> bool:
    """Return whether 16-bit samples are too quiet to hold speech."""
    return not len(samples) or float(np.sqrt(np.mean(samples**2))) < _QUIET
