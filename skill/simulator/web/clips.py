"""Answers waiting to be spoken: each is made into sound when it is asked for, once."""

from __future__ import annotations

import secrets
import tempfile
from collections import OrderedDict
from pathlib import Path
from threading import Lock

from skill.settings import DEFAULT_VOICE
from skill.speech.synthesis.synthesizer import Mouth, open_mouth, speak_to_file

MOST_CLIPS = 64


class Clips:
    """What was said and not yet heard, by id; the oldest make room."""

    def __init__(self, voice: str = DEFAULT_VOICE) -> None:
        self._ssml: OrderedDict[str, str] = OrderedDict()
        self._lock = Lock()
        self._voice = voice
        self._mouth: Mouth | None = None  # opened when something is to be said, then kept warm
        self._speaking = Lock()

    def keep(self, ssml: str) -> str:
        """The id under which `ssml` can be heard."""
        clip = secrets.token_urlsafe(12)
        with self._lock:
            self._ssml[clip] = ssml
            if len(self._ssml) > MOST_CLIPS:
                self._ssml.popitem(last=False)
        return clip

    def take(self, clip: str) -> bytes | None:
        """The speech as WAV, or nothing where it was taken before or made room."""
        with self._lock:
            ssml = self._ssml.pop(clip, None)
        return self._speak(ssml) if ssml else None

    def close(self) -> None:
        """Let go of the voice."""
        with self._speaking:
            if self._mouth:
                self._mouth.close()
            self._mouth = None

    def _speak(self, ssml: str) -> bytes:
        with self._speaking, tempfile.TemporaryDirectory() as folder:
            self._mouth = self._mouth or open_mouth(self._voice)
            path = Path(folder) / "answer.wav"
            speak_to_file(ssml, path, mouth=self._mouth)
            return path.read_bytes()
