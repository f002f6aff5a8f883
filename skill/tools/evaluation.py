"""The former name of `skill.tools.evaluate`."""

from __future__ import annotations

from skill.tools.evaluate import _REFUSAL_OF_CUE, Case, EvaluationReport, Share, evaluate

Report = EvaluationReport
__all__ = ["Case", "Report", "Share", "evaluate", "got_of"]


def got_of(answer: str | None, cue: str, intent: str) -> str:
    """Use `skill.tools.evaluate.received`."""
    if answer and cue == "part":
        return f"answer:{answer}"
    if cue == "did_you_mean":
        return "either"
    refusal = _REFUSAL_OF_CUE.get(cue)
    return f"refuse:{refusal}" if refusal else f"intent:{intent}"
