"""What the microphone recorded -> the utterance to act on, with the ears of `askable hear`."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from skill.errors import SilentError, SoundError
from skill.simulator.listening import Listening, listening_for
from skill.simulator.runtime import Speaker
from skill.speech.audio import Sound, read_sound

_NOTHING = "Nothing was heard; hold the button while you speak, a little louder."


class Microphone:
    """One pair of ears for every tab.

    They live in a thread of their own, because PocketSphinx's decoder takes one sound at a time;
    it is made there while the page is still loading.
    """

    def __init__(self, speaker: Speaker) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ears")
        self._listening = self._thread.submit(listening_for, speaker)

    def hear(self, wav: bytes) -> str:
        """The utterance; empty where words were heard that make none of this skill's.

        Raises SoundError for what is no sound and for silence.
        """
        sound = _read(wav)
        return self._thread.submit(self._listen, sound).result()

    def _listen(self, sound: Sound) -> str:
        listening: Listening = self._listening.result()
        listened = listening.listen(sound)
        if not listened.hearings:
            raise SilentError(_NOTHING)
        return listened.text


def _read(wav: bytes) -> Sound:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recording"
        path.write_bytes(wav)
        try:
            return read_sound(path)
        except SilentError as error:
            raise SilentError(_NOTHING) from error
        except SoundError as error:
            # Whoever speaks into a page knows of no file.
            raise SoundError(str(error).replace(str(path), "recording")) from error
