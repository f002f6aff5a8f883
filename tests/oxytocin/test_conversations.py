"""Conversations about the shipped article, in the words that its content provides."""

from __future__ import annotations

from dataclasses import replace
from json import dumps
from pathlib import Path
from typing import Any

import pytest

from skill.memory import NoMemory
from skill.memory.sqlite import SqliteMemory
from skill.settings import Settings
from skill.simulator import Device, Runtime
from tests.support.conversations import check_conversation, read_conversations

CASES = read_conversations(Path(__file__).with_name("conversations.yaml"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_conversation_goes_as_written(case: dict[str, Any], device: Device) -> None:
    check_conversation(device, case["turns"])


@pytest.mark.parametrize(
    ("locale", "emergency", "helpline"),
    [
        ("en-US", "911", "988"),
        ("en-CA", "911", "988"),
        ("en-GB", "999", "116 123"),
        ("en-AU", "000", "13 11 14"),
        ("en-IN", "112", "14416"),
    ],
)
def test_a_listener_in_danger_hears_the_numbers_of_the_country(
    locale: str, emergency: str, helpline: str, settings: Settings
) -> None:
    abroad = Runtime(replace(settings, locale=locale), NoMemory())
    exchange = abroad.device().say("I want to kill myself")
    assert f'<say-as interpret-as="telephone">{emergency}</say-as>' in exchange.ssml
    assert helpline in exchange.speech
    assert exchange.answer is None


def test_a_listener_of_an_unknown_locale_hears_no_foreign_number(runtime: Runtime) -> None:
    intent = {"name": "DangerIntent"}
    request = {"type": "IntentRequest", "locale": "de-DE", "intent": intent}
    response: Any = runtime.skill.respond({"request": request})
    ssml = response["response"]["outputSpeech"]["ssml"]
    assert "your local emergency number" in ssml
    assert not any(digit.isdigit() for digit in ssml)


def test_only_the_first_welcome_has_the_disclaimer(settings: Settings, tmp_path: Path) -> None:
    memory = SqliteMemory(tmp_path / "memory.sqlite3")
    Runtime(settings, memory).device().say("what is a sex blush")
    first = Runtime(settings, memory).device().launch()
    second = Runtime(settings, memory).device().launch()
    assert "not medical advice" in first.speech  # a question alone is not a welcome
    assert "not medical advice" not in second.speech
    assert "Welcome back" in second.speech


def _read_to_the_end(device: Device) -> list[str | None]:
    """Read the article from its first part; returns the answers that were read."""
    exchange = device.say("read me the article")
    read = [exchange.answer]
    while "Shall I go on?" in exchange.speech:
        exchange = device.say("next")
        read.append(exchange.answer)
    assert "last part" in exchange.speech
    return read


def test_the_article_is_read_to_its_end_and_starts_over_after_that(runtime: Runtime) -> None:
    device = runtime.device()
    assert tuple(_read_to_the_end(device)) == runtime.article.reading
    assert "Part 1." in device.say("read me the article").speech
    device = runtime.device()
    _read_to_the_end(device)
    assert "You can ask about" in device.say("next").speech


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("yes", "Part 3."),
        ("continue", "Part 3."),
        ("next", "Part 3."),
        ("tell me more", "Part 3."),
        ("resume the article", "Part 3."),
        ("no", "Part 1."),
        ("from the beginning", "Part 1."),
    ],
)
def test_reading_is_resumed_in_another_session_in_any_words(
    said: str, told: str, settings: Settings, tmp_path: Path
) -> None:
    memory = SqliteMemory(tmp_path / "memory.sqlite3")
    device = Runtime(settings, memory).device()
    for utterance in ("read me the article", "next", "stop"):
        device.say(utterance)
    later = Runtime(settings, memory).device()
    assert "stopped after part 2" in later.say("read me the article").speech
    assert told in later.say(said).speech


def test_each_topic_is_listed_once_and_the_last_list_asks(device: Device) -> None:
    exchange = device.say("what can i ask")
    told = [exchange.speech]
    while "more ideas" in exchange.speech:
        exchange = device.say("yes")
        told.append(exchange.speech)
        assert len(told) < 30
    assert "finally" in told[-1]
    assert len(set(told)) == len(told)


def test_every_answer_is_told_to_its_last_part_by_tell_me_more(runtime: Runtime) -> None:
    for answer in runtime.article.answers.values():
        device = runtime.device()
        sources: set[str] = set()
        exchange = device.say(_first_sample(runtime, answer.intent))
        while exchange.answer == answer.id:
            sources.update(exchange.sources)
            exchange = device.say("tell me more")
        assert sources == set(answer.locators), answer.id
        assert "all I have on" in exchange.speech


def _first_sample(runtime: Runtime, intent: str) -> str:
    return next(utterance for name, utterance in runtime.nlu.utterances() if name == intent)


def test_a_card_has_the_title_the_text_and_the_source(device: Device) -> None:
    exchange = device.say("does oxytocin help wounds")
    assert exchange.card is not None
    assert exchange.card.title == "Wounds and the immune system"
    assert "immune system" in exchange.card.text
    assert "Source: Oxytocin and sexual health, by Dr. Castellanos, p5.s5." in exchange.card.text


def test_session_attributes_stay_small_through_a_long_conversation(device: Device) -> None:
    device.launch()
    for utterance in ("read me the article", "next", "what can i ask", "yes", "help"):
        exchange = device.say(utterance)
        assert len(dumps(exchange.response["sessionAttributes"])) < 2_000
