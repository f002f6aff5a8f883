"""Voice activity detection: where an utterance starts and ends in a stream of frames.

PocketSphinx's own Endpointer starts when most of its window is speech. With the window that long
pauses need (0.5 s) it misses "stop", "yes" and "next" in noise; `python -m bench.endpointing`
counts. Here little speech starts an utterance. The caller ends it, because it can tell a whole
question from half of one; `quiet` is the time since the last speech.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
import pocketsphinx

from skill.speech.audio import RATE, Audio

FRAME_SECONDS = 0.03
FRAME = 2 * round(RATE * FRAME_SECONDS)  # bytes
LONGEST = 15.0  # seconds; longer utterances are cut


@dataclass(frozen=True)
class Detection:
    """How speech is told from noise; `python -m bench.endpointing tune` tunes it again."""

    strict: int = 3  # PocketSphinx's mode of detection; the others take noise for speech
    start: int = 4  # frames of speech among the last six
    kept: int = 10  # frames before the start: a first "s" is not detected as speech
    memory: int = 66  # frames, two seconds, of which the quietest is the noise of the room
    above_noise: float = 1.7
    silent: float = 30.0  # root mean square of 16-bit samples, where there is digital silence


DETECTION = Detection()


class UtteranceDetector:
    """Follows one stream; after `finish` it waits for the next utterance."""

    def __init__(self, detection: Detection = DETECTION) -> None:
        self._detection = detection
        self._vad = pocketsphinx.Vad(detection.strict, RATE, FRAME_SECONDS)
        # The room counts as silent at first.
        self._levels = deque([detection.silent] * detection.memory, maxlen=detection.memory)
        self._speech = deque([False] * 6, maxlen=6)
        self._before: deque[bytes] = deque(maxlen=detection.kept)
        self._said: list[bytes] = []
        self._quiet = 0
        self.level = 0.0  # root mean square of the last frame, 16-bit

    @property
    def in_speech(self) -> bool:
        """Whether an utterance has started and `finish` was not called yet."""
        return bool(self._said)

    @property
    def quiet(self) -> float:
        """Seconds since the last speech in the utterance."""
        return self._quiet * FRAME_SECONDS

    @property
    def too_long(self) -> bool:
        """Whether the utterance should end even during speech."""
        return len(self._said) * FRAME_SECONDS >= LONGEST

    @property
    def so_far(self) -> Audio:
        """The utterance until now, as audio."""
        return Audio(b"".join(self._said), RATE)

    def feed(self, frame: bytes) -> None:
        """Process the next FRAME bytes."""
        samples = np.frombuffer(frame, "<i2").astype(np.float32)
        self.level = float(np.sqrt(np.mean(samples**2)))
        self._levels.append(max(self.level, self._detection.silent))
        loud = self.level > self._detection.above_noise * min(self._levels)
        self._speech.append(loud and bool(self._vad.is_speech(frame)))
        if self._said:
            self._said.append(frame)
            # A single frame is a click.
            spoke = sum(list(self._speech)[-3:]) >= 2
            self._quiet = 0 if spoke else self._quiet + 1
            return
        self._before.append(frame)
        if sum(self._speech) >= self._detection.start:
            self._said = list(self._before)
            self._before.clear()
            self._quiet = 0

    def finish(self) -> Audio:
        """Return the utterance and wait for the next one."""
        audio = self.so_far
        self._said = []
        self._speech.extend([False] * 6)
        self._quiet = 0
        return audio
