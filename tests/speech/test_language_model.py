from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.simulator import Runtime, expected_utterances, read_language_model
from skill.speech.recognition import pronounceable, to_arpa
from skill.speech.recognition.language_model import words_in

_UTTERANCE = st.lists(st.sampled_from("abcde"), min_size=1, max_size=6).map(" ".join)


@given(st.lists(_UTTERANCE, min_size=1, max_size=12))
def test_the_probabilities_after_each_history_add_up_to_one(utterances: list[str]) -> None:
    arpa = to_arpa(Counter(utterances))
    grams: dict[tuple[str, ...], tuple[float, float]] = {}
    for line in arpa.splitlines():
        fields = line.split()
        if fields and _is_number(fields[0]):
            has_weight = len(fields) > 2 and _is_number(fields[-1])
            gram = tuple(fields[1:-1] if has_weight else fields[1:])
            grams[gram] = (10 ** float(fields[0]), 10 ** float(fields[-1]) if has_weight else 1.0)

    def probability(gram: tuple[str, ...]) -> float:
        if gram in grams:
            return grams[gram][0]
        return grams.get(gram[:-1], (0.0, 1.0))[1] * probability(gram[1:])

    words = {word for utterance in utterances for word in utterance.split()}
    assert words_in(arpa) == words
    for history in {gram[:-1] for gram in grams if len(gram) > 1}:
        following = [(*history, word) for word in (*words, "</s>")]
        assert sum(map(probability, following)) == pytest.approx(1.0, abs=0.01)


def _is_number(field: str) -> bool:
    return field.lstrip("-").replace(".", "").isdigit()


def test_what_counts_more_is_more_probable() -> None:
    arpa = to_arpa({"black tea": 10, "green tea": 1})
    lines = {tuple(line.split()[1:3]): float(line.split()[0]) for line in _bigrams(arpa)}
    assert lines["<s>", "black"] > lines["<s>", "green"]


def _bigrams(arpa: str) -> list[str]:
    return arpa.partition("\\2-grams:\n")[2].partition("\n\n")[0].splitlines()


def test_the_language_model_file_is_made_of_the_content(runtime: Runtime) -> None:
    counts = pronounceable(expected_utterances(runtime), runtime.article.pronunciations)
    digest, _, model = read_language_model(runtime).partition("\n")
    assert (digest, model) == (runtime.digest, to_arpa(counts))
