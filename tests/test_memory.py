from __future__ import annotations

import json
import logging
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from ask_sdk_core.attributes_manager import AbstractPersistenceAdapter
from ask_sdk_core.exceptions import PersistenceException
from ask_sdk_model import RequestEnvelope
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from moto.server import ThreadedMotoServer

from skill.article_json import article_to_json
from skill.dynamodb import DynamoMemory
from skill.errors import AskableError
from skill.handlers import Skill
from skill.lambda_endpoint import SKILL_ID, TABLE, make_handler
from skill.memory import open_memory
from skill.packed import ARTICLE_FILE
from skill.replies import from_ssml
from skill.settings import Settings
from skill.simulator.assemble import Speaker
from skill.sqlite import SqliteMemory
from tests.conftest import REPO

ANN, BOB = "amzn1.ask.account.ANN", "amzn1.ask.account.BOB"
OURS = "amzn1.ask.skill.ours"


class Listening:
    """One session of one listener."""

    def __init__(self, skill: Any, user: str = ANN) -> None:
        self._skill = skill
        self._user = user
        self.attributes: dict[str, Any] = {}

    def launch(self) -> str:
        return self._turn({"type": "LaunchRequest"})

    def say(self, intent: str) -> str:
        return self._turn({"type": "IntentRequest", "locale": "en-US", "intent": {"name": intent}})

    def _turn(self, request: dict[str, Any]) -> str:
        known = {"user": {"userId": self._user}, "application": {"applicationId": OURS}}
        session = {**known, "attributes": self.attributes}
        envelope = {"session": session, "context": {"System": known}, "request": request}
        response = self._skill(envelope)
        self.attributes = response["sessionAttributes"]
        return from_ssml(response["response"]["outputSpeech"]["ssml"])


