"""The one turn loop of spoken conversations: frames in, turns out. Knows no devices, no clock.

It behaves as a speaker does. A turn ends soon after a whole question, later after what may be half
of one. Whoever speaks over an answer is listened to. Where the wake phrase is wanted, it is wanted
whenever the speaker is not waiting for you: between sessions and while it speaks. Time is counted
in frames, so that a pipe may be faster than the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from skill.simulator.speech_pipeline import RecognizedUtterance
from skill.speech.audio import Audio
from skill.speech.microphone import Source
from skill.speech.voice_activity import FRAME_SECONDS, UtteranceDetector

LOOK = 0.09  # seconds of quiet before what was said so far is looked at, in case it is whole
WHOLE = 0.24  # seconds of quiet that end a whole question
HALF = 0.6  # seconds of quiet that end anything: people pause within a question
SILENCE = 8.0  # seconds that Alexa waits for an answer


class Silence(Enum):
    """Nobody answers."""

    SILENCE = "silence"


@dataclass(frozen=True)
class Said:
    """One utterance of the listener."""

    hearing: RecognizedUtterance
    audio: Audio


class TurnState(Protocol):
    """Whose turn it is, as the devices around the loop know it."""

    def tell(self, level: float, speaking: bool) -> None:
        """A frame came: how loud it is, and whether someone speaks."""

    def listening(self) -> bool:
        """Whether speech is for the skill at all: not until a key is pressed, with push-to-talk."""

    def awaited(self) -> bool:
        """Whether the skill has asked, is done speaking, and waits for the answer."""

    def interrupt(self) -> None:
        """Someone begins to speak."""


def turns(
    source: Source, listen: Callable[[Audio], RecognizedUtterance], floor: TurnState
) -> Iterator[Said | Silence]:
    """Each utterance as soon as it has ended, and each silence where an answer was awaited."""
    detector = UtteranceDetector()
    looked: RecognizedUtterance | None = None
    silent = 0
    for frame in source.frames():
        if not floor.listening():
            detector.finish()
            looked, silent = None, 0
        began = detector.in_speech
        detector.feed(frame)
        floor.tell(detector.level, detector.in_speech)
        if not detector.in_speech:
            silent = silent + 1 if floor.listening() and floor.awaited() else 0
            if silent * FRAME_SECONDS >= SILENCE:
                silent = 0
                yield Silence.SILENCE
            continue
        silent = 0
        if not began:
            floor.interrupt()
        if detector.quiet < LOOK and not detector.too_long:
            looked = None
            continue
        looked = looked or listen(detector.so_far)
        if detector.quiet >= (WHOLE if looked.whole else HALF) or detector.too_long:
            yield Said(looked, detector.finish())
            looked = None
    if detector.in_speech and floor.listening():
        yield Said(looked or listen(detector.so_far), detector.finish())
