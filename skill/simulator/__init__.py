"""A smart speaker on your desk: Alexa's NLU, devices and sessions around the same skill code."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from skill.simulator.device import Device, Respond
from skill.simulator.nlu import AlexaNlu, IntentGuess
from skill.simulator.runtime import Runtime

if TYPE_CHECKING:
    from skill.simulator.language_model_file import (
        expected_utterances,
        read_language_model,
        write_language_model,
    )
    from skill.simulator.speech_pipeline import (
        HypothesisReranker,
        RecognizedUtterance,
        SpeechPipeline,
        check_recognizer,
        is_called,
        open_pipeline,
        open_recognizer,
        sphinx_recognizer,
        whisper_folder,
        whisper_recognizer,
    )
    from skill.simulator.turn_loop import TIMING, TurnTiming

__all__ = [
    "TIMING",
    "AlexaNlu",
    "Device",
    "HypothesisReranker",
    "IntentGuess",
    "RecognizedUtterance",
    "Respond",
    "Runtime",
    "SpeechPipeline",
    "TurnTiming",
    "check_recognizer",
    "expected_utterances",
    "is_called",
    "open_pipeline",
    "open_recognizer",
    "read_language_model",
    "sphinx_recognizer",
    "whisper_folder",
    "whisper_recognizer",
    "write_language_model",
]


def __getattr__(name: str) -> Any:
    """Import what listens to speech when it is first used; most commands need no PocketSphinx."""
    if name in __all__:
        for module in ("speech_pipeline", "language_model_file", "turn_loop"):
            found = import_module(f"{__name__}.{module}")
            if hasattr(found, name):
                return getattr(found, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
