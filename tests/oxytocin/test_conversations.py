from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
import yaml

from skill.memory import NoMemory
from skill.memory.sqlite import SqliteMemory
from skill.settings import Settings
from skill.simulator.device import Device
from skill.simulator.runtime import Runtime
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
def test_help_in_danger_is_that_of_the_listeners_country(
    locale: str, emergency: str, helpline: str, settings: Settings
) -> None:
    abroad = Runtime(dataclasses.replace(settings, locale=locale), NoMemory())
    exchange = abroad.device().say("I want to kill myself")
    assert f'<say-as interpret-as="telephone">{emergency}</say-as>' in exchange.ssml
    assert helpline in exchange.speech
    assert exchange.answer is None


def test_a_first_welcome_has_the_disclaimer_and_a_later_one_is_short(settings: Settings) -> None:
    first = Runtime(settings, SqliteMemory(settings.memory)).device().launch()
    second = Runtime(settings, SqliteMemory(settings.memory)).device().launch()
    assert "not medical advice" in first.speech
    assert "not medical advice" not in second.speech
    assert "Welcome back" in second.speech


def test_whoever_began_with_a_question_still_hears_the_disclaimer(settings: Settings) -> None:
    memory = SqliteMemory(settings.memory.with_name("one-shot.sqlite3"))
    Runtime(settings, memory).device().say("what is a sex blush")
    assert "not medical advice" in Runtime(settings, memory).device().launch().speech


def test_a_listener_of_an_unknown_locale_hears_no_foreign_number(runtime: Runtime) -> None:
    intent = {"name": "DangerIntent"}
    request = {"type": "IntentRequest", "locale": "de-DE", "intent": intent}
    response: Any = runtime.skill.respond({"request": request})
    ssml = response["response"]["outputSpeech"]["ssml"]
    assert "your local emergency number" in ssml
    assert "911" not in ssml


def test_after_the_last_part_next_and_read_start_something_new(device: Device) -> None:
    exchange = device.say("read me the article")
    while "Shall I go on?" in exchange.speech:
        exchange = device.say("next")
    exchange = device.say("read me the article")
    assert "Part 1." in exchange.speech
    while "Shall I go on?" in exchange.speech:
        exchange = device.say("next")
    assert "You can ask about" in device.say("next").speech


def test_reading_goes_on_where_it_stopped_in_another_session(settings: Settings) -> None:
    memory = SqliteMemory(settings.memory.with_name("reading.sqlite3"))
    device = Runtime(settings, memory).device()
    for utterance in ("read me the article", "next", "next", "stop"):
        device.say(utterance)
    later = Runtime(settings, memory).device()
    offer = later.say("read me the article")
    assert "stopped after part 3" in offer.speech
    assert "Part 4" in later.say("yes").speech
    again = Runtime(settings, memory).device()
    again.say("read me the article")
    assert "Part 1." in again.say("no").speech


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("continue", "Part 3."),
        ("next", "Part 3."),
        ("tell me more", "Part 3."),
        ("resume the article", "Part 3."),
        ("from the beginning", "Part 1."),
    ],
)
def test_an_offer_to_read_on_is_taken_in_any_words(
    said: str, told: str, settings: Settings, tmp_path: Path
) -> None:
    memory = SqliteMemory(tmp_path / "offer.sqlite3")
    device = Runtime(settings, memory).device()
    for utterance in ("read me the article", "next", "stop"):
        device.say(utterance)
    assert "stopped after part 2" in device.say("read me the article").speech
    assert told in device.say(said).speech


def test_reading_to_the_end_says_so_and_starts_anew_next_time(settings: Settings) -> None:
    memory = SqliteMemory(settings.memory.with_name("end.sqlite3"))
    device = Runtime(settings, memory).device()
    exchange = device.say("read me the article")
    heard = [exchange.answer]
    while "Shall I go on?" in exchange.speech:
        exchange = device.say("next")
        heard.append(exchange.answer)
    assert "last part" in exchange.speech
    assert tuple(heard) == device_reading(settings)
    assert "Part 1." in Runtime(settings, memory).device().say("read me the article").speech


def device_reading(settings: Settings) -> tuple[str, ...]:
    about = yaml.safe_load((settings.content / "article.yaml").read_text(encoding="utf-8"))
    return tuple(about["reading"])


def test_topics_are_all_told_once_and_the_last_helping_asks(device: Device) -> None:
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
        exchange = device.say(first_sample(runtime, answer.intent))
        while exchange.answer == answer.id:
            sources.update(exchange.sources)
            exchange = device.say("tell me more")
        assert sources == set(answer.locators), answer.id
        assert "all I have on" in exchange.speech


def first_sample(runtime: Runtime, intent: str) -> str:
    return next(utterance for name, utterance in runtime.nlu.utterances() if name == intent)


def test_a_card_carries_title_text_and_source(device: Device) -> None:
    exchange = device.say("does oxytocin help wounds")
    card = exchange.response["response"]["card"]
    assert card["title"] == "Wounds and the immune system"
    assert "immune system" in card["content"]
    assert "Source: Oxytocin and sexual health, by Dr. Castellanos, p5.s5." in card["content"]


def test_a_lost_memory_does_not_take_the_answer_away(settings: Settings) -> None:
    folder = settings.memory.parent / "a-folder"
    folder.mkdir(exist_ok=True)
    exchange = Runtime(settings, SqliteMemory(folder)).device().launch()
    assert "Welcome to" in exchange.speech
    broken = settings.memory.with_name("broken.sqlite3")
    broken.write_bytes(b"not a database at all, whatever its name says" * 100)
    exchange = Runtime(settings, SqliteMemory(broken)).device().say("what is oxytocin")
    assert exchange.answer == "what_is"


def test_no_user_id_is_stored(settings: Settings) -> None:
    path = settings.memory.with_name("private.sqlite3")
    exchange = Runtime(settings, SqliteMemory(path)).device().launch()
    user: Any = exchange.request["session"]
    assert user["user"]["userId"].encode() not in path.read_bytes()


def test_session_attributes_stay_small_through_a_long_conversation(device: Device) -> None:
    from json import dumps

    for utterance in ("launch", "read me the article", "next", "what can i ask", "yes", "help"):
        exchange = device.say(utterance)
        assert len(dumps(exchange.response["sessionAttributes"])) < 2_000
