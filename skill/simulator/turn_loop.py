"""The turn loop of spoken conversations: frames of audio in, turns out.

It behaves as a smart speaker does. A turn ends soon after a whole question, and later after what
may be half of one. A listener who speaks over an answer interrupts it. Time is counted in frames,
so a pipe may be faster than the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from skill.simulator.speech_pipeline import RecognizedUtterance
from skill.speech import FRAME_SECONDS, Audio, Source, UtteranceDetector


@dataclass(frozen=True)
class TurnTiming:
    """How many seconds of quiet are needed.

    The first three were tuned with `bench/endpointing.py`. People pause within a question, so what
    may be half of one needs a longer pause to end.
    """

    look: float = 0.09  # to recognize what was said so far, in case it is a whole question
    whole: float = 0.24  # to end a whole question
    half: float = 0.6  # to end any utterance
    # How long Alexa waits for an answer, according to
    # https://amazon.developer.forums.answerhub.com/articles/242597/skill-functionality-essentials-session-closure.html
    silence: float = 8.0


TIMING = TurnTiming()


class Silence(Enum):
    """Nobody answers."""

    SILENCE = "silence"


@dataclass(frozen=True)
class Said:
    """One utterance of the listener."""

    utterance: RecognizedUtterance
    audio: Audio


class TurnState(Protocol):
    """Whose turn it is."""

    def show_level(self, level: float, speaking: bool) -> None:
        """Handle a frame: how loud it is, and whether someone speaks."""

    def listening(self) -> bool:
        """Whether speech counts; with push-to-talk, only after a key was pressed."""

    def awaited(self) -> bool:
        """Whether the skill has asked, has stopped speaking, and waits for the answer."""

    def interrupt(self) -> None:
        """Handle the beginning of speech."""


def turns(
    source: Source, listen: Callable[[Audio], RecognizedUtterance], state: TurnState
) -> Iterator[Said | Silence]:
    """Each utterance as soon as it ends, and each silence when an answer is awaited."""
    detector = UtteranceDetector()
    utterance: RecognizedUtterance | None = None
    silent = 0
    for frame in source.frames():
        if not state.listening():
            detector.finish()
            utterance, silent = None, 0
        was_speaking = detector.in_speech
        detector.feed(frame)
        state.show_level(detector.level, detector.in_speech)
        if not detector.in_speech:
            silent = silent + 1 if state.listening() and state.awaited() else 0
            if silent * FRAME_SECONDS >= TIMING.silence:
                silent = 0
                yield Silence.SILENCE
            continue
        silent = 0
        if not was_speaking:
            state.interrupt()
        if detector.quiet < TIMING.look and not detector.too_long:
            utterance = None
            continue
        utterance = utterance or listen(detector.so_far)
        ending = TIMING.whole if utterance.whole else TIMING.half
        if detector.quiet >= ending or detector.too_long:
            yield Said(utterance, detector.finish())
            utterance = None
    if detector.in_speech and state.listening():
        yield Said(utterance or listen(detector.so_far), detector.finish())
