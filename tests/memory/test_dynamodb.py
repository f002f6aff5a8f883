from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from skill.errors import AskableError
from skill.memory import open_memory
from skill.memory.dynamodb import DynamoMemory
from skill.settings import Settings
from skill.simulator import Runtime
from tests.support.listening import ANN, Listening, is_known, reads_two_parts, skill_of


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


def test_a_given_key_is_not_in_the_table(runtime: Runtime, table: Any) -> None:
    reads_two_parts(skill_of(runtime, DynamoMemory(table.name, "secret")))
    assert is_known(skill_of(runtime, DynamoMemory(table.name, "secret")))
    assert not is_known(skill_of(runtime, DynamoMemory(table.name, "other")))
    items = table.scan()["Items"]
    assert all("attributes" in item for item in items)


def test_a_missing_region_is_an_error_at_the_start(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # AWS's own variables, unset: that is the mistake.
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(AskableError, match="set AWS_DEFAULT_REGION"):
        open_memory(replace(settings, dynamodb_table="any"))


@pytest.mark.parametrize("listens", [False, True], ids=["gone", "silent"])
def test_a_table_that_never_responds_does_not_stop_a_response(
    listens: bool, aws: Any, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        # AWS's own variable, read when the connection is made.
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", address)
        if not listens:
            silent.close()
        skill = skill_of(runtime, DynamoMemory("any", "key"))
        assert "not left to brown" in Listening(skill).say("GreenTeaIntent")
