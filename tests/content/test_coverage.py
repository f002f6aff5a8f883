from __future__ import annotations

from dataclasses import replace

from skill.content import Article, measure_coverage, summarise


def test_the_sentences_and_the_answers_that_cite_them(article: Article) -> None:
    coverage = measure_coverage(article)
    assert coverage.citing["p1.s2"] == ("black",)
    assert coverage.citing["p3.s1"] == ()
    assert coverage.unsaid == ()  # p3.s1 states nothing
    assert coverage.samples["green"] == 7
    assert set(coverage.thin) == set(article.answers)  # the tea article is small


def test_a_sentence_that_no_answer_cites_is_unsaid(article: Article) -> None:
    answers = {name: answer for name, answer in article.answers.items() if name != "evening"}
    short = replace(article, answers=answers)
    coverage = measure_coverage(short)
    assert coverage.unsaid == ("p2.s1",)
    lines = summarise(short, coverage).splitlines()
    assert lines[0] == "4 of 5 sentences that state something are said by an answer"
    assert "unsaid: p2.s1: The author drinks none after six." in lines
    assert any(line.startswith('hard to reach: answer "green" has 7 samples') for line in lines)
