"""Two pairs of ears that listen to the same sound at once: they seldom mishear alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from skill.speech.audio import Sound
from skill.speech.recognition.acoustic_models import Voice
from skill.speech.recognition.sphinx import Ears, Heard


class BothEars:
    """What `first` hear, and `second` beside them."""

    def __init__(self, first: Ears, second: Ears) -> None:
        self._first, self._second = first, second
        self._beside = ThreadPoolExecutor(1, "ears")

    def hear(self, sound: Sound) -> Heard:
        """What the sound says; nothing where the first hear nobody speak.

        Unless it is in a voice of eSpeak, which somebody does speak and the second know better.
        """
        coming = self._beside.submit(self._first.hear, sound)
        second = self._second.hear(sound)
        first = coming.result().hearings
        if not first:
            return second if second.voice is Voice.ESPEAK else Heard((), sound.seconds)
        return Heard(first, sound.seconds, second.voice, second.hearings)
