"""Says what the skill answers: aloud, into files, or both; tells what the voice could not do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Self

from skill.settings import DEFAULT_VOICE
from skill.speech.player import Output, Playback, SoundCard
from skill.speech.synthesis.synthesizer import Speech, Synthesizer, open_synthesizer, write_speech


class SpeechOutput:
    """A mouth and where its speech goes: `aloud`, to a `wav` file, or numbered into `folder`."""

    def __init__(
        self,
        voice: str = DEFAULT_VOICE,
        *,
        aloud: bool = False,
        wav: Path | None = None,
        folder: Path | None = None,
        open_output: Callable[[int], Output] = SoundCard,
    ) -> None:
        self._aloud = aloud
        self._wav = wav
        self._folder = folder
        self._open_output = open_output
        self._said = 0
        self._playback: Playback | None = None
        # Opened beforehand, so that the first answer need not wait for the engine.
        self._synthesizer: Synthesizer | None = (
            open_synthesizer(voice) if aloud or wav or folder else None
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.hush()
        if self._synthesizer:
            self._synthesizer.close()

    @property
    def speaking(self) -> bool:
        """Whether something is heard just now."""
        return bool(self._playback and self._playback.active)

    def say(self, speech: str) -> tuple[str, ...]:
        """Begin to say SSML or text, in place of what is being said; tells what is dropped."""
        self.hush()
        if not self._synthesizer:
            return ()
        self._said += 1
        path = self._folder / f"{self._said:03}.wav" if self._folder else self._wav
        dropped: tuple[str, ...] = ()
        if path:
            dropped = write_speech(speech, path, synthesizer=self._synthesizer)
        if self._aloud:
            spoken: Speech = self._synthesizer.speak(speech)
            dropped = spoken.dropped
            self._playback = Playback(spoken, self._open_output)
        return dropped

    def hush(self) -> None:
        """Fall silent now."""
        if self._playback:
            self._playback.stop()
            self._playback = None

    def finish(self) -> None:
        """Wait until all was heard; Ctrl-C ends it early."""
        if self._playback:
            try:
                self._playback.wait()
            except KeyboardInterrupt:
                self.hush()
