"""What tests share: the repo's folders, the shipped skill, and ways to ask it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

from skill.build import Built, build
from skill.memory import NoMemory
from skill.settings import DEFAULT_LOCALE, Settings
from skill.simulator.assemble import Speaker
from skill.simulator.device import Device
from skill.training import RECIPES

# How long an example takes is for bench/, not for a test to pass or fail by.
hypothesis_settings.register_profile("askable", deadline=None)
hypothesis_settings.load_profile("askable")

REPO = Path(__file__).resolve().parent.parent
CONTENT = REPO / "content" / "oxytocin"


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    memory = tmp_path_factory.mktemp("state") / "memory.sqlite3"
    models = REPO / "interaction_model"
    return Settings(CONTENT, models, REPO / "docs", DEFAULT_LOCALE, memory, None)


@pytest.fixture(scope="session")
def speaker(settings: Settings) -> Speaker:
    return Speaker(settings, NoMemory())


@pytest.fixture(scope="session")
def built() -> Built:
    return build(CONTENT)


@pytest.fixture
def device(speaker: Speaker) -> Device:
    return speaker.device()


@pytest.fixture
def copied_content(tmp_path: Path) -> Path:
    """A copy of the shipped content that a test may break."""
    folder = tmp_path / "content" / "oxytocin"
    shutil.copytree(CONTENT, folder)
    return folder


@pytest.fixture
def quick_learning(monkeypatch: pytest.MonkeyPatch) -> None:
    """A matcher that learns badly in a second, for tests of what is built, not of what it knows."""
    hurried = replace(RECIPES[1], epochs=1, hidden=16, width=8)
    monkeypatch.setattr("skill.learned.RECIPES", (hurried,))


@pytest.fixture(scope="module")
def aws() -> Iterator[Any]:
    """DynamoDB as moto plays it, on a port of its own."""
    import boto3  # these two take a second to import, and few tests want them
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    # AWS's own variables are how the AWS SDK is pointed there.
    with pytest.MonkeyPatch.context() as environ:
        environ.setenv("AWS_ENDPOINT_URL_DYNAMODB", f"http://{host}:{port}")
        environ.setenv("AWS_DEFAULT_REGION", "us-east-1")
        environ.setenv("AWS_ACCESS_KEY_ID", "none")
        environ.setenv("AWS_SECRET_ACCESS_KEY", "none")
        yield boto3.session.Session().resource("dynamodb")
    server.stop()
