"""Text to speech."""

from skill.speech.synthesis.piper import PiperSynthesizer
from skill.speech.synthesis.synthesizer import Speech, Synthesizer
from skill.speech.synthesis.voices import open_synthesizer, write_speech

__all__ = ["PiperSynthesizer", "Speech", "Synthesizer", "open_synthesizer", "write_speech"]
