"""Speech to text."""

from skill.speech.recognition.language_model import to_arpa
from skill.speech.recognition.lexicon import (
    Pronunciations,
    dictionary_entries,
    dictionary_lines,
    pronounce,
)
from skill.speech.recognition.recognizer import CombinedRecognizer, Recognition, Recognizer
from skill.speech.recognition.reranking import Meaning, PhoneticIndex, SimilarSample, choose
from skill.speech.recognition.sphinx import (
    NOISE_MEANS,
    SphinxRecognizer,
    cleaned,
    decode,
    estimated_snr,
    is_noisy,
    pronounceable,
)
from skill.speech.recognition.whisper import WhisperRecognizer, prompt_of
from skill.speech.recognition.whisper_model import find_model

__all__ = [
    "NOISE_MEANS",
    "CombinedRecognizer",
    "Meaning",
    "PhoneticIndex",
    "Pronunciations",
    "Recognition",
    "Recognizer",
    "SimilarSample",
    "SphinxRecognizer",
    "WhisperRecognizer",
    "choose",
    "cleaned",
    "decode",
    "dictionary_entries",
    "dictionary_lines",
    "estimated_snr",
    "find_model",
    "is_noisy",
    "prompt_of",
    "pronounce",
    "pronounceable",
    "to_arpa",
]
