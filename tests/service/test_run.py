from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import urllib.request
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from skill.alexa.skill import Skill
from skill.cli import main
from skill.memory.sqlite import SqliteMemory
from skill.service.app import LARGEST_BODY, create_app
from skill.simulator.runtime import Runtime
from skill.tools.probe.certificates import Authority, make_authority
from skill.tools.probe.forge import Forge, Sent, dump
from tests.support.serving import SKILL_ID, askable_serve, running
from tests.support.traffic import send_all, wire

_NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return make_authority(_NOW)


@pytest.fixture(scope="module")
def forge(authority: Authority) -> Forge:
    return Forge(authority, SKILL_ID, _NOW)


def _let_in(_: object, __: bytes) -> None:
    """A gate that stands open, for what has nothing to do with it."""


@pytest.fixture
def client(runtime: Runtime) -> FlaskClient:
    return create_app(runtime.skill, _let_in).test_client()


def test_a_body_past_the_limit_is_refused_unread(client: FlaskClient, forge: Forge) -> None:
    body = dump(forge.envelope())
    assert client.post("/", data=body.ljust(LARGEST_BODY)).status_code == 200
    assert client.post("/", data=body.ljust(LARGEST_BODY + 1)).status_code == 413


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_whoever_watches_the_service_is_answered(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("PUT", "/"), ("POST", "/no"), ("GET", "/metrics")]
)
def test_every_other_request_is_refused_as_json(
    client: FlaskClient, method: str, path: str
) -> None:
    response = client.open(path, method=method)
    assert response.status_code in (404, 405)
    assert set(response.get_json()) == {"error", "message"}


def test_a_memory_that_is_away_takes_no_answer_away(
    runtime: Runtime, forge: Forge, tmp_path: Path
) -> None:
    skill = Skill(runtime.article, runtime.matcher, SqliteMemory(tmp_path))
    client = create_app(skill, _let_in).test_client()
    response = client.post("/", data=dump(forge.envelope({"type": "LaunchRequest"})))
    assert response.get_json()["response"]["outputSpeech"]


def test_a_fault_inside_shows_no_traceback(runtime: Runtime) -> None:
    def broken(_: object, __: bytes) -> None:
        raise RuntimeError("a secret")

    response = create_app(runtime.skill, broken).test_client().post("/", data=b"{}")
    assert response.status_code == 500
    assert response.get_json() == {"error": "failed", "message": "something went wrong here"}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _post(url: str, body: bytes) -> object:
    with urllib.request.urlopen(urllib.request.Request(url, body), timeout=120) as response:
        return json.load(response)


def test_the_real_service_answers_counts_logs_no_words_and_ends_in_peace(
    forge: Forge, tmp_path: Path
) -> None:
    metrics = _free_port()
    options = ["--insecure-local", "--workers", "2", "--metrics-port", str(metrics)]
    with running(askable_serve(tmp_path / "m.sqlite3", *options)) as server:
        intent = {"name": "SearchIntent", "slots": {"query": {"name": "query", "value": "zebras"}}}
        body = dump(forge.envelope({"intent": intent}))
        answers = [_post(server.url, body) for _ in range(6)]
        assert len({json.dumps(answer, sort_keys=True) for answer in answers}) == 1
        with urllib.request.urlopen(f"http://127.0.0.1:{metrics}/metrics") as page:
            assert b'askable_requests_total{outcome="answered"} 6.0' in page.read()
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{server.url}metrics")
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait() == 0
    said = "".join(server.said)
    assert "NO request is verified" in said
    assert said.count('"outcome": "answered"') == 6
    for word in ("zebras", "amzn1.ask.account"):
        assert word not in said


def test_a_short_load_is_answered_by_those_who_are_left_when_a_worker_is_killed(
    forge: Forge, tmp_path: Path
) -> None:
    launches = []
    for number in range(200):
        envelope = forge.envelope({"type": "LaunchRequest"})
        user = {"user": {"userId": f"amzn1.ask.account.{number}"}}
        envelope |= {"session": user, "context": {"System": user}}
        launches.append(wire(Sent(dump(envelope), {})))
    memory = tmp_path / "m.sqlite3"
    with running(askable_serve(memory, "--insecure-local", "--workers", "2")) as server:
        before = send_all(server.port, launches[:100], 4).statuses
        os.kill(server.workers()[0], signal.SIGKILL)
        after = send_all(server.port, launches[100:], 4).statuses
    assert before == after == {"200": 100}
    with closing(sqlite3.connect(memory)) as store:
        assert store.execute("select count(*) from listeners").fetchone() == (200,)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([], "--skill-id: is missing"),
        (["--insecure-local", "--host", "0.0.0.0"], "--host 0.0.0.0: --insecure-local needs"),
        (["--insecure-local", "--host", "example.com"], "needs a loopback address"),
        (["--probe-authority", "/nowhere", "--skill-id", "x"], "/nowhere"),
        (["--probe-authority", "/nowhere", "--host", "::", "--skill-id", "x"], "loopback"),
        (["--probe-authority", "/nowhere", "--insecure-local"], "leave out --probe-authority"),
    ],
)
def test_a_service_that_would_be_unsafe_does_not_start(options: list[str], says: str) -> None:
    result = CliRunner().invoke(
        main, ["serve", "--port", "0", *options], env={"ASKABLE_SKILL_ID": ""}
    )
    assert result.exit_code == 1
    assert says in result.output
    assert "Traceback" not in result.output
