"""Auditions: questions spoken in many voices and noises, recognized and answered."""

from skill.tools.audition.conditions import CONDITIONS, installed_voices
from skill.tools.audition.report import as_html, as_json, as_text
from skill.tools.audition.run import RECOGNIZERS, Plan, RecognitionCache, run_audition

__all__ = [
    "CONDITIONS",
    "RECOGNIZERS",
    "Plan",
    "RecognitionCache",
    "as_html",
    "as_json",
    "as_text",
    "installed_voices",
    "run_audition",
]
