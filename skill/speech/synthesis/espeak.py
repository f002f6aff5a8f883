"""Text to speech by pyttsx3 and espeak-ng, each utterance in a child process with a timeout.

pyttsx3 2.99 hangs on a second run of its loop, writes only the last of several queued files, and
fails silently without a sound device. So each process speaks one utterance to a file, which is
checked before it is played. The next process is started early and waits for its text.
"""

from __future__ import annotations

import io
import subprocess
import sys
import wave
from pathlib import Path
from xml.sax.saxutils import escape

from skill.errors import EngineError
from skill.speech.audio import Audio
from skill.speech.synthesis.ssml import read_script
from skill.speech.synthesis.synthesizer import Speech

# By its path, because the package's imports take longer than pyttsx3's; -P keeps the modules of
# this folder from hiding others.
_CHILD = (sys.executable, "-P", str(Path(__file__).with_name("espeak_process.py")))
_TIMEOUT = 20.0  # seconds; espeak-ng synthesizes a long answer in a fraction of one


class EspeakSynthesizer:
    """The default voice, which needs espeak-ng."""

    def __init__(self, timeout: float = _TIMEOUT) -> None:
        self._timeout = timeout
        self._waiting: subprocess.Popen[bytes] | None = None
        self._waiting = _start()

    def speak(self, speech: str) -> Speech:
        """Speak all of it at once: espeak-ng takes milliseconds for a sentence."""
        script = read_script(speech)
        words = ""
        for piece in script.pieces:
            if piece.pause:
                words += f'<break time="{1000 * piece.pause:.0f}ms"/>'
            words += escape(piece.text)
        audio = self._synthesize(f"<speak>{words}</speak>")
        return Speech(iter((audio,)), script.dropped)

    def close(self) -> None:
        """End the waiting child process."""
        if self._waiting:
            self._waiting.kill()
            self._waiting.communicate()
            self._waiting = None

    def __del__(self) -> None:
        # A waiting child must not outlive its synthesizer.
        self.close()

    def _synthesize(self, ssml: str) -> Audio:
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
            errors = err.decode(errors="replace").strip().splitlines() or ["it gave no sound"]
            raise EngineError(
                f"pyttsx3: {errors[-1][:160]}; is espeak-ng there? (apt-get install espeak-ng)"
            )
        self._waiting = _start()
        return audio


def _start() -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    return subprocess.Popen(_CHILD, stdin=pipe, stdout=pipe, stderr=pipe)


def _read(wav: bytes) -> Audio | None:
    try:
        with wave.open(io.BytesIO(wav)) as file:
            pcm = file.readframes(file.getnframes())
            return Audio(pcm, file.getframerate()) if pcm else None
    except (EOFError, wave.Error):
        return None
