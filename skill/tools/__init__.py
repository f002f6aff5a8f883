"""Tools for authors: build, evaluate, audition, certify, probe.

Import the modules by name, such as `from skill.tools import evaluate`.
"""

__all__ = [
    "audition",
    "build",
    "certification",
    "evaluate",
    "probe",
    "questions",
    "reports",
    "unanswered_report",
]
