"""The `askable` command on the article of the tests."""

from __future__ import annotations

import sys

from click.testing import CliRunner, Result

from skill.cli import main
from skill.settings import Settings


def options(settings: Settings) -> list[str]:
    """The options that name the article, its models and the memory."""
    return [
        *("--content", str(settings.content)),
        *("--models", str(settings.models)),
        *("--memory", str(settings.memory)),
    ]


def invoke(settings: Settings, *arguments: str, typed: str | bytes | None = None) -> Result:
    """Run a command in this process; `typed` is its standard input."""
    return CliRunner().invoke(main, [*options(settings), *arguments], input=typed)


def command_line(settings: Settings, *arguments: str) -> list[str]:
    """The command line of a command that runs in a process of its own."""
    return [sys.executable, "-m", "skill", *options(settings), *arguments]
