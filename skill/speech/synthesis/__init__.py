"""Text to speech."""

from skill.speech.synthesis.espeak import EspeakSynthesizer
from skill.speech.synthesis.piper import PiperSynthesizer
from skill.speech.synthesis.ssml import Piece, Script, Style, read_script
from skill.speech.synthesis.synthesizer import Speech, Synthesizer
from skill.speech.synthesis.voices import TIMEOUT, open_synthesizer, write_speech

__all__ = [
    "TIMEOUT",
    "EspeakSynthesizer",
    "Piece",
    "PiperSynthesizer",
    "Script",
    "Speech",
    "Style",
    "Synthesizer",
    "open_synthesizer",
    "read_script",
    "write_speech",
]
