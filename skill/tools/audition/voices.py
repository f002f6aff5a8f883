"""Speaks test sentences in many voices, as samples at 16 kHz: espeak-ng itself, and Piper."""

from __future__ import annotations

import io
import subprocess
from functools import lru_cache
from importlib.util import find_spec

import numpy as np
import soundfile
import soxr

from skill.errors import EngineError
from skill.speech.audio import RATE
from skill.speech.synthesis.synthesizer import TIMEOUT, Synthesizer, open_synthesizer
from skill.tools.audition.conditions import Samples

PIPER = "piper"
ESPEAK = ("en-us", "en-gb", "en-us+f3", "en-gb-scotland")
_PIPERS_OWN = 175  # words a minute, nearly


def voices() -> tuple[str, ...]:
    """Every voice that is here."""
    return (*ESPEAK, PIPER) if find_spec("piper") else ESPEAK


class VoicesByName:
    """Voices by name; each engine is loaded once, when it is first needed."""

    def __init__(self) -> None:
        self._piper: Synthesizer | None = None
        # The conditions of a sentence follow one another: it is spoken once for all of them.
        self.speak = lru_cache(maxsize=8)(self._speak)

    def _speak(self, text: str, voice: str, words_a_minute: int) -> Samples:
        if voice == PIPER:
            return self._by_piper(text, words_a_minute)
        command = ["espeak-ng", "-v", voice, "-s", str(words_a_minute), "--stdout", "--", text]
        try:
            done = subprocess.run(command, capture_output=True, timeout=TIMEOUT, check=True)
            samples, rate = soundfile.read(io.BytesIO(done.stdout), dtype="float32")
        except (OSError, subprocess.SubprocessError, soundfile.SoundFileError) as error:
            raise EngineError(
                f"espeak-ng: does not speak as {voice} ({error}); is it there, with that voice?"
            ) from error
        return np.asarray(soxr.resample(samples, rate, RATE), np.float32)

    def _by_piper(self, text: str, words_a_minute: int) -> Samples:
        self._piper = self._piper or open_synthesizer(PIPER)
        pace = f"{words_a_minute / _PIPERS_OWN:.0%}"
        words = text.replace("&", "and").replace("<", " ")
        spoken = self._piper.speak(f'<speak><prosody rate="{pace}">{words}</prosody></speak>')
        sounds = list(spoken.chunks)
        samples = np.frombuffer(b"".join(sound.pcm for sound in sounds), "<i2")
        return np.asarray(
            soxr.resample(samples / np.float32(32_768), sounds[0].rate, RATE), np.float32
        )
