"""Speech recognition for the page, in a thread."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from skill.errors import AudioError, SilentAudioError
from skill.simulator.runtime import Runtime
from skill.simulator.speech_pipeline import open_pipeline
from skill.speech import Audio, read_audio

_NO_SPEECH = "Nothing was heard; hold the button while you speak, a little louder."


class RecognizerThread:
    """One speech pipeline for every tab.

    It has one thread, because PocketSphinx's decoder takes one recording at a time. The pipeline
    opens while the page loads.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="recognizer")
        self._pipeline = self._thread.submit(open_pipeline, runtime)

    def recognize(self, wav: bytes) -> str:
        """The utterance in a recording; "" if its words make no sense to this skill.

        Raises:
            AudioError: The recording is malformed or silent.
        """
        return self._thread.submit(self._listen, _read(wav)).result()

    def _listen(self, audio: Audio) -> str:
        recognized = self._pipeline.result().listen(audio)
        if not recognized.hypotheses:
            raise SilentAudioError(_NO_SPEECH)
        return recognized.text


def _read(wav: bytes) -> Audio:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recording"
        path.write_bytes(wav)
        try:
            return read_audio(path)
        except SilentAudioError as error:
            raise SilentAudioError(_NO_SPEECH) from error
        except AudioError as error:
            # The page's user knows of no file.
            raise AudioError(str(error).replace(str(path), "recording")) from error
