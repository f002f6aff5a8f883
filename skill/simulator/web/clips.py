"""Answers waiting to be spoken: each is made into sound when it is asked for, once."""

from __future__ import annotations

import secrets
import tempfile
from collections import OrderedDict
from pathlib import Path
from threading import Lock

from skill.settings import DEFAULT_VOICE
from skill.speech.synthesis.synthesizer import Synthesizer, open_synthesizer, write_speech

MOST_CLIPS = 64


class Clips:
    """What was said and not yet heard, by id; the oldest make room."""

    def __init__(self, voice: str = DEFAULT_VOICE) -> None:
        self._ssml: OrderedDict[str, str] = OrderedDict()
        self._lock = Lock()
        self._voice = voice
        self._synthesizer: Synthesizer | None = (
            None  # opened when something is to be said, then kept warm
        )
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
            if self._synthesizer:
                self._synthesizer.close()
            self._synthesizer = None

    def _speak(self, ssml: str) -> bytes:
        with self._speaking, tempfile.TemporaryDirectory() as folder:
            self._synthesizer = self._synthesizer or open_synthesizer(self._voice)
            path = Path(folder) / "answer.wav"
            write_speech(ssml, path, synthesizer=self._synthesizer)
            return path.read_bytes()
