"""What an utterance means: decisions on ranked labels; `classifier` does the ranking."""

from skill.understanding.decision import THRESHOLDS, Decision, DecisionKind, Thresholds, decide
from skill.understanding.interpreter import (
    DANGER_LABEL,
    Interpreter,
    PhraseSpotter,
    has_pronoun,
)
from skill.understanding.ranking import Candidate, Ranking

__all__ = [
    "DANGER_LABEL",
    "THRESHOLDS",
    "Candidate",
    "Decision",
    "DecisionKind",
    "Interpreter",
    "PhraseSpotter",
    "Ranking",
    "Thresholds",
    "decide",
    "has_pronoun",
]