@pytest.fixture(scope="module")
def aws() -> Iterator[Any]:
    """DynamoDB as moto plays it, on a port of its own."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as environ:  # AWS's own variables are how it is pointed there
        environ.setenv("AWS_ENDPOINT_URL_DYNAMODB", f"http://{host}:{port}")
        environ.setenv("AWS_DEFAULT_REGION", "us-east-1")
        environ.setenv("AWS_ACCESS_KEY_ID", "none")
        environ.setenv("AWS_SECRET_ACCESS_KEY", "none")
        yield boto3.session.Session().resource("dynamodb")
    server.stop()


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


def _skill(speaker: Speaker, memory: AbstractPersistenceAdapter) -> Any:
    return Skill(speaker.article, speaker.matcher.rank, memory).respond


def _reads_two_parts(skill: Any, user: str = ANN) -> None:
    listening = Listening(skill, user)
    listening.say("ReadArticleIntent")
    listening.say("AMAZON.NextIntent")


def _is_known(skill: Any, user: str = ANN) -> bool:
    return "stopped after part 2" in Listening(skill, user).say("ReadArticleIntent")


def test_each_listener_is_remembered_by_any_worker(chosen: Settings, speaker: Speaker) -> None:
    _reads_two_parts(_skill(speaker, open_memory(chosen)))
    other_worker = _skill(speaker, open_memory(chosen))
    assert _is_known(other_worker)
    assert not _is_known(other_worker, BOB)


def test_what_was_told_before_is_not_offered_again(chosen: Settings, speaker: Speaker) -> None:
    answers = speaker.article.answers
    first = next(
        answer
        for answer in answers.values()
        if answer.leads_to and answers[answer.leads_to].leads_to not in ("", answer.id)
    )
    told = answers[first.leads_to]
    skill = _skill(speaker, open_memory(chosen))

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


def test_forget_me_deletes_what_is_stored_and_says_so(chosen: Settings, speaker: Speaker) -> None:
    skill = _skill(speaker, open_memory(chosen))
    Listening(skill).launch()
    _reads_two_parts(skill)
    _reads_two_parts(skill, BOB)
    assert "I have deleted" in Listening(skill).say("ForgetIntent")
    assert not _is_known(skill)
    assert "not medical advice" in Listening(skill).launch()
    assert _is_known(skill, BOB)


@pytest.mark.parametrize(
    "said", ["forget me", "delete my data", "forget what you know about me", "please forget me"]
)
def test_a_listener_asks_in_plain_words_to_be_forgotten(speaker: Speaker, said: str) -> None:
    exchange = speaker.device().say(said)
    assert exchange.intent == "ForgetIntent"
    assert "I have deleted" in exchange.speech
    assert exchange.session_open


@pytest.mark.parametrize("said", ["forget it", "never mind", "forget about men what about women"])
def test_what_only_sounds_like_it_deletes_nothing(speaker: Speaker, said: str) -> None:
    assert "deleted" not in speaker.device().say(said).speech


def test_disabling_the_skill_deletes_and_is_answered_with_nothing(
    chosen: Settings, speaker: Speaker
) -> None:
    skill = _skill(speaker, open_memory(chosen))
    _reads_two_parts(skill)
    _reads_two_parts(skill, BOB)
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
    assert not _is_known(skill)
    assert _is_known(skill, BOB)


def test_a_request_without_a_user_is_answered_and_nothing_is_stored(
    chosen: Settings, speaker: Speaker
) -> None:
    skill = _skill(speaker, open_memory(chosen))
    _reads_two_parts(skill, "")
    assert not _is_known(skill, "")
    assert "I have deleted" in Listening(skill, "").say("ForgetIntent")


def test_no_user_id_is_in_the_table_and_the_key_is_made_once(speaker: Speaker, table: Any) -> None:
    with ThreadPoolExecutor(4) as workers:
        users = [f"{ANN}{number}" for number in range(3)]
        memories = [DynamoMemory(table.name, None) for _ in users]
        talks = [
            (_skill(speaker, memory), user) for memory, user in zip(memories, users, strict=True)
        ]
        list(workers.map(lambda talk: _reads_two_parts(*talk), talks))
    skill = _skill(speaker, DynamoMemory(table.name, None))
    assert all(_is_known(skill, user) for user in users)
    items = table.scan()["Items"]
    assert len(items) == 1 + len(users)
    assert "amzn1" not in str(items)


def test_a_key_that_is_given_is_not_in_the_table(speaker: Speaker, table: Any) -> None:
    _reads_two_parts(_skill(speaker, DynamoMemory(table.name, "secret")))
    assert _is_known(_skill(speaker, DynamoMemory(table.name, "secret")))
    assert not _is_known(_skill(speaker, DynamoMemory(table.name, "other")))
    items = table.scan()["Items"]
    assert all("attributes" in item for item in items)


def test_lambda_remembers_where_a_table_is_named(
    speaker: Speaker, table: Any, tmp_path: Path
) -> None:
    (tmp_path / ARTICLE_FILE).write_text(article_to_json(speaker.article), encoding="utf-8")
    handler = make_handler(tmp_path, {SKILL_ID: OURS, TABLE: table.name})
    _reads_two_parts(lambda event: handler(event, None))
    again = make_handler(tmp_path, {SKILL_ID: OURS, TABLE: table.name})
    assert _is_known(lambda event: again(event, None))
    forgetful = make_handler(tmp_path, {SKILL_ID: OURS})
    assert not _is_known(lambda event: forgetful(event, None))


def test_a_table_without_a_region_is_told_at_the_start(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # AWS's own variables, unset: that is the mistake.
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(AskableError, match="set AWS_DEFAULT_REGION"):
        open_memory(replace(settings, dynamodb_table="any"))


def _no_such_table(_: Path) -> AbstractPersistenceAdapter:
    return DynamoMemory("no-such-table", "key")


def _folder(tmp_path: Path) -> AbstractPersistenceAdapter:
    return SqliteMemory(tmp_path)


def _corrupt(tmp_path: Path) -> AbstractPersistenceAdapter:
    path = tmp_path / "corrupt.sqlite3"
    path.write_bytes(b"SQLite format 3\0" + b"nonsense" * 1000)
    return SqliteMemory(path)


def _locked(tmp_path: Path) -> AbstractPersistenceAdapter:
    memory = SqliteMemory(tmp_path / "locked.sqlite3")
    memory.open_once()
    other = sqlite3.connect(tmp_path / "locked.sqlite3")
    other.execute("begin immediate")  # rolled back when the test lets go of it
    return memory


@pytest.mark.parametrize("broken", [_no_such_table, _folder, _corrupt, _locked])
def test_a_broken_store_takes_no_answer_away_and_is_logged_without_the_listener(
    broken: Any, aws: Any, speaker: Speaker, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="askable")
    skill = _skill(speaker, broken(tmp_path))
    assert "hormone" in Listening(skill).say("WhatIsOxytocinIntent")
    assert "could not delete" in Listening(skill).say("ForgetIntent")
    assert "memory cannot be" in caplog.text
    assert ANN not in caplog.text


@pytest.mark.parametrize("listens", [False, True], ids=["gone", "silent"])
def test_a_table_that_never_answers_takes_no_answer_away(
    listens: bool, aws: Any, speaker: Speaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        # AWS's own variable, read when the connection is made.
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", address)
        if not listens:
            silent.close()
        skill = _skill(speaker, DynamoMemory("any", "key"))
        assert "hormone" in Listening(skill).say("WhatIsOxytocinIntent")


def test_a_listener_who_could_not_be_read_is_not_written_over(
    speaker: Speaker, tmp_path: Path
) -> None:
    class Unreadable(SqliteMemory):
        """Fails to read and would write: no real fault of SQLite's can be held at that point."""

        def get_attributes(self, request_envelope: RequestEnvelope) -> dict[str, object]:
            raise PersistenceException("out for a moment")

    path = tmp_path / "memory.sqlite3"
    _reads_two_parts(_skill(speaker, SqliteMemory(path)))
    Listening(_skill(speaker, Unreadable(path))).say("WhatIsOxytocinIntent")
    assert _is_known(_skill(speaker, SqliteMemory(path)))


