"""Speech in and out: audio, voice activity detection, recognition, synthesis, playback."""

from skill.speech.audio import RATE, Audio, read_audio
from skill.speech.microphone import Microphone, PcmStream, Source
from skill.speech.player import Output, Playback, SoundCard, SpeechOutput
from skill.speech.voice_activity import FRAME, FRAME_SECONDS, UtteranceDetector

__all__ = [
    "FRAME",
    "FRAME_SECONDS",
    "RATE",
    "Audio",
    "Microphone",
    "Output",
    "PcmStream",
    "Playback",
    "SoundCard",
    "Source",
    "SpeechOutput",
    "UtteranceDetector",
    "read_audio",
]
