"""Sources of speech: a microphone, or raw PCM from a pipe."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from typing import IO, Protocol

from skill.errors import AskableError
from skill.speech.audio import RATE
from skill.speech.player import open_stream
from skill.speech.voice_activity import FRAME

_INSTEAD = "pass sound files to `askable hear FILE`, or raw PCM to `askable talk --pcm -`"
_WAITING = 1_000  # frames, half a minute, kept while an answer is prepared


class Source(Protocol):
    """Supplies speech: 16 kHz, mono, 16 bits, little-endian."""

    def frames(self) -> Iterator[bytes]:
        """Yield FRAME bytes each, until the source ends."""


class PcmStream:
    """Raw PCM from a file, a pipe or standard input."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def frames(self) -> Iterator[bytes]:
        """Yield FRAME bytes each; the last is padded with silence."""
        while frame := self._stream.read(FRAME):
            yield frame.ljust(FRAME, b"\0")


class Microphone:
    """The sound card's input, by PortAudio."""

    def __init__(self) -> None:
        self._stream = open_stream(
            "RawInputStream", "--mic", _INSTEAD, samplerate=RATE, blocksize=FRAME // 2
        )
        self._frames: queue.Queue[bytes] = queue.Queue(_WAITING)
        # A thread, so that no speech is lost while an answer is prepared.
        threading.Thread(target=self._record, daemon=True).start()

    def frames(self) -> Iterator[bytes]:
        """Yield FRAME bytes each, until the microphone is unplugged."""
        while frame := self._frames.get():
            yield frame
        raise AskableError("--mic: the microphone was unplugged; plug it in and try again")

    def _record(self) -> None:
        from sounddevice import PortAudioError

        try:
            while True:
                pcm, _ = self._stream.read(FRAME // 2)
                self._frames.put(bytes(pcm))
        except PortAudioError:
            self._frames.put(b"")
