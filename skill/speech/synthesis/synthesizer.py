"""What every speech synthesizer offers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from skill.speech.audio import Audio


@dataclass(frozen=True)
class Speech:
    """One utterance while it is synthesized."""

    chunks: Iterator[Audio]  # in order, all with the same sample rate
    dropped: tuple[str, ...]  # what the SSML asks for and is not supported


class Synthesizer(Protocol):
    """Turns SSML or plain text into speech."""

    def speak(self, speech: str) -> Speech:
        """Start to synthesize.

        Raises:
            EngineError: The engine fails. Taking a chunk may raise it too.
        """

    def close(self) -> None:
        """Release the engine."""
