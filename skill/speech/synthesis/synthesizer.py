"""SSML -> speech, by any voice: pyttsx3's by default, Piper's where `askable[voice]` is there."""

from __future__ import annotations

import tempfile
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Protocol, Self

from skill.errors import AskableError, EngineError
from skill.settings import DEFAULT_VOICE, VOICES

if TYPE_CHECKING:  # reading sound files takes 30 ms to import, and most answers are only printed
    from skill.speech.audio import Audio

TIMEOUT = 20.0  # seconds; a long answer takes a fraction of one to synthesise


@dataclass(frozen=True)
class Speech:
    """One utterance as it is made: its sounds in order, all of one rate."""

    chunks: Iterator[Audio]
    dropped: tuple[str, ...]  # what the SSML asks for and the voice cannot do


class Synthesizer(Protocol):
    """Anything that turns SSML, or plain text, into speech."""

    def speak(self, speech: str) -> Speech:
        """Begin to speak; raises EngineError, now or from the sounds, where that fails."""

    def close(self) -> None:
        """Let go of the engine."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


def open_synthesizer(voice: str = DEFAULT_VOICE, timeout: float = TIMEOUT) -> Synthesizer:
    """A mouth with one of VOICES."""
    if voice == "espeak":
        from skill.speech.synthesis.espeak import EspeakSynthesizer

        return EspeakSynthesizer(timeout)
    if voice == "piper":
        from skill.speech.synthesis.piper import PiperSynthesizer

        return PiperSynthesizer()
    raise AskableError(f"--voice {voice}: is not known; the voices are {', '.join(VOICES)}")


def write_speech(
    speech: str, path: Path, *, synthesizer: Synthesizer | None = None, timeout: float = TIMEOUT
) -> tuple[str, ...]:
    """Write SSML or text as speech to the WAV file `path`, whole or not at all.

    Tells what of the SSML it drops. Raises EngineError when there is no engine, it hangs, or it
    gives no sound.
    """
    if synthesizer is None:
        with open_synthesizer(timeout=timeout) as opened:
            return write_speech(speech, path, synthesizer=opened)
    spoken = synthesizer.speak(speech)
    chunks = tuple(spoken.chunks)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():
            # A pipe or device is written through: replacing it would leave a file in its place.
            with path.open("wb") as pipe, tempfile.TemporaryFile() as draft:
                _write(chunks, draft)
                draft.seek(0)
                pipe.write(draft.read())
        else:
            with tempfile.TemporaryDirectory(dir=path.parent) as folder:
                whole = Path(folder) / "speech.wav"
                with whole.open("wb") as file:
                    _write(chunks, file)
                whole.replace(path.resolve())
    except OSError as error:
        raise EngineError(f"{path}: cannot be written: {error}") from error
    return spoken.dropped


def _write(chunks: tuple[Audio, ...], file: IO[bytes]) -> None:
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(chunks[0].rate)
        for audio in chunks:
            out.writeframes(audio.pcm)
