from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from skill import __version__
from skill.cli import main
from skill.settings import Settings
from tests.support.cli import invoke

COMMANDS = (
    *("ask", "talk", "hear", "answer", "simulator", "build", "outline", "check", "package"),
    *("serve", "probe", "eval", "explain", "misses", "audition"),
)


def test_the_commands_are_as_documented() -> None:
    assert set(main.commands) == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(command: str) -> None:
    result = CliRunner().invoke(main, [command, "--help"])
    assert result.exit_code == 0
    assert f" {command} [OPTIONS]" in result.output


def test_help_lists_every_command_with_a_line_and_examples() -> None:
    result = CliRunner().invoke(main, ["--help"])
    assert result.exit_code == 0
    assert "Examples:" in result.output
    for command in COMMANDS:
        (line,) = (line for line in result.output.splitlines() if line.startswith(f"  {command} "))
        assert len(line.split(maxsplit=1)[1]) > 10


def test_the_version_is_printed() -> None:
    result = CliRunner().invoke(main, ["--version"])
    assert result.output == f"askable, version {__version__}\n"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--locale", "de-DE", "ask", "hello"], "en-US"),
        (["--content", "/nowhere", "ask", "hello"], "/nowhere"),
        (["--models", "/nowhere", "ask", "hello"], "askable build"),
        (["--content", "/etc/passwd", "ask", "hello"], "is not a folder"),
        (["--models", "/etc/passwd", "ask", "hello"], "/etc/passwd"),
        (["build", "--source", "/nowhere.tsv"], "/nowhere.tsv"),
        (["outline", "/nowhere.tsv"], "/nowhere.tsv"),
        (["hear", "/nowhere.wav"], "/nowhere.wav"),
        (["hear", "/"], "regular file"),
        (["eval", "/nowhere.yaml"], "/nowhere.yaml"),
        (["talk", "--hands-free"], "--mic or --pcm"),
        (["talk", "--wav-dir", "/tmp"], "--mic or --pcm"),
    ],
)
def test_a_wrong_option_is_one_sentence_and_a_failure(
    options: list[str], says: str, settings: Settings
) -> None:
    result = invoke(settings, *options)
    assert result.exit_code == 1
    assert result.output.count("askable: ") == 1
    assert result.output.count("\n") == 1
    assert says in result.output


def test_a_damaged_interaction_model_is_one_sentence(settings: Settings, tmp_path: Path) -> None:
    models = tmp_path / "models"
    shutil.copytree(settings.models, models)
    (models / "en.json").write_text("{}")
    result = invoke(replace(settings, models=models), "ask", "hello")
    assert result.exit_code == 1
    assert (
        result.output
        == f"askable: {models}/en.json: is not an interaction model; run `askable build`\n"
    )


def test_each_problem_of_the_content_is_a_line(copied_content: Path, settings: Settings) -> None:
    path = copied_content / "answers.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("sources:", "source:"), encoding="utf-8")
    result = invoke(replace(settings, content=copied_content), "ask", "hello")
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert len(lines) > 5
    assert all(line.startswith("askable: tea/answers.yaml:") for line in lines)
