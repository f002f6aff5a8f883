from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from skill.aws.endpoint import SKILL_ID, TABLE, make_handler
from skill.aws.packed import ARTICLE_FILE
from skill.content.article_json import article_to_json
from skill.errors import AskableError
from skill.memory import open_memory
from skill.memory.dynamodb import DynamoMemory
from skill.settings import Settings
from skill.simulator.runtime import Runtime
from tests.support.listening import ANN, BOB, OURS, Listening, is_known, reads_two_parts, skill_of


@pytest.fixture
def table(aws: Any, request: pytest.FixtureRequest) -> Any:
    return aws.create_table(
        TableName=f"listeners-{abs(hash(request.node.name))}",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


@pytest.fixture(params=["sqlite", "dynamodb"])
def chosen(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Settings:
    """Settings that choose each store in turn."""
    if request.param == "sqlite":
        return replace(settings, memory=tmp_path / "memory.sqlite3")
    return replace(settings, dynamodb_table=request.getfixturevalue("table").name)


def test_each_listener_is_remembered_by_any_worker(chosen: Settings, runtime: Runtime) -> None:
    reads_two_parts(skill_of(runtime, open_memory(chosen)))
    other_worker = skill_of(runtime, open_memory(chosen))
    assert is_known(other_worker)
    assert not is_known(other_worker, BOB)


def test_what_was_told_before_is_not_offered_again(chosen: Settings, runtime: Runtime) -> None:
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
def test_a_listener_asks_in_plain_words_to_be_forgotten(runtime: Runtime, said: str) -> None:
    exchange = runtime.device().say(said)
    assert exchange.intent == "ForgetIntent"
    assert "I have deleted" in exchange.speech
    assert exchange.session_open


@pytest.mark.parametrize("said", ["forget it", "never mind", "forget about men what about women"])
def test_what_only_sounds_like_it_deletes_nothing(runtime: Runtime, said: str) -> None:
    assert "deleted" not in runtime.device().say(said).speech


def test_disabling_the_skill_deletes_and_is_answered_with_nothing(
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


def test_a_request_without_a_user_is_answered_and_nothing_is_stored(
    chosen: Settings, runtime: Runtime
) -> None:
    skill = skill_of(runtime, open_memory(chosen))
    reads_two_parts(skill, "")
    assert not is_known(skill, "")
    assert "I have deleted" in Listening(skill, "").say("ForgetIntent")


def test_no_user_id_is_in_the_table_and_the_key_is_made_once(runtime: Runtime, table: Any) -> None:
    with ThreadPoolExecutor(4) as workers:
        users = [f"{ANN}{number}" for number in range(3)]
        memories = [DynamoMemory(table.name, None) for _ in users]
        talks = [
            (skill_of(runtime, memory), user) for memory, user in zip(memories, users, strict=True)
        ]
        list(workers.map(lambda talk: reads_two_parts(*talk), talks))
    skill = skill_of(runtime, DynamoMemory(table.name, None))
    assert all(is_known(skill, user) for user in users)
    items = table.scan()["Items"]
    assert len(items) == 1 + len(users)
    assert "amzn1" not in str(items)


def test_a_key_that_is_given_is_not_in_the_table(runtime: Runtime, table: Any) -> None:
    reads_two_parts(skill_of(runtime, DynamoMemory(table.name, "secret")))
    assert is_known(skill_of(runtime, DynamoMemory(table.name, "secret")))
    assert not is_known(skill_of(runtime, DynamoMemory(table.name, "other")))
    items = table.scan()["Items"]
    assert all("attributes" in item for item in items)


def test_lambda_remembers_where_a_table_is_named(
    runtime: Runtime, table: Any, tmp_path: Path
) -> None:
    (tmp_path / ARTICLE_FILE).write_text(article_to_json(runtime.article), encoding="utf-8")
    handler = make_handler(tmp_path, {SKILL_ID: OURS, TABLE: table.name})
    reads_two_parts(lambda event: handler(event, None))
    again = make_handler(tmp_path, {SKILL_ID: OURS, TABLE: table.name})
    assert is_known(lambda event: again(event, None))
    forgetful = make_handler(tmp_path, {SKILL_ID: OURS})
    assert not is_known(lambda event: forgetful(event, None))


def test_a_table_without_a_region_is_told_at_the_start(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # AWS's own variables, unset: that is the mistake.
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(AskableError, match="set AWS_DEFAULT_REGION"):
        open_memory(replace(settings, dynamodb_table="any"))
