from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from skill.alexa import Skill
from skill.memory.sqlite import SqliteMemory
from skill.service import LARGEST_BODY, create_app
from skill.simulator import Runtime
from skill.tools.probe.requests import RequestSigner, dump


def _accept(_: object, __: bytes) -> None:
    """Verifies nothing, for tests of everything else."""


@pytest.fixture
def client(runtime: Runtime) -> FlaskClient:
    return create_app(runtime.skill, _accept).test_client()


def test_a_body_over_the_limit_is_refused(client: FlaskClient, signer: RequestSigner) -> None:
    body = dump(signer.envelope())
    assert client.post("/", data=body.ljust(LARGEST_BODY)).status_code == 200
    assert client.post("/", data=body.ljust(LARGEST_BODY + 1)).status_code == 413


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_checks_are_answered(client: FlaskClient, path: str) -> None:
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


def test_a_broken_memory_does_not_stop_a_response(
    runtime: Runtime, signer: RequestSigner, tmp_path: Path
) -> None:
    skill = Skill(runtime.article, lambda: runtime.matcher, SqliteMemory(tmp_path))
    client = create_app(skill, _accept).test_client()
    response = client.post("/", data=dump(signer.envelope({"type": "LaunchRequest"})))
    assert response.get_json()["response"]["outputSpeech"]


def test_an_internal_error_shows_no_traceback(runtime: Runtime) -> None:
    def broken(_: object, __: bytes) -> None:
        raise RuntimeError("a secret")

    response = create_app(runtime.skill, broken).test_client().post("/", data=b"{}")
    assert response.status_code == 500
    assert response.get_json() == {"error": "failed", "message": "something went wrong here"}


def test_every_request_is_counted_with_its_outcome(runtime: Runtime, signer: RequestSigner) -> None:
    counted: list[str] = []
    app = create_app(runtime.skill, _accept, lambda outcome, _: counted.append(outcome))
    client = app.test_client()
    client.post("/", data=dump(signer.envelope()))
    client.post("/", data=b" " * (LARGEST_BODY + 1))
    assert counted == ["answered", "request-entity-too-large"]
