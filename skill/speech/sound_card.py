"""The sound card: a microphone, or raw PCM in its place, and the output."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from typing import IO, Any, Protocol

from skill.errors import AskableError, EngineError
from skill.speech.audio import RATE
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
        self._stream = _open_stream(
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


class Output(Protocol):
    """Takes samples to play, as sounddevice's `RawOutputStream` does."""

    def write(self, pcm: bytes) -> object:
        """Take samples; return when there is room for more."""

    def stop(self) -> None:
        """Play everything."""

    def close(self) -> None:
        """Drop what was not played yet, and close."""


def open_sound_card(rate: int) -> Output:
    """Open the output for a sample rate in Hz, or raise an EngineError."""
    # The smallest buffer: it still plays after a stop.
    stream: Output = _open_stream(
        "RawOutputStream", "--speak", "use --wav FILE instead", samplerate=rate, latency="low"
    )
    return stream


def _open_stream(kind: str, flag: str, instead: str, **options: Any) -> Any:
    """Open and start a stream of sounddevice, mono and 16 bits.

    Args:
        kind: The name of the stream's class.
        flag: The option that needs it, for errors.
        instead: What to do without a sound card, for errors.
        **options: More arguments of the class.

    Raises:
        EngineError: PortAudio is missing, or no sound card can be used.
    """
    try:
        import sounddevice
    except OSError as error:
        raise EngineError(
            f"{flag}: PortAudio is missing; run apt-get install libportaudio2, or {instead}"
        ) from error
    try:
        stream = getattr(sounddevice, kind)(channels=1, dtype="int16", **options)
        stream.start()
    except sounddevice.PortAudioError as error:
        raise EngineError(f"{flag}: no sound card can be used ({error}); {instead}") from error
    return stream
