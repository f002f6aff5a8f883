from __future__ import annotations

import pytest

from skill.speech.recognition import pronounce
from skill.speech.recognition.lexicon import dictionary_lines


def test_the_content_s_own_pronunciation_comes_before_the_dictionary_s() -> None:
    found = pronounce(["tea", "matcha"], {"tea": ["T EY"], "matcha": ["M AA CH AH"]})
    assert found["tea"][:2] == ["T EY", "T IY"]
    assert found["matcha"][0] == "M AA CH AH"


def test_a_word_without_a_pronunciation_is_left_out() -> None:
    assert pronounce(["zzyx"], {}) == {}


@pytest.mark.parametrize(
    ("word", "american", "british"),
    [
        ("matter", "M AE T ER", "M AE T AH"),
        ("stop", "S T AA P", "S T AO P"),
        ("heart", "HH AA R T", "HH AA T"),
        ("near", "N IH R", "N IH AH"),
        ("answer", "AE N S ER", "AA N S AH"),
        ("bath", "B AE TH", "B AA TH"),
        ("help", "HH EH L P", "HH EH OW P"),
        ("cells", "S EH L Z", "S EH L Z"),
        ("memory", "M EH M ER IY", "M EH M AH R IY"),
        ("work", "W ER K", "W ER K"),
        ("cat", "K AE T", "K AE T"),
    ],
)
def test_a_word_also_has_its_british_pronunciation(word: str, american: str, british: str) -> None:
    assert {american, british} <= set(pronounce([word], {word: [american]})[word])


def test_dictionary_lines_number_the_variants_of_a_word() -> None:
    lines = list(dictionary_lines({"tea": ["T IY", "T EY"], "a": ["AH"]}))
    assert lines == ["a AH\n", "tea T IY\n", "tea(2) T EY\n"]
