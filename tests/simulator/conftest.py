"""The `askable` command with the tea article."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from skill.settings import Settings


@pytest.fixture
def tea_options(settings: Settings, tmp_path: Path) -> list[str]:
    """The options of `askable` that choose the tea article, and a new memory."""
    memory = tmp_path / "memory.sqlite3"
    folders = ["--content", str(settings.content), "--models", str(settings.models)]
    return [*folders, "--memory", str(memory)]


@pytest.fixture
def tea_command(tea_options: list[str]) -> list[str]:
    """The command line up to the subcommand."""
    return [sys.executable, "-m", "skill", *tea_options]
