from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.content import Article
from skill.understanding.classifier import TrainingData, names_of
from skill.understanding.classifier.features import pair_feature, pairs
from skill.understanding.classifier.name_correction import NameCorrector, phonetic_key

NAMES = ["oxytocin", "sex blush"]


@pytest.fixture(scope="module")
def corrector(article: Article, training_data: TrainingData) -> NameCorrector:
    names = [*names_of(article)]
    known = [*training_data.from_templates(), *names]
    words = {word for utterance in known for word in utterance.split()}
    neighbours = {pair for utterance in known for pair in pairs(utterance)[1:-1]}
    return NameCorrector(names, words, frozenset(neighbours))


@pytest.mark.parametrize(
    ("said", "corrected"),
    [
        ("what is sen cha", "what is sencha"),
        ("tell me about mutch a please", "tell me about matcha please"),
        ("what is grin tea", "what is green tea"),
        ("what is green tee", "what is green tea"),
        ("is match a a tea", "is matcha a tea"),
        ("is sendai the same", "is sendai the same"),  # another sound
        ("what is black tea", "what is black tea"),
        ("what is sencha", "what is sencha"),
        ("", ""),
    ],
)
def test_a_misheard_name_is_corrected(said: str, corrected: str, corrector: NameCorrector) -> None:
    assert corrector.correct(said) == corrected


_KNOWN = ["what", "is", "oxytocin", "cuddle", "hormone", "sex", "blush"]
_NEIGHBOURS = frozenset(pair_feature(a, b) for a in _KNOWN for b in _KNOWN)


@given(st.lists(st.sampled_from(_KNOWN), max_size=8))
def test_words_that_templates_contain_in_that_order_are_left_alone(words: list[str]) -> None:
    line = " ".join(words)
    assert NameCorrector(NAMES, words, _NEIGHBOURS).correct(line) == line


def test_known_words_in_an_unknown_order_can_be_a_name() -> None:
    known = ["ox", "he", "tossing"]
    in_order = frozenset([pair_feature("ox", "he"), pair_feature("he", "tossing")])
    assert NameCorrector(NAMES, known, in_order).correct("ox he tossing") == "ox he tossing"
    assert NameCorrector(NAMES, known, frozenset()).correct("oxy tosin") == "oxytocin"


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz ", max_size=40))
def test_any_text_is_corrected_to_its_own_words_and_names(line: str) -> None:
    corrected = NameCorrector(NAMES, [], frozenset()).correct(line)
    assert set(corrected.split()) <= {*line.split(), "oxytocin", "sex", "blush"}


def test_short_names_are_not_looked_for() -> None:
    assert NameCorrector(["men"], [], frozenset()).correct("man") == "man"


def test_words_that_sound_alike_have_one_key() -> None:
    assert phonetic_key("cuttle hormone") == phonetic_key("cuddle hormone")
    assert phonetic_key("six blush") == phonetic_key("sex blush")
    assert phonetic_key("fone") == phonetic_key("phone")
    assert phonetic_key("oxycontin") != phonetic_key("oxytocin")
