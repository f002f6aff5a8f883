"""The synthesizers by the name of their voice, and speech as WAV files."""

from __future__ import annotations

import io
import wave
from pathlib import Path

from skill.errors import AskableError, EngineError
from skill.files import write_whole
from skill.settings import DEFAULT_VOICE, VOICES
from skill.speech.synthesis.espeak import EspeakSynthesizer
from skill.speech.synthesis.piper import PiperSynthesizer
from skill.speech.synthesis.synthesizer import Synthesizer


def open_synthesizer(voice: str = DEFAULT_VOICE) -> Synthesizer:
    """Open the synthesizer of one of `VOICES`.

    Raises:
        AskableError: The voice is unknown or not installed.
    """
    if voice == "espeak":
        return EspeakSynthesizer()
    if voice == "piper":
        return PiperSynthesizer()
    raise AskableError(f"--voice {voice}: is unknown; the voices are {', '.join(VOICES)}")


def write_speech(speech: str, path: Path, synthesizer: Synthesizer) -> tuple[str, ...]:
    """Write SSML or plain text as speech to a WAV file, whole or not at all.

    Returns:
        Descriptions of what the SSML asks for and is not supported.

    Raises:
        EngineError: The engine is missing, hangs or gives no sound, or `path` cannot be written.
    """
    spoken = synthesizer.speak(speech)
    chunks = list(spoken.chunks)
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setparams((1, 2, chunks[0].rate, 0, "NONE", "NONE"))
        out.writeframes(b"".join(chunk.pcm for chunk in chunks))
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(file.getvalue())  # a pipe or device, which a new file would replace
        else:
            write_whole(path.resolve(), file.getvalue())
    except OSError as error:
        raise EngineError(f"{path}: cannot be written: {error}") from error
    return spoken.dropped
