"""Speech in and out: audio, voice activity detection, recognition, synthesis, playback."""

from skill.speech.audio import RATE, Audio, read_audio
from skill.speech.player import Playback, SpeechOutput
from skill.speech.sound_card import Microphone, Output, PcmStream, Source, open_sound_card
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
    "Source",
    "SpeechOutput",
    "UtteranceDetector",
    "open_sound_card",
    "read_audio",
]
