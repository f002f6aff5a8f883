"""Auditions: questions spoken in many voices and noises, recognized and answered."""

from skill.tools.audition.cases import cases_to_ask
from skill.tools.audition.conditions import (
    CONDITIONS,
    Condition,
    SpeakingVoices,
    installed_voices,
    through,
)
from skill.tools.audition.report import as_html, as_json, as_text
from skill.tools.audition.results import Audition, Trial
from skill.tools.audition.run import (
    RECOGNIZERS,
    Plan,
    RecognitionCache,
    outcome_of,
    recognize,
    run_audition,
)

__all__ = [
    "CONDITIONS",
    "RECOGNIZERS",
    "Audition",
    "Condition",
    "Plan",
    "RecognitionCache",
    "SpeakingVoices",
    "Trial",
    "as_html",
    "as_json",
    "as_text",
    "cases_to_ask",
    "installed_voices",
    "outcome_of",
    "recognize",
    "run_audition",
    "through",
]
