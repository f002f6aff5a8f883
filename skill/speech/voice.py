"""Says what the skill answers: aloud, into files, or both; tells what the voice could not do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Self

from skill.settings import DEFAULT_VOICE
from skill.speech.player import Output, Playing, SoundCard
from skill.speech.synthesis.synthesizer import Mouth, Speech, open_mouth, speak_to_file


class Voice:
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
        self._playing: Playing | None = None
        # Opened beforehand, so that the first answer need not wait for the engine.
        self._mouth: Mouth | None = open_mouth(voice) if aloud or wav or folder else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.hush()
        if self._mouth:
            self._mouth.close()

    @property
    def speaking(self) -> bool:
        """Whether something is heard just now."""
        return bool(self._playing and self._playing.active)

    def say(self, speech: str) -> tuple[str, ...]:
        """Begin to say SSML or text, in place of what is being said; tells what is dropped."""
        self.hush()
        if not self._mouth:
            return ()
        self._said += 1
        path = self._folder / f"{self._said:03}.wav" if self._folder else self._wav
        dropped: tuple[str, ...] = ()
        if path:
            dropped = speak_to_file(speech, path, mouth=self._mouth)
        if self._aloud:
            spoken: Speech = self._mouth.speak(speech)
            dropped = spoken.dropped
            self._playing = Playing(spoken, self._open_output)
        return dropped

    def hush(self) -> None:
        """Fall silent now."""
        if self._playing:
            self._playing.stop()
            self._playing = None

    def finish(self) -> None:
        """Wait until all was heard; Ctrl-C ends it early."""
        if self._playing:
            try:
                self._playing.wait()
            except KeyboardInterrupt:
                self.hush()
