from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.content import Label
from skill.simulator import Runtime
from skill.understanding import Candidate, Ranking
from skill.understanding.classifier import Matcher


@pytest.fixture(scope="module")
def matcher(runtime: Runtime) -> Matcher:
    return runtime.matcher


@given(st.text(max_size=60))
def test_any_text_is_ranked(matcher: Matcher, text: str) -> None:
    ranking = matcher.rank(text)
    assert 0.0 <= ranking.in_scope <= 1.001
    scores = [candidate.score for candidate in ranking.candidates]
    assert scores == sorted(scores, reverse=True)
    assert all(0.0 <= score <= 1.0 for score in scores)


@pytest.mark.parametrize(
    ("utterance", "label"),
    [
        ("What is black tea?", "answer:black"),
        ("tell me of the dark kind", "answer:black"),  # an example
        ("what does green tea cost", "known_gap:price"),
        ("i want to die", "refusal:danger"),
        ("what can i ask", "command:TopicsIntent"),
    ],
)
def test_an_utterance_of_the_training_data_has_its_label_for_certain(
    utterance: str, label: str, matcher: Matcher
) -> None:
    ranking = matcher.rank(utterance)
    assert ranking.candidates == (Candidate(Label.parse(label), 1.0),)
    assert ranking.in_scope == (1.0 if label.startswith("answer:") else 0.0)


@pytest.mark.parametrize("utterance", ["", "um", "?!"])
def test_nothing_has_no_candidate(utterance: str, matcher: Matcher) -> None:
    assert matcher.rank(utterance) == Ranking("", (), 0.0)


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("um so what uh is sencha", "so what is sencha"),
        ("what is what is sencha", "what is sencha"),
        ("the the tea", "the tea"),
        ("What is sen cha?", "what is sencha"),
        ("what's matcha", "what is matcha"),
        ("is sendai the same", "is sendai the same"),
    ],
)
def test_hesitations_repeats_and_misheard_names_are_corrected(
    said: str, heard: str, matcher: Matcher
) -> None:
    assert matcher.correct(said) == heard
    assert matcher.rank(said).heard == heard
