from __future__ import annotations

import pytest

from skill.content import MEDICAL
from skill.simulator import Runtime
from skill.understanding import THRESHOLDS
from skill.understanding.classifier import TrainingData, explain


def _lines(utterance: str, runtime: Runtime, data: TrainingData) -> list[str]:
    return explain(utterance, runtime.matcher, data).splitlines()


def test_the_decision_is_explained_by_thresholds_and_the_nearest_training_data(
    runtime: Runtime, training_data: TrainingData
) -> None:
    lines = _lines("um what is grin tea", runtime, training_data)
    assert lines[0] == "heard    what is green tea"
    assert lines[1].startswith("verdict  answer answer:green (1.00)")
    assert str(THRESHOLDS.in_scope) in lines[2]
    assert f"medical {MEDICAL.threshold}" in lines[3]
    assert lines[4].startswith("best     answer:green ")
    assert lines[5].split("  ")[-1] == "what is green tea"
    likeness = [float(line.split()[0]) for line in lines[5:8]]
    assert likeness == sorted(likeness, reverse=True)


@pytest.mark.parametrize(
    ("utterance", "verdict"),
    [
        ("how much tea should i take", MEDICAL.explanation),
        ("i want to die", "the listener hears where to get help"),
        ("what can i ask", "it is done"),
        ("what is the weather in paris", "the article does not say that"),
    ],
)
def test_the_verdict_says_what_follows(
    utterance: str, verdict: str, runtime: Runtime, training_data: TrainingData
) -> None:
    assert _lines(utterance, runtime, training_data)[1].endswith(verdict)
