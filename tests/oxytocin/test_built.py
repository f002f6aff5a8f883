from __future__ import annotations

import pytest

from skill.content import Article, compare_with_source, load_article, word_count
from skill.content.coverage import FEW_SAMPLES, FEW_TEMPLATES
from skill.conversation import Reply
from skill.tools.build import Built, build, check
from tests.conftest import REPO
from tests.oxytocin.conftest import OXYTOCIN

SOURCE = REPO.parent / "shared" / "article" / "sentences.tsv"


@pytest.fixture(scope="module")
def built() -> Built:
    return build(OXYTOCIN)


@pytest.fixture(scope="module")
def article() -> Article:
    return load_article(OXYTOCIN)


def test_the_files_in_the_repository_are_what_the_content_compiles_to(built: Built) -> None:
    check(built, REPO / "interaction_model", REPO / "docs")


def test_every_sentence_that_states_something_is_said_by_an_answer(built: Built) -> None:
    assert built.coverage.unsaid == ()
    assert built.coverage.citing["p1.s5"] == ()  # a bare question


def test_every_answer_can_be_asked_for_in_many_ways(built: Built) -> None:
    assert built.coverage.thin == ()
    assert min(built.coverage.samples.values()) >= FEW_SAMPLES
    assert min(len(answer.asks) for answer in built.article.answers.values()) >= FEW_TEMPLATES


def test_every_part_has_at_most_45_words_and_names_its_sources(article: Article) -> None:
    for answer in article.answers.values():
        for part in answer.parts:
            assert word_count(Reply(part).speech) <= 45
            assert all(sentence.sources for sentence in part)


def test_the_first_part_of_every_answer_attributes_its_claims(article: Article) -> None:
    plain = {"other_name", "blush_looks", "follow"}  # names and looks, not claims
    for answer in article.answers.values():
        speech = Reply(answer.says).speech
        attributed = any(word in speech for word in ("Castellanos", "She ", "she ", "Her "))
        assert attributed or answer.id in plain, answer.id


@pytest.mark.skipif(not SOURCE.exists(), reason="the article is not part of the repo")
def test_the_content_agrees_with_the_article_itself(built: Built) -> None:
    assert compare_with_source(built.article, built.coverage, SOURCE) == []