def test_a_file_that_was_taken_away_is_made_again(speaker: Speaker, tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite3"
    skill = _skill(speaker, SqliteMemory(path))
    _reads_two_parts(skill)
    for file in tmp_path.iterdir():
        file.unlink()
    assert not _is_known(skill)
    _reads_two_parts(skill)
    assert _is_known(_skill(speaker, SqliteMemory(path)))


def test_nobody_else_may_read_the_file(tmp_path: Path) -> None:
    SqliteMemory(tmp_path / "memory.sqlite3").open_once()
    assert {oct(file.stat().st_mode & 0o777) for file in tmp_path.iterdir()} == {"0o600"}


_STORED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=90),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
_FIELDS = st.fixed_dictionaries(
    {"v": st.just(1)}, optional={"welcomed": _STORED, "reading": _STORED, "heard": _STORED}
)


@given(stored=_FIELDS.map(json.dumps) | _STORED.map(json.dumps) | st.text(max_size=20))
@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_stored_is_survived_and_mended(
    speaker: Speaker, tmp_path: Path, stored: str
) -> None:
    path = tmp_path / "memory.sqlite3"
    skill = _skill(speaker, SqliteMemory(path))
    _reads_two_parts(skill)
    with closing(sqlite3.connect(path)) as store, store:
        store.execute("update listeners set attributes = ?", (stored,))
    assert "hormone" in Listening(skill).say("WhatIsOxytocinIntent")
    _reads_two_parts(skill)
    assert _is_known(skill)


# A worker: `number` forks in two once its connection is open; each remembers ten listeners.
_WORKER = """
import os, resource, sys
from pathlib import Path
from ask_sdk_core.exceptions import PersistenceException
from ask_sdk_model import Context, RequestEnvelope, User
from ask_sdk_model.interfaces.system import SystemState
from skill.sqlite import SqliteMemory

def envelope(user):
    return RequestEnvelope(context=Context(system=SystemState(user=User(user_id=user))))

memory, number, ends = SqliteMemory(Path(sys.argv[1])), sys.argv[2], sys.argv[3]
sys.stdin.readline()
if ends == "full":
    memory.save_attributes(envelope("before"), {"v": 1})
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    try:
        memory.save_attributes(envelope("after"), {"v": 1})
    except PersistenceException:
        print("refused", flush=True)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    memory.save_attributes(envelope("later"), {"v": 1})
    sys.exit()
memory.open_once()
child = os.fork() if ends == "forks" else None
for listener in range(10):
    memory.save_attributes(envelope(f"{number} {child == 0} {listener}"), {"v": 1})
if child == 0:
    os._exit(0)
if child:
    os.waitpid(child, 0)
print("done", flush=True)
sys.stdin.readline()
"""


def _worker(path: Path, number: int, ends: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _WORKER, str(path), str(number), ends]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=REPO
    )


def _tell(worker: subprocess.Popen[str]) -> None:
    assert worker.stdin
    worker.stdin.write("\n")
    worker.stdin.flush()


def _told(worker: subprocess.Popen[str]) -> str:
    assert worker.stdout
    return worker.stdout.readline()


def _stored(path: Path) -> tuple[int, int]:
    with closing(sqlite3.connect(path)) as store:
        (keys,) = store.execute("select count(*) from keys").fetchone()
        (listeners,) = store.execute("select count(*) from listeners").fetchone()
    return keys, listeners


def test_workers_that_start_together_and_fork_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite3"
    workers = [_worker(path, number, "forks") for number in range(3)]
    for worker in workers:
        _tell(worker)
    for worker in workers:
        with worker:
            assert _told(worker) == "done\n"
            _tell(worker)
    assert _stored(path) == (1, 60)


def test_a_worker_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite3"
    with _worker(path, 0, "killed") as worker:
        _tell(worker)
        assert _told(worker) == "done\n"
        worker.kill()
    assert _stored(path) == (1, 10)


def test_a_full_disk_refuses_and_what_was_stored_stays(tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite3"
    with _worker(path, 0, "full") as worker:
        _tell(worker)
        assert _told(worker) == "refused\n"
    assert worker.returncode == 0
    assert _stored(path) == (1, 2)
