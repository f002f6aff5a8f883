"""Speaks by pyttsx3 and espeak-ng, each utterance in a child process with a time-out.

pyttsx3 2.99 is known to hang on a second run of its loop, to write only the last of several queued
files, and to say nothing, silently, without a sound device: so one utterance a process, always to a
file, checked before anyone hears it. The next child is started beforehand: it waits for its words.
"""

from __future__ import annotations

import io
import subprocess
import sys
import wave
from dataclasses import replace
from typing import Self

from skill.errors import EngineError
from skill.speech.audio import Audio
from skill.speech.synthesis.ipa import to_espeak
from skill.speech.synthesis.ssml import Piece, read_script, to_ssml
from skill.speech.synthesis.synthesizer import Speech

_CHILD = (sys.executable, "-m", "skill.speech.synthesis.espeak_process")


class EspeakSynthesizer:
    """The voice that every machine with espeak-ng has."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._waiting: subprocess.Popen[bytes] | None = None
        self._waiting = _start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def speak(self, speech: str) -> Speech:
        """Speak all of it at once: espeak-ng takes milliseconds for a sentence."""
        script = read_script(speech)
        if not any(piece.text for piece in script.pieces):
            raise EngineError("speech: there is nothing to say; give some text")
        dropped = list(script.dropped)
        words = "".join(_as_espeak(piece, dropped) for piece in script.pieces)
        audio = self._synthesise(f"<speak>{words}</speak>")
        return Speech(iter((audio,)), tuple(dict.fromkeys(dropped)))

    def close(self) -> None:
        """End the child that waits."""
        if self._waiting:
            self._waiting.kill()
            self._waiting.communicate()
            self._waiting = None

    def __del__(self) -> None:
        # A child that waits must not outlive the mouth it was started for.
        self.close()

    def _synthesise(self, ssml: str) -> Audio:
        child, self._waiting = self._waiting or _start(), None
        try:
            out, err = child.communicate(ssml.encode(), timeout=self._timeout)
        except subprocess.TimeoutExpired as error:
            child.kill()
            child.communicate()
            raise EngineError(
                f"pyttsx3: gave no speech in {self._timeout:.0f} s; try again"
            ) from error
        audio = _read(out)
        if child.returncode or audio is None:
            told = err.decode(errors="replace").strip().splitlines() or ["it gave no sound"]
            raise EngineError(
                f"pyttsx3: {told[-1][:160]}; is espeak-ng there? (apt-get install espeak-ng)"
            )
        self._waiting = _start()
        return audio


def _start() -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    return subprocess.Popen(_CHILD, stdin=pipe, stdout=pipe, stderr=pipe)


def _as_espeak(piece: Piece, dropped: list[str]) -> str:
    silence = f'<break time="{1000 * piece.pause:.0f}ms"/>' if piece.pause else ""
    chunks = to_espeak(piece.ipa)
    if piece.ipa and not chunks:
        dropped.append(f'<phoneme ph="{piece.ipa}">')
    # In words, double brackets would be taken for sounds.
    words = to_ssml(replace(piece, text=piece.text.replace("[[", "[ [")))
    return f"{silence}[[{chunks}]] " if chunks else f"{silence}{words} "


def _read(wav: bytes) -> Audio | None:
    try:
        with wave.open(io.BytesIO(wav)) as file:
            pcm = file.readframes(file.getnframes())
            return Audio(pcm, file.getframerate()) if pcm else None
    except (EOFError, wave.Error):
        return None
