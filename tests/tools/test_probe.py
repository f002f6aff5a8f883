from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from skill.cli import main
from skill.tools.probe.cases import cases
from tests.support.serving import SKILL_ID, Server, askable_serve, running


def _probe(*options: str) -> Result:
    return CliRunner().invoke(
        main, ["probe", "--patience", "120", *options], env={"ASKABLE_SKILL_ID": ""}
    )


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("authority")
    assert _probe("--make-authority", str(folder)).exit_code == 0
    return folder


@pytest.fixture(scope="module")
def server(authority: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    memory = tmp_path_factory.mktemp("state") / "memory.sqlite3"
    options = ["--probe-authority", str(authority), "--skill-id", f"other,{SKILL_ID}"]
    with running(askable_serve(memory, *options, "--workers", "1")) as started:
        yield started


def test_our_server_passes_every_check(server: Server, authority: Path) -> None:
    result = _probe(server.url, "--authority", str(authority), "--skill-id", SKILL_ID)
    assert result.exit_code == 0, result.output
    assert f"{len(cases())} requests" in result.output
    assert "0 faults; 0 wrong" in result.output
    assert "INSTEAD of Amazon" in "".join(server.said)


def test_json_has_one_record_per_request(server: Server, authority: Path) -> None:
    result = _probe(server.url, "--authority", str(authority), "--skill-id", SKILL_ID, "--json")
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(records) == len(cases())
    assert records[0] == {
        "about": "chain",
        "case": "good",
        "must": "accept",
        "was": "accepted",
        "told": "200",
        "right": True,
    }


def test_an_endpoint_that_does_not_trust_the_authority_must_refuse_everything(
    server: Server,
) -> None:
    result = _probe(server.url)
    assert result.exit_code == 0, result.output
    assert "0 accepted" in result.output
    assert "give --authority" in result.output


def test_an_endpoint_that_serves_another_skill_fails(server: Server, authority: Path) -> None:
    result = _probe(server.url, "--authority", str(authority), "--skill-id", "amzn1.ask.skill.z")
    assert result.exit_code == 1
    assert "WRONG  chain      good" in result.output


def test_an_endpoint_that_verifies_nothing_fails(tmp_path: Path) -> None:
    open_to_all = askable_serve(tmp_path / "m.sqlite3", "--insecure-local", "--workers", "1")
    with running(open_to_all) as server:
        result = _probe(server.url)
    assert result.exit_code == 1
    assert "WRONG  signature  of another key" in result.output


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([], "URL: is missing"),
        (["ftp://localhost/"], "is not the address of an endpoint"),
        (["http://localhost:99999/"], "no such port"),
        (["http://127.0.0.1:1/"], "cannot be reached"),
        (["http://127.0.0.1:1/", "--authority", "/nowhere"], "--skill-id: is missing"),
    ],
)
def test_a_wrong_option_is_an_error_in_one_sentence(options: list[str], says: str) -> None:
    result = _probe(*options)
    assert result.exit_code == 1
    assert says in result.output
    assert result.output.count("askable: ") == 1


@pytest.mark.parametrize(
    "sent",
    [
        b"Transfer-Encoding: chunked\r\n\r\nno number\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"Content-Length: 50\r\n\r\nshort",
        b"Content-Length: -1\r\n\r\n",
        b"Content-Length: 9999999999\r\n\r\n",
    ],
)
def test_an_incomplete_body_is_refused_or_dropped(server: Server, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=120) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\n" + sent)
        connection.shutdown(socket.SHUT_WR)
        status = connection.recv(12)
    assert status in (b"", b"HTTP/1.1 400", b"HTTP/1.1 413")
    assert '"level": "error"' not in "".join(server.said)
