from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from skill.alexa import MODEL_FILE, compile_model, load_interaction_model, to_json
from skill.content import OWN_INTENTS, Article
from skill.content.model import CommandIntent
from skill.errors import StaleError


def _language_model(article: Article) -> Any:
    model: Any = compile_model(article)
    return model["interactionModel"]["languageModel"]


def _intent(article: Article, name: str) -> Any:
    (intent,) = (i for i in _language_model(article)["intents"] if i["name"] == name)
    return intent


def test_every_answer_choice_and_command_is_an_intent(article: Article) -> None:
    names = [intent["name"] for intent in _language_model(article)["intents"]]
    assert len(names) == len(set(names))
    expected = {
        *(answer.intent for answer in article.answers.values()),
        *(choice.intent for choice in article.choices),
        *OWN_INTENTS,
        "AMAZON.FallbackIntent",
        "AMAZON.NavigateHomeIntent",
    }
    assert set(names) == expected


def test_an_intent_has_the_samples_of_its_templates_once_and_its_slots(article: Article) -> None:
    assert _intent(article, "GreenTeaIntent") == {
        "name": "GreenTeaIntent",
        "slots": [{"name": "green_tea", "type": "GREEN_TEA"}],
        "samples": [
            "what is {green_tea}",
            "what's {green_tea}",
            "is {green_tea} a tea",
            "how is {green_tea} made",
            "about green tea",
            "tell me about green tea",
            "green tea",
        ],
    }


def test_samples_of_an_intent_that_is_written_twice_add_up(article: Article) -> None:
    before = _intent(article, "AMAZON.HelpIntent")["samples"]
    again = CommandIntent("AMAZON.HelpIntent", ("what are my choices",))
    twice = replace(article, commands=(*article.commands, again))
    assert _intent(twice, "AMAZON.HelpIntent")["samples"] == [*before, "what are my choices"]


def test_an_intent_of_alexas_own_has_no_slots(article: Article) -> None:
    assert set(_intent(article, "AMAZON.HelpIntent")) == {"name", "samples"}
    assert _intent(article, "AMAZON.FallbackIntent")["samples"] == []


def test_free_text_is_a_search_query(article: Article) -> None:
    slots = _intent(article, "SearchIntent")["slots"]
    assert slots == [{"name": "query", "type": "AMAZON.SearchQuery"}]


def test_a_term_is_a_slot_type_with_ids_and_synonyms(article: Article) -> None:
    types = {kind["name"]: kind["values"] for kind in _language_model(article)["types"]}
    assert set(types) == {"GREEN_TEA", "DRINKER"}
    assert types["DRINKER"][1] == {
        "id": "children",
        "name": {"value": "children", "synonyms": ["kids", "a child"]},
    }


def test_a_term_that_no_template_uses_is_left_out(article: Article) -> None:
    without = replace(article, choices=())
    assert [kind["name"] for kind in _language_model(without)["types"]] == ["GREEN_TEA"]


def test_a_type_of_alexas_own_is_used_and_not_defined(article_with_number: Article) -> None:
    intent = _intent(article_with_number, "ReadPartIntent")
    assert intent["slots"] == [{"name": "number", "type": "AMAZON.NUMBER"}]
    names = [kind["name"] for kind in _language_model(article_with_number)["types"]]
    assert names == ["GREEN_TEA", "DRINKER"]


def test_an_article_without_known_gaps_has_no_intent_for_them(article: Article) -> None:
    intents = _language_model(replace(article, known_gaps=()))["intents"]
    assert "NotInArticleIntent" not in [intent["name"] for intent in intents]


def test_a_model_is_read_back_as_written(article: Article, tmp_path: Path) -> None:
    (tmp_path / MODEL_FILE).write_text(to_json(compile_model(article)), encoding="utf-8")
    assert load_interaction_model(tmp_path) == json.loads(to_json(compile_model(article)))


@pytest.mark.parametrize("content", [None, b"{", b"\xff"])
def test_a_missing_or_malformed_model_asks_for_a_build(
    content: bytes | None, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / MODEL_FILE).write_bytes(content)
    with pytest.raises(StaleError, match=rf"{MODEL_FILE}: .*run `askable build`"):
        load_interaction_model(tmp_path)
