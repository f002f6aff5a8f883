from __future__ import annotations

from pathlib import Path

import pytest

from skill.content import Article, Sentence, digest_of, find_problems, load_article, read_content
from skill.errors import ContentError


def test_an_answer_is_read_with_all_its_fields(article: Article) -> None:
    black = article.answers["black"]
    assert black.intent == "BlackTeaIntent"
    assert black.says == (
        Sentence("Black tea is made of leaves that are left to brown.", ("p1.s2",)),
    )
    assert len(black.parts) == 2
    assert black.locators == {"p1.s2"}
    assert (black.leads_to, black.about, black.why) == ("evening", "black tea", "green")
    assert black.templates[-1] == "[about|tell me about] black tea"


def test_the_other_parts_of_an_article_are_read(article: Article) -> None:
    assert (article.id, article.title, article.author) == ("tea", "Tea and sleep", "Dr. Example")
    assert next(iter(article.outline)) == "p1.s1"
    assert [o.locator for o in article.outline.values() if not o.states] == ["p3.s1"]
    assert article.intent_answers["BlackTeaIntent"] == "black"
    (choice,) = article.choices
    assert choice.answers == {"adults": "adults", "children": "children"}
    assert [gap.id for gap in article.known_gaps] == ["price"]
    assert list(article.terms["green_tea"].names()) == [
        ("green_tea", "green tea"),
        ("green_tea", "sencha"),
        ("green_tea", "matcha"),
    ]
    assert article.terms["drinker"].type_name == "DRINKER"
    assert "MedicalAdviceIntent" in [command.intent for command in article.commands]


def test_a_locale_replaces_single_prompts_and_brings_phones(article: Article) -> None:
    assert list(article.locales) == ["en-GB", "en-US"]
    british, common = article.locales["en-GB"], article.default_locale
    differ = {name for name in common.prompts if british.prompts[name] != common.prompts[name]}
    assert differ == {"danger_helpline"}
    assert "Samaritans" in british.prompt("danger_helpline")
    assert british.phones["emergency"] == "999"


def test_a_sound_article_has_no_problem(copied_content: Path) -> None:
    content = read_content(copied_content)
    assert content.problems == ()
    assert find_problems(content.article, content.lines) == []
    assert content.lines["answer green"] == ("tea/answers.yaml", 2)


def test_a_reference_to_nothing_is_left_to_the_build(copied_content: Path) -> None:
    answers = copied_content / "answers.yaml"
    text = answers.read_text(encoding="utf-8")
    answers.write_text(text.replace("leads_to: evening", "leads_to: nowhere"), encoding="utf-8")
    assert load_article(copied_content).answers["black"].leads_to == "nowhere"


@pytest.mark.parametrize(("name", "says"), [("gone", "no such folder"), ("a.txt", "not a folder")])
def test_a_folder_that_cannot_be_read_is_named(name: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("text")
    with pytest.raises(ContentError, match=says):
        load_article(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("answers.yaml", True),
        ("locales/en-GB.yaml", True),
        ("examples.yaml", True),
        ("store.yaml", False),
        ("notes.txt", False),
        ("locales/README.yaml", False),
    ],
)
def test_the_digest_changes_with_what_models_are_compiled_from(
    name: str, changes: bool, copied_content: Path
) -> None:
    before = digest_of(copied_content)
    with (copied_content / name).open("a") as file:
        file.write("\n# edited\n")
    assert (digest_of(copied_content) != before) is changes
