"""Speech to text."""

from skill.speech.recognition.language_model import to_arpa
from skill.speech.recognition.lexicon import dictionary_entries, pronounce, pronounceable
from skill.speech.recognition.recognizer import CombinedRecognizer, Recognition, Recognizer
from skill.speech.recognition.reranking import Meaning, PhoneticIndex, choose
from skill.speech.recognition.sphinx import SphinxRecognizer, cleaned, decode
from skill.speech.recognition.whisper import WhisperRecognizer, prompt_of
from skill.speech.recognition.whisper_model import find_model

__all__ = [
    "CombinedRecognizer",
    "Meaning",
    "PhoneticIndex",
    "Recognition",
    "Recognizer",
    "SphinxRecognizer",
    "WhisperRecognizer",
    "choose",
    "cleaned",
    "decode",
    "dictionary_entries",
    "find_model",
    "prompt_of",
    "pronounce",
    "pronounceable",
    "to_arpa",
]
