"""The child process of `espeak.py`: SSML on standard input, a WAV file on standard output.

It imports pyttsx3 and starts the engine before it waits for the text, because these two take most
of the time.
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
    """Speak the text on standard input."""
    engine = pyttsx3.init("espeak")
    # setProperty would wait for runAndWait; espeak-ng's thread then sometimes speaks before it has
    # the rate.
    _espeak.SetParameter(_espeak.RATE, WORDS_A_MINUTE, 0)
    _espeak.Synchronize()
    # pyttsx3 has no setting for SSML; without this flag espeak-ng reads tags aloud.
    flags = _espeak.SSML | _espeak.CHARS_UTF8 | _espeak.ENDPAUSE
    speak = partial(_espeak.Synth, flags=flags)
    _espeak.Synth = lambda text, flags: speak(text)
    # pyttsx3 prints a message when it has saved a file; keep it out of the sound.
    out = os.dup(1)
    os.dup2(2, 1)
    text = sys.stdin.buffer.read().decode()
    if not text:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        engine.save_to_file(text, str(path))
        engine.runAndWait()
        # runAndWait can return before espeak-ng's own thread has written the file, and the thread
        # ends with the process. The parent's timeout ends a hang.
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
