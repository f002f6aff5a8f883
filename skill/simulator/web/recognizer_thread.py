"""What the microphone recorded -> the utterance to act on, with the ears of `askable hear`."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from skill.errors import AudioError, SilentAudioError
from skill.simulator.speech_pipeline import SpeechPipeline, open_pipeline
from skill.simulator.runtime import Runtime
from skill.speech.audio import Audio, read_audio

_NOTHING = "Nothing was heard; hold the button while you speak, a little louder."


class Microphone:
    """One pair of ears for every tab.

    They live in a thread of their own, because PocketSphinx's decoder takes one sound at a time;
    it is made there while the page is still loading.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ears")
        self._listening = self._thread.submit(open_pipeline, runtime)

    def recognize(self, wav: bytes) -> str:
        """The utterance; empty where words were heard that make none of this skill's.

        Raises SoundError for what is no sound and for silence.
        """
        audio = _read(wav)
        return self._thread.submit(self._listen, audio).result()

    def _listen(self, audio: Audio) -> str:
        listening: SpeechPipeline = self._listening.result()
        listened = listening.listen(audio)
        if not listened.hypotheses:
            raise SilentAudioError(_NOTHING)
        return listened.text


def _read(wav: bytes) -> Audio:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recording"
        path.write_bytes(wav)
        try:
            return read_audio(path)
        except SilentAudioError as error:
            raise SilentAudioError(_NOTHING) from error
        except AudioError as error:
            # Whoever speaks into a page knows of no file.
            raise AudioError(str(error).replace(str(path), "recording")) from error
