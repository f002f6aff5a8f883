"""The shipped article in place of the tests' own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from skill.memory import NoMemory
from skill.settings import Settings, find_settings
from skill.simulator import Device, Runtime
from tests.conftest import REPO

OXYTOCIN = REPO / "content" / "oxytocin"


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    memory = tmp_path_factory.mktemp("state") / "memory.sqlite3"
    return replace(find_settings(str(OXYTOCIN)), memory=memory)


@pytest.fixture(scope="session")
def runtime(settings: Settings) -> Runtime:
    return Runtime(settings, NoMemory())


@pytest.fixture
def device(runtime: Runtime) -> Device:
    return runtime.device()
