"""Finds where someone begins and ends to speak in a stream of frames; knows no devices.

PocketSphinx's own Endpointer needs speech in most of its window before it begins: with the window
that long pauses want (0.5 s) it loses "stop", "yes" and "next" in noise; bench/endpointing.py
counts. Here a beginning needs little speech and an end is left to the caller, who can tell a
whole question from half of one: `quiet` says how long nothing was said.
"""

from __future__ import annotations

from collections import deque

import numpy as np
import pocketsphinx

from skill.speech.audio import RATE, Audio

FRAME_SECONDS = 0.03
FRAME = 2 * round(RATE * FRAME_SECONDS)  # bytes
LONGEST = 15.0  # seconds; whoever speaks longer is cut short
_STRICT = 3  # of voice activity detection; the others take noise for speech
_BEGINS = 4  # frames of speech of the last six
_KEPT = 10  # frames before the beginning: a first "s" is no speech yet
_MEMORY = 66  # frames, two seconds, whose quietest tells the noise of the room
_ABOVE_NOISE = 1.7
_SILENT = 30.0  # root mean square, of 32,767: digital silence has no noise to measure by


class UtteranceDetector:
    """Follows one stream; after `finish` it waits for the next beginning."""

    def __init__(self) -> None:
        self._vad = pocketsphinx.Vad(_STRICT, RATE, FRAME_SECONDS)
        # Until the room is known it counts as silent.
        self._levels = deque([_SILENT] * _MEMORY, maxlen=_MEMORY)
        self._speech = deque([False] * 6, maxlen=6)
        self._before: deque[bytes] = deque(maxlen=_KEPT)
        self._said: list[bytes] = []
        self._quiet = 0
        self.level = 0.0  # root mean square of the last frame, of 32,767

    @property
    def in_speech(self) -> bool:
        """Whether someone has begun to speak and `finish` was not called yet."""
        return bool(self._said)

    @property
    def quiet(self) -> float:
        """Seconds since the last speech of the utterance."""
        return self._quiet * FRAME_SECONDS

    @property
    def too_long(self) -> bool:
        """Whether the utterance should end even in mid-speech."""
        return len(self._said) * FRAME_SECONDS >= LONGEST

    @property
    def so_far(self) -> Audio:
        """The utterance until now."""
        return Audio(b"".join(self._said), RATE)

    def feed(self, frame: bytes) -> None:
        """Take the next FRAME bytes."""
        samples = np.frombuffer(frame, "<i2").astype(np.float32)
        self.level = float(np.sqrt(np.mean(samples**2)))
        self._levels.append(max(self.level, _SILENT))
        loud = self.level > _ABOVE_NOISE * min(self._levels)
        self._speech.append(loud and bool(self._vad.is_speech(frame)))
        if self._said:
            self._said.append(frame)
            # One frame alone is a click.
            spoke = sum(list(self._speech)[-3:]) >= 2
            self._quiet = 0 if spoke else self._quiet + 1
            return
        self._before.append(frame)
        if sum(self._speech) >= _BEGINS:
            self._said = list(self._before)
            self._before.clear()
            self._quiet = 0

    def finish(self) -> Audio:
        """Take the utterance; what follows is another."""
        audio = self.so_far
        self._said = []
        self._speech.extend([False] * 6)
        self._quiet = 0
        return audio
