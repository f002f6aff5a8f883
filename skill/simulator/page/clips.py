"""Answers waiting to be spoken: each is made into sound when it is asked for, once."""

from __future__ import annotations

import secrets
import tempfile
from collections import OrderedDict
from pathlib import Path
from threading import Lock

from skill.replies import for_voice
from skill.simulator.mouth import speak_to_file

MOST_CLIPS = 64


class Clips:
    """What was said and not yet heard, by id; the oldest make room."""

    def __init__(self) -> None:
        self._ssml: OrderedDict[str, str] = OrderedDict()
        self._lock = Lock()

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
        return _speak(ssml) if ssml else None


def _speak(ssml: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answer.wav"
        speak_to_file(for_voice(ssml), path)
        return path.read_bytes()
