from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from skill.alexa import Skill, load_skill
from skill.alexa.skill import TolerantSerializer
from skill.conversation import Reply, from_ssml
from skill.errors import ContentError, StaleError
from skill.memory import NoMemory
from skill.settings import Settings
from skill.simulator import Runtime


@pytest.fixture(scope="module")
def skill(runtime: Runtime) -> Skill:
    return runtime.skill


def _speech(skill: Skill, intent: str, **slots: str) -> str:
    sent = {slot: {"name": slot, "value": value} for slot, value in slots.items()}
    request = {"type": "IntentRequest", "locale": "en-US", "intent": {"name": intent}}
    response: Any = skill.respond(
        {"request": {**request, "intent": {"name": intent, "slots": sent}}}
    )
    return from_ssml(response["response"]["outputSpeech"]["ssml"])


def test_a_loaded_skill_answers_a_question_with_its_sources(settings: Settings) -> None:
    reply = load_skill(settings).ask("what is black tea")
    assert isinstance(reply, Reply)
    assert reply.answer == "black"
    assert reply.sources == ("p1.s2",)
    assert reply.keeps_session_open


def test_a_question_is_answered_in_the_words_of_a_locale(skill: Skill) -> None:
    assert "999" in skill.ask("i want to die", locale="en-GB").speech
    assert "local emergency" in skill.ask("i want to die", locale="de-DE").speech


def test_questions_without_an_answer_are_logged_where_that_is_set(
    settings: Settings, tmp_path: Path
) -> None:
    log = tmp_path / "misses.txt"
    skill = load_skill(replace(settings, misses=log))
    assert "nothing about" in _speech(skill, "SearchIntent", query="who won the football")
    assert log.read_text(encoding="utf-8") == "who won the football\n"


def test_malformed_content_is_refused(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(ContentError):
        load_skill(replace(settings, content=tmp_path))


def test_the_matcher_is_loaded_when_free_text_comes_and_only_once(runtime: Runtime) -> None:
    loads = []

    def load() -> Any:
        loads.append(1)
        return runtime.matcher

    skill = Skill(runtime.article, load, NoMemory())
    assert "left to brown" in _speech(skill, "BlackTeaIntent")
    assert loads == []
    for _ in range(2):
        _speech(skill, "SearchIntent", query="who won the football")
    assert loads == [1]


def test_without_a_current_matcher_only_free_text_gets_no_answer(
    settings: Settings, tmp_path: Path
) -> None:
    skill = load_skill(replace(settings, models=tmp_path))
    assert "left to brown" in _speech(skill, "BlackTeaIntent")
    assert "went wrong" in _speech(skill, "SearchIntent", query="who won the football")
    with pytest.raises(StaleError, match="askable build"):
        _ = skill.matcher


@pytest.mark.parametrize("body", [None, "", "not json", "[1]", "[" * 100_000, '{"request": 3}'])
def test_any_body_is_an_envelope_of_an_unknown_request(body: str | None) -> None:
    envelope = TolerantSerializer().deserialize(body, object)
    assert envelope.request.intent.name == "UnknownRequest"


def test_an_unknown_request_gets_help(skill: Skill) -> None:
    response: Any = skill.respond({"request": {"type": "Dialog.API.Invoked"}})
    assert "answer questions" in from_ssml(response["response"]["outputSpeech"]["ssml"])


def test_a_choice_without_its_slot_asks_for_it(skill: Skill) -> None:
    assert _speech(skill, "TeaForWhomIntent") == "For adults, or for children?"


@pytest.mark.parametrize("value", ["coffee", "the weather", "football"])
def test_a_slot_value_that_alexa_could_not_resolve_gets_no_fact(value: str, skill: Skill) -> None:
    assert "nothing about that" in _speech(skill, "GreenTeaIntent", green_tea=value)


@pytest.mark.parametrize("query", ["danger", "hurting me every night", "kill myself"])
def test_danger_is_recognised_where_a_carrier_phrase_took_its_first_word(
    query: str, skill: Skill
) -> None:
    assert "911" in _speech(skill, "SearchIntent", query=query)
