from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ask_sdk_core.attributes_manager import AbstractPersistenceAdapter

from skill.memory import open_memory
from skill.memory.dynamodb import DynamoMemory
from skill.memory.sqlite import SqliteMemory
from skill.settings import Settings
from skill.simulator import Runtime
from tests.support.listening import ANN, BOB, OURS, Listening, is_known, reads_two_parts, skill_of


@pytest.fixture(params=["sqlite", "dynamodb"])
def chosen(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Settings:
    """Settings with each store in turn."""
    if request.param == "sqlite":
        return replace(settings, memory=tmp_path / "memory.sqlite3")
    return replace(settings, dynamodb_table=request.getfixturevalue("table").name)


def test_every_worker_remembers_a_listener(chosen: Settings, runtime: Runtime) -> None:
    reads_two_parts(skill_of(runtime, open_memory(chosen)))
    other_worker = skill_of(runtime, open_memory(chosen))
    assert is_known(other_worker)
    assert not is_known(other_worker, BOB)


def test_an_answer_that_was_told_is_not_offered_again(chosen: Settings, runtime: Runtime) -> None:
    answers = runtime.article.answers
    first = next(
        answer
        for answer in answers.values()
        if answer.leads_to and answers[answer.leads_to].leads_to not in ("", answer.id)
    )
    told = answers[first.leads_to]
    skill = skill_of(runtime, open_memory(chosen))

    def offer_after(user: str) -> str:
        listening = Listening(skill, user)
        listening.say(first.intent)
        while listening.attributes.get("offer") == "more":
            listening.say("AMAZON.MoreIntent")
        offered = str(listening.attributes.get("offer"))
        listening.say("AMAZON.NextIntent")
        assert f"answer:{listening.attributes['told']['answer']}" == offered
        return offered

    Listening(skill).say(told.intent)
    assert offer_after(BOB) == f"answer:{told.id}"
    assert offer_after(ANN) == f"answer:{told.leads_to}"


def test_forget_me_deletes_what_is_stored_and_says_so(chosen: Settings, runtime: Runtime) -> None:
    skill = skill_of(runtime, open_memory(chosen))
    Listening(skill).launch()
    reads_two_parts(skill)
    reads_two_parts(skill, BOB)
    assert "I have deleted" in Listening(skill).say("ForgetIntent")
    assert not is_known(skill)
    assert "not medical advice" in Listening(skill).launch()
    assert is_known(skill, BOB)


@pytest.mark.parametrize(
    "said", ["forget me", "delete my data", "forget what you know about me", "please forget me"]
)
def test_a_listener_can_ask_in_plain_words_to_be_forgotten(runtime: Runtime, said: str) -> None:
    exchange = runtime.device().say(said)
    assert exchange.intent == "ForgetIntent"
    assert "I have deleted" in exchange.speech
    assert exchange.session_open


@pytest.mark.parametrize(
    "said", ["forget it", "never mind", "forget about adults what about children"]
)
def test_similar_words_delete_nothing(runtime: Runtime, said: str) -> None:
    assert "deleted" not in runtime.device().say(said).speech


def test_disabling_the_skill_deletes_and_gets_an_empty_response(
    chosen: Settings, runtime: Runtime
) -> None:
    skill = skill_of(runtime, open_memory(chosen))
    reads_two_parts(skill)
    reads_two_parts(skill, BOB)
    request = {
        "type": "AlexaSkillEvent.SkillDisabled",
        "requestId": "x",
        "timestamp": "2026-01-01T00:00:00Z",
        "eventCreationTime": "2026-01-01T00:00:00Z",
        "body": {"userInformationPersistenceStatus": "NOT_PERSISTED"},
    }
    system = {"application": {"applicationId": OURS}, "user": {"userId": ANN}}
    event = {"version": "1.0", "context": {"System": system}, "request": request}
    assert skill(event)["response"] == {}
    assert not is_known(skill)
    assert is_known(skill, BOB)


def test_a_request_without_a_user_id_is_answered_and_nothing_is_stored(
    chosen: Settings, runtime: Runtime
) -> None:
    skill = skill_of(runtime, open_memory(chosen))
    reads_two_parts(skill, "")
    assert not is_known(skill, "")
    assert "I have deleted" in Listening(skill, "").say("ForgetIntent")


@pytest.fixture(params=["no such table", "a folder", "corrupt", "locked"])
def broken_store(
    request: pytest.FixtureRequest, aws: Any, tmp_path: Path
) -> Iterator[AbstractPersistenceAdapter]:
    path = tmp_path / "memory.sqlite3"
    if request.param == "no such table":
        yield DynamoMemory("no-such-table", "key")
    elif request.param == "a folder":
        yield SqliteMemory(tmp_path)
    elif request.param == "corrupt":
        path.write_bytes(b"SQLite format 3\0" + b"nonsense" * 1000)
        yield SqliteMemory(path)
    else:
        memory = SqliteMemory(path)
        memory.open_once()
        with closing(sqlite3.connect(path)) as other:
            other.execute("begin immediate")
            yield memory


@pytest.mark.slow
def test_a_broken_store_does_not_stop_a_response_and_is_logged_without_the_user_id(
    broken_store: AbstractPersistenceAdapter, runtime: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="askable")
    skill = skill_of(runtime, broken_store)
    assert "not left to brown" in Listening(skill).say("GreenTeaIntent")
    assert "could not delete" in Listening(skill).say("ForgetIntent")
    assert "memory cannot be" in caplog.text
    assert ANN not in caplog.text
