from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.content import Article, Label
from skill.understanding import (
    DANGER_LABEL,
    Candidate,
    Decision,
    DecisionKind,
    Interpreter,
    PhraseSpotter,
    Ranking,
    has_pronoun,
)


class Ranks:
    """A `rank` that answers everything and keeps what it was given."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, utterance: str) -> Ranking:
        self.asked.append(utterance)
        return Ranking(utterance, (Candidate(Label.answer("green"), 0.9),), 0.9)


@pytest.mark.parametrize(
    ("query", "previous_answer", "ranked"),
    [
        ("How long does it keep?", "black", "how long does black tea keep"),
        ("is that tea, is it", "black", "is black tea tea is it"),
        ("do they keep", "black", "do black tea keep"),
        ("how strong is it", "green", "how strong is tea"),
        ("and why", "black", "and why black tea"),
        ("what is sencha", "black", "what is sencha"),
        ("how strong is it", "", "how strong is it"),
        ("how strong is it", "gone", "how strong is it"),
        ("and why", "", "and why"),
        ("how is italy", "black", "how is italy"),
    ],
)
def test_it_stands_for_what_the_last_answer_is_about(
    query: str, previous_answer: str, ranked: str, article: Article
) -> None:
    rank = Ranks()
    decision = Interpreter(article, rank).interpret(query, previous_answer)
    assert rank.asked == [ranked]
    assert decision.kind is DecisionKind.ANSWER


@pytest.mark.parametrize(
    "query",
    [
        "I want to kill myself",
        "what is tea to someone who wants to die tonight",
        "I don't want to live, I mean do not want to be alive",
        "danger",  # "in {query}" took the first word of "in danger"
        "hurting me every night",  # "is hurting me"
    ],
)
def test_a_danger_phrase_decides_without_a_ranking(query: str, article: Article) -> None:
    rank = Ranks()
    decision = Interpreter(article, rank).interpret(query, "black")
    assert decision == Decision(DecisionKind.REFUSAL, DANGER_LABEL, score=1.0)
    assert rank.asked == []


@pytest.mark.parametrize(
    "query",
    [
        "is tea a danger",  # one word that is left of a phrase is a phrase only alone
        "danger of tea",
        "i want to dye cotton",
        "is hurting men",
        "no hurting me",  # what a carrier took stands first
        "myself",  # no carrier takes the first word of "kill myself"
    ],
)
def test_similar_words_are_ranked(query: str, article: Article) -> None:
    rank = Ranks()
    assert Interpreter(article, rank).interpret(query, "").kind is DecisionKind.ANSWER
    assert len(rank.asked) == 1


def test_an_article_without_danger_phrases_ranks_everything(article: Article) -> None:
    rank = Ranks()
    Interpreter(replace(article, danger_phrases=()), rank).interpret("kill myself", "")
    assert rank.asked == ["kill myself"]


@pytest.mark.parametrize(
    ("utterance", "found"),
    [
        ("kill myself", True),
        ("I will KILL myself!", True),
        ("skill myself", False),
        ("kill himself", False),
        ("kill for myself", False),
        ("", False),
    ],
)
def test_a_phrase_is_found_as_whole_words(utterance: str, found: bool) -> None:
    assert PhraseSpotter(["Kill myself"])(utterance) is found


@given(st.text(max_size=30))
def test_no_phrase_is_found_nowhere(utterance: str) -> None:
    assert not PhraseSpotter([])(utterance)


@pytest.mark.parametrize(
    ("utterance", "found"), [("How long is it?", True), ("that's it", True), ("italy", False)]
)
def test_a_pronoun_is_a_word(utterance: str, found: bool) -> None:
    assert has_pronoun(utterance) is found
