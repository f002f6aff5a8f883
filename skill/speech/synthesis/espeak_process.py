"""Speaks one utterance and ends: SSML on standard input, a WAV file on standard output.

Started beforehand and kept waiting, it has pyttsx3 imported and the engine ready when the words
come: that is most of the time that speaking takes.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
import wave
from functools import partial
from pathlib import Path

import pyttsx3
from pyttsx3.drivers import _espeak

WORDS_A_MINUTE = 165


def main() -> None:
    """Speak what standard input brings."""
    engine = pyttsx3.init("espeak")
    # Not by setProperty, which waits for runAndWait: then espeak-ng's thread now and then speaks
    # before it has the rate.
    _espeak.SetParameter(_espeak.RATE, WORDS_A_MINUTE, 0)
    _espeak.Synchronize()
    # pyttsx3 has espeak-ng read tags aloud: it knows the flags for SSML and [[phonemes]], but has
    # no setting for them.
    flags = _espeak.SSML | _espeak.PHONEMES | _espeak.CHARS_UTF8 | _espeak.ENDPAUSE
    speak = partial(_espeak.Synth, flags=flags)
    _espeak.Synth = lambda text, flags: speak(text)
    # pyttsx3 prints when it has saved a file; that is no part of the sound.
    out = os.dup(1)
    os.dup2(2, 1)
    text = sys.stdin.buffer.read().decode()
    if not text:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        engine.save_to_file(text, str(path))
        engine.runAndWait()
        # runAndWait can return before espeak-ng's own thread has written the file, which would
        # die with the process. The parent's time-out ends a hang.
        while not _whole(path):
            time.sleep(0.005)
        with os.fdopen(out, "wb") as audio:
            audio.write(path.read_bytes())


def _whole(path: Path) -> bool:
    try:
        with wave.open(str(path)) as audio:
            size = 2 * int(audio.getnframes())
            return 0 < size <= path.stat().st_size - 44
    except (OSError, EOFError, wave.Error):
        return False


if __name__ == "__main__":
    main()
