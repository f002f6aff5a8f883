"""Plays speech while it is being made, and stops at once when someone speaks over it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Protocol

from skill.errors import AskableError, EngineError
from skill.speech.synthesis.synthesizer import Speech

if TYPE_CHECKING:  # reading sound files takes 30 ms to import, and most answers are only printed
    from skill.speech.audio import Audio

_BLOCK = 0.02  # seconds written at once: no more than that is heard after a stop


class Output(Protocol):
    """Where samples go: a sound card, or what stands for one."""

    def write(self, pcm: bytes) -> None:
        """Take samples; returns when there is room for more."""

    def drain(self) -> None:
        """Let everything be heard, then close."""

    def abort(self) -> None:
        """Drop what was not heard yet, and close."""


class Playback:
    """One utterance on its way to the loudspeaker."""

    def __init__(self, speech: Speech, open_output: Callable[[int], Output]) -> None:
        self._speech = speech
        self._open = open_output
        self._stop = threading.Event()
        self._error: AskableError | None = None
        self._thread = threading.Thread(target=self._play, daemon=True)
        self._thread.start()

    @property
    def active(self) -> bool:
        """Whether it is still heard."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Fall silent now."""
        self._stop.set()
        self._thread.join()

    def wait(self) -> None:
        """Until all of it was heard; raises EngineError when it could not be played."""
        self._thread.join()
        if self._error:
            raise self._error

    def _play(self) -> None:
        try:
            output: Output | None = None
            for audio in _made_ahead(self._speech.chunks):
                output = output or self._open(audio.rate)
                if not self._write(output, audio):
                    output.abort()
                    return
            if output:
                output.drain()
        except AskableError as error:
            self._error = error

    def _write(self, output: Output, audio: Audio) -> bool:
        size = 2 * round(_BLOCK * audio.rate)
        for start in range(0, len(audio.pcm), size):
            if self._stop.is_set():
                return False
            output.write(audio.pcm[start : start + size])
        return not self._stop.is_set()


def _made_ahead(chunks: Iterator[Audio]) -> Iterator[Audio]:
    """The same sounds, the next made while one plays; nobody waits for one that is not heard."""
    maker = ThreadPoolExecutor(1)
    try:
        coming = maker.submit(next, chunks, None)
        while audio := coming.result():
            coming = maker.submit(next, chunks, None)
            yield audio
    finally:
        maker.shutdown(wait=False)


class SoundCard:
    """The sound card's output, by PortAudio."""

    def __init__(self, rate: int) -> None:
        device = sound_device("--speak", "use --wav FILE instead")
        try:
            # The least that the card can buffer: it is what stays audible after a stop.
            self._stream = device.RawOutputStream(
                samplerate=rate, channels=1, dtype="int16", latency="low"
            )
            self._stream.start()
        except device.PortAudioError as error:
            raise no_card("--speak", error, "use --wav FILE instead") from error

    def write(self, pcm: bytes) -> None:
        """Take samples; returns when there is room for more."""
        self._stream.write(pcm)

    def drain(self) -> None:
        """Let everything be heard, then close."""
        self._stream.stop()
        self._stream.close()

    def abort(self) -> None:
        """Drop what was not heard yet, and close."""
        self._stream.abort()
        self._stream.close()


def sound_device(flag: str, instead: str) -> Any:
    """The sounddevice module; where it finds no PortAudio, EngineError says so."""
    try:
        import sounddevice
    except OSError as error:
        raise EngineError(
            f"{flag}: PortAudio is missing; run apt-get install libportaudio2, or {instead}"
        ) from error
    return sounddevice


def no_card(flag: str, error: Exception, instead: str) -> EngineError:
    """What is told when PortAudio is there and no card is."""
    return EngineError(f"{flag}: no sound card can be used ({error}); {instead}")
