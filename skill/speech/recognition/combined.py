"""Two pairs of ears that listen to the same sound at once: they seldom mishear alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from skill.speech.audio import Audio
from skill.speech.recognition.acoustic_models import Voice
from skill.speech.recognition.sphinx import Recognition, Recognizer


class CombinedRecognizer:
    """What `first` hear, and `second` beside them."""

    def __init__(self, first: Recognizer, second: Recognizer) -> None:
        self._first, self._second = first, second
        self._beside = ThreadPoolExecutor(1, "ears")

    def recognize(self, audio: Audio) -> Recognition:
        """What the sound says; nothing where the first hear nobody speak.

        Unless it is in a voice of eSpeak, which somebody does speak and the second know better.
        """
        coming = self._beside.submit(self._first.recognize, audio)
        second = self._second.recognize(audio)
        first = coming.result().hypotheses
        if not first:
            return second if second.voice is Voice.ESPEAK else Recognition((), audio.seconds)
        return Recognition(first, audio.seconds, second.voice, second.hypotheses)
