"""Text -> speech by pyttsx3, each utterance in a child process with a time-out.

pyttsx3 2.99 is known to hang on a second run of its loop, to write only the last of several
queued files, and to say nothing, silently, without a sound device: so one utterance a process,
always to a file, checked before anyone hears it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

from skill.errors import EngineError

TIMEOUT = 20.0  # seconds; a long answer takes a fraction of one to synthesise
_PLAYERS = (("paplay",), ("aplay", "-q"), ("play", "-q"), ("afplay",))
# runAndWait can return before espeak-ng's own thread has written the file, which would die with
# the process: so the child stays until the file is whole. The parent's time-out ends a hang.
_CHILD = """
import os, sys, time, wave, pyttsx3
path = sys.argv[1]
engine = pyttsx3.init()
engine.setProperty("rate", 165)
engine.save_to_file(sys.stdin.read(), path)
engine.runAndWait()
while True:
    try:
        with wave.open(path) as sound:
            if 0 < sound.getnframes() * 2 <= os.path.getsize(path) - 44:
                break
    except (OSError, EOFError, wave.Error):
        pass
    time.sleep(0.01)
"""


def speak_to_file(text: str, path: Path, *, timeout: float = TIMEOUT) -> None:
    """Write `text` as speech to the WAV file `path`, whole or not at all.

    Raises EngineError when there is no engine, it hangs, or it gives no sound.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # A pipe or device is written through: replacing it would leave a plain file in its place.
        plain = path.is_file() or not path.exists()
        with tempfile.TemporaryDirectory(dir=path.parent if plain else None) as folder:
            draft = Path(folder) / "speech.wav"
            _synthesise(text, draft, timeout)
            if plain:
                draft.replace(path.resolve())
            else:
                path.write_bytes(draft.read_bytes())
    except OSError as error:
        raise EngineError(f"{path}: cannot be written: {error}") from error


def speak_aloud(text: str, *, timeout: float = TIMEOUT) -> None:
    """Speak `text` through the loudspeaker.

    Raises EngineError where there is none, rather than staying silent.
    """
    player = next((player for player in _PLAYERS if shutil.which(player[0])), None)
    if player is None:
        names = ", ".join(player[0] for player in _PLAYERS)
        raise EngineError(f"--speak: no sound player here ({names}); use --wav FILE instead")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        _synthesise(text, path, timeout)
        try:
            played = subprocess.run(
                [*player, str(path)], capture_output=True, timeout=timeout + seconds_of(path)
            )
        except subprocess.TimeoutExpired as error:
            raise EngineError(f"--speak: {player[0]} hangs; use --wav FILE instead") from error
    if played.returncode:
        reason = " ".join(played.stderr.decode(errors="replace").split())[:120]
        raise EngineError(
            f"--speak: {player[0]} found no loudspeaker ({reason}); use --wav FILE instead"
        )


def seconds_of(path: Path) -> float:
    """How long a WAV file lasts; nothing when it is none."""
    try:
        with wave.open(str(path)) as sound:
            return float(sound.getnframes() / sound.getframerate())
    except (OSError, EOFError, wave.Error):
        return 0.0


def _synthesise(text: str, path: Path, timeout: float) -> None:
    if not text.strip():
        raise EngineError("speech: there is nothing to say; give some text")
    try:
        child = subprocess.run(
            [sys.executable, "-c", _CHILD, str(path)],
            input=text.encode(),
            capture_output=True,
            timeout=timeout,
        )
    except subprocess.TimeoutExpired as error:
        raise EngineError(f"pyttsx3: gave no speech in {timeout:.0f} s; try again") from error
    if child.returncode or not seconds_of(path):
        told = child.stderr.decode(errors="replace").strip().splitlines() or ["it gave no sound"]
        raise EngineError(
            f"pyttsx3: {told[-1][:160]}; is espeak-ng there? (apt-get install espeak-ng)"
        )
