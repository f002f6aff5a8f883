"""What the microphone recorded -> the utterance to act on, with the ears of `askable hear`."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from skill.errors import SoundError
from skill.simulator.assemble import Speaker
from skill.simulator.ears import SphinxEars
from skill.simulator.hearing import choose
from skill.simulator.sound import Sound, read_sound


class Listening:
    """One pair of ears for every tab.

    They live in a thread of their own, because PocketSphinx's decoder takes one sound at a time;
    it is made there while the page is still loading.
    """

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ears")
        self._ears = self._thread.submit(_make_ears, speaker)

    def hear(self, wav: bytes) -> str:
        """The utterance; empty where words were heard that make none of this skill's.

        Raises SoundError for what is no sound and for silence.
        """
        sound = _read(wav)
        return self._thread.submit(self._listen, sound).result()

    def _listen(self, sound: Sound) -> str:
        heard = self._ears.result().hear(sound)
        if not heard.hearings:
            raise SoundError("Nothing was heard; hold the button while you speak, a little louder.")
        return choose(heard.hearings, self._speaker.cloud.understand)


def _make_ears(speaker: Speaker) -> SphinxEars:
    return SphinxEars(speaker.utterances(), speaker.article.pronunciations)


def _read(wav: bytes) -> Sound:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recording"
        path.write_bytes(wav)
        try:
            return read_sound(path)
        except SoundError as error:
            # Whoever speaks into a page knows of no file.
            raise SoundError(str(error).replace(str(path), "recording")) from error
