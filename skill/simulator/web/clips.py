"""Answers that wait to be spoken. Each is synthesized when the page asks for it, once."""

from __future__ import annotations

import secrets
import tempfile
from collections import OrderedDict
from pathlib import Path
from threading import Lock

from skill.settings import DEFAULT_VOICE
from skill.speech.synthesis import Synthesizer, open_synthesizer, write_speech

MOST_CLIPS = 64


class Clips:
    """The latest answers as SSML, by id."""

    def __init__(self, voice: str = DEFAULT_VOICE) -> None:
        self._ssml: OrderedDict[str, str] = OrderedDict()
        self._lock = Lock()
        self._voice = voice
        self._synthesizer: Synthesizer | None = None  # opened at first use, then kept
        self._synthesis = Lock()

    def keep(self, ssml: str) -> str:
        """Keep an answer, and return its id; the oldest one is dropped if there are too many."""
        clip = secrets.token_urlsafe(12)
        with self._lock:
            self._ssml[clip] = ssml
            if len(self._ssml) > MOST_CLIPS:
                self._ssml.popitem(last=False)
        return clip

    def take(self, clip: str) -> bytes | None:
        """The speech as a WAV file; None if it was taken before or dropped."""
        with self._lock:
            ssml = self._ssml.pop(clip, None)
        return self._speak(ssml) if ssml else None

    def close(self) -> None:
        """Close the synthesizer."""
        with self._synthesis:
            if self._synthesizer:
                self._synthesizer.close()
            self._synthesizer = None

    def _speak(self, ssml: str) -> bytes:
        with self._synthesis, tempfile.TemporaryDirectory() as folder:
            self._synthesizer = self._synthesizer or open_synthesizer(self._voice)
            path = Path(folder) / "answer.wav"
            write_speech(ssml, path, synthesizer=self._synthesizer)
            return path.read_bytes()
