from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from skill.cli import main
from skill.tools.probe.requests import ProbeRequest, RequestSigner, dump
from tests.support.serving import askable_serve, running
from tests.support.traffic import send_all, wire


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _post(url: str, body: bytes) -> object:
    with urllib.request.urlopen(urllib.request.Request(url, body), timeout=120) as response:
        return json.load(response)


def test_the_service_answers_counts_logs_no_words_and_stops_cleanly(
    signer: RequestSigner, tmp_path: Path
) -> None:
    metrics = _free_port()
    options = ["--insecure-local", "--workers", "2", "--metrics-port", str(metrics)]
    with running(askable_serve(tmp_path / "m.sqlite3", *options)) as server:
        intent = {"name": "SearchIntent", "slots": {"query": {"name": "query", "value": "zebras"}}}
        body = dump(signer.envelope({"intent": intent}))
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


def test_the_other_worker_answers_when_one_is_killed(signer: RequestSigner, tmp_path: Path) -> None:
    launches = []
    for number in range(200):
        envelope = signer.envelope({"type": "LaunchRequest"})
        user = {"user": {"userId": f"amzn1.ask.account.{number}"}}
        envelope |= {"session": user, "context": {"System": user}}
        launches.append(wire(ProbeRequest(dump(envelope), {})))
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
def test_an_unsafe_service_does_not_start(options: list[str], says: str) -> None:
    result = CliRunner().invoke(
        main, ["serve", "--port", "0", *options], env={"ASKABLE_SKILL_ID": ""}
    )
    assert result.exit_code == 1
    assert says in result.output
    assert "Traceback" not in result.output
