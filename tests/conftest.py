"""What tests share: the repo's folders, the shipped skill, and ways to ask it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

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
def small_article(tmp_path: Path) -> Path:
    """An article of three answers with the shipped frame: quick to build and to break."""
    folder = tmp_path / "content" / "tea"
    shutil.copytree(REPO / "tests" / "data" / "small_article", folder)
    (folder / "locales").mkdir()
    for name in ("locales/en.yaml", "locales/en-US.yaml", "store.yaml"):
        shutil.copy(CONTENT / name, folder / name)
    return folder


@pytest.fixture
def quick_learning(monkeypatch: pytest.MonkeyPatch) -> None:
    """A matcher that learns badly in a second, for tests of what is built, not of what it knows."""
    hurried = replace(RECIPES[1], epochs=1, hidden=16, width=8)
    monkeypatch.setattr("skill.learned.RECIPES", (hurried,))
