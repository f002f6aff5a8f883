"""The synthesizers by the name of their voice, and speech as WAV files."""

from __future__ import annotations

import tempfile
import wave
from pathlib import Path
from typing import IO

from skill.errors import AskableError, EngineError
from skill.settings import DEFAULT_VOICE, VOICES
from skill.speech.audio import Audio
from skill.speech.synthesis.espeak import EspeakSynthesizer
from skill.speech.synthesis.piper import PiperSynthesizer
from skill.speech.synthesis.synthesizer import Synthesizer

TIMEOUT = 20.0  # seconds; espeak-ng synthesizes a long answer in a fraction of one


def open_synthesizer(voice: str = DEFAULT_VOICE, timeout: float = TIMEOUT) -> Synthesizer:
    """Open the synthesizer of one of `VOICES`.

    Raises:
        AskableError: The voice is unknown or not installed.
    """
    if voice == "espeak":
        return EspeakSynthesizer(timeout)
    if voice == "piper":
        return PiperSynthesizer()
    raise AskableError(f"--voice {voice}: is unknown; the voices are {', '.join(VOICES)}")


def write_speech(
    speech: str, path: Path, *, synthesizer: Synthesizer | None = None, timeout: float = TIMEOUT
) -> tuple[str, ...]:
    """Write SSML or plain text as speech to a WAV file, whole or not at all.

    Returns:
        Descriptions of what the SSML asks for and is not supported.

    Raises:
        EngineError: The engine is missing, hangs or gives no sound, or `path` cannot be written.
    """
    if synthesizer is None:
        with open_synthesizer(timeout=timeout) as opened:
            return write_speech(speech, path, synthesizer=opened)
    spoken = synthesizer.speak(speech)
    chunks = tuple(spoken.chunks)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():
            # Write to a pipe or device: a replacement would put a file in its place.
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
