"""Spoken output: to the sound card, to WAV files, or both."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

from skill.errors import AskableError
from skill.settings import DEFAULT_VOICE
from skill.speech.audio import Audio
from skill.speech.sound_card import Output, open_sound_card
from skill.speech.synthesis import Speech, open_synthesizer, write_speech

_BLOCK = 0.02  # seconds written at once, and heard at most after a stop


class SpeechOutput:
    """Speaks responses aloud, into one WAV file, or into numbered files of a folder."""

    def __init__(
        self,
        voice: str = DEFAULT_VOICE,
        *,
        aloud: bool = False,
        wav: Path | None = None,
        folder: Path | None = None,
        open_output: Callable[[int], Output] = open_sound_card,
    ) -> None:
        """Open the synthesizer if anything is to be spoken.

        Args:
            voice: One of `skill.settings.VOICES`.
            aloud: Play the speech.
            wav: Write the speech to this file.
            folder: Write each response to a file of its own here.
            open_output: Opens the output for a sample rate; a sound card by default.
        """
        self._aloud = aloud
        self._wav = wav
        self._folder = folder
        self._open_output = open_output
        self._count = 0
        self._playback: Playback | None = None
        # Opened now, so that the first response does not wait for the engine.
        self._synthesizer = open_synthesizer(voice) if aloud or wav or folder else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.hush()
        if self._synthesizer:
            self._synthesizer.close()

    @property
    def speaking(self) -> bool:
        """Whether speech is playing."""
        return bool(self._playback and self._playback.active)

    def say(self, speech: str) -> tuple[str, ...]:
        """Start to speak SSML or plain text, in place of what is playing.

        Returns:
            Descriptions of what the SSML asks for and is not supported.
        """
        self.hush()
        if not self._synthesizer:
            return ()
        self._count += 1
        path = self._folder / f"{self._count:03}.wav" if self._folder else self._wav
        dropped: tuple[str, ...] = ()
        if path:
            dropped = write_speech(speech, path, self._synthesizer)
        if self._aloud:
            spoken = self._synthesizer.speak(speech)
            dropped = spoken.dropped
            self._playback = Playback(spoken, self._open_output)
        return dropped

    def hush(self) -> None:
        """Stop what is playing."""
        if self._playback:
            self._playback.stop()
            self._playback = None

    def finish(self) -> None:
        """Wait until everything was played; Ctrl-C stops it."""
        if self._playback:
            try:
                self._playback.wait()
            except KeyboardInterrupt:
                self.hush()


class Playback:
    """One utterance that plays in a thread while the rest of it is synthesized."""

    def __init__(self, speech: Speech, open_output: Callable[[int], Output]) -> None:
        self._stop = threading.Event()
        self._error: AskableError | None = None
        self._thread = threading.Thread(target=self._play, args=(speech, open_output), daemon=True)
        self._thread.start()

    @property
    def active(self) -> bool:
        """Whether it is still playing."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Stop now."""
        self._stop.set()
        self._thread.join()

    def wait(self) -> None:
        """Wait until the end.

        Raises:
            EngineError: The speech could not be synthesized or played.
        """
        self._thread.join()
        if self._error:
            raise self._error

    def _play(self, speech: Speech, open_output: Callable[[int], Output]) -> None:
        output: Output | None = None
        try:
            for audio in _prefetched(speech.chunks):
                output = output or open_output(audio.rate)
                size = 2 * round(_BLOCK * audio.rate)
                for start in range(0, len(audio.pcm), size):
                    if self._stop.is_set():
                        return
                    output.write(audio.pcm[start : start + size])
            if output and not self._stop.is_set():
                output.stop()
        except AskableError as error:
            self._error = error
        finally:
            if output:
                output.close()


def _prefetched(chunks: Iterator[Audio]) -> Iterator[Audio]:
    """Yield the chunks, and synthesize the next one while one plays."""
    thread = ThreadPoolExecutor(1)
    try:
        pending = thread.submit(next, chunks, None)
        while audio := pending.result():
            pending = thread.submit(next, chunks, None)
            yield audio
    finally:
        thread.shutdown(wait=False)
