from __future__ import annotations

import hashlib
import platform
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner

from skill.cli import main
from skill.settings import Settings

ARCH = "arm64" if platform.machine() == "aarch64" else "x86_64"
OTHER_ARCH = "x86_64" if ARCH == "arm64" else "arm64"


def _package(settings: Settings, out: Path, arch: str) -> str:
    """What the command prints."""
    options = ["--content", str(settings.content), "--models", str(settings.models)]
    command = ["package", "--lambda", "--arch", arch, "--out", str(out)]
    result = CliRunner().invoke(main, [*options, *command])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def made(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The zip as the command makes it, and what the command prints."""
    path = tmp_path_factory.mktemp("lambda") / "first.zip"
    return path, _package(settings, path, ARCH)


@pytest.mark.slow
def test_the_zip_answers_in_a_python_without_other_packages(made: tuple[Path, str]) -> None:
    _, printed = made
    assert "it said  Welcome to" in printed
    assert "it said  Black tea is made of leaves" in printed


@pytest.mark.slow
def test_the_zip_has_the_same_bytes_each_time(
    settings: Settings, made: tuple[Path, str], tmp_path: Path
) -> None:
    _package(settings, tmp_path / "second.zip", ARCH)
    first, second = (
        hashlib.sha256(path.read_bytes()).digest() for path in (made[0], tmp_path / "second.zip")
    )
    assert first == second


@pytest.mark.slow
def test_the_zip_holds_what_the_function_needs(made: tuple[Path, str]) -> None:
    with ZipFile(made[0]) as zipped:
        files = zipped.infolist()
    names = [file.filename for file in files]
    folders = {name.split("/")[0] for name in names}
    assert {"skill", "ask_sdk_core", "numpy", "yaml", "content", "interaction_model"} <= folders
    assert not folders & {"flask", "hassil", "click", "soundfile", "boto3", "pyttsx3", "bin"}
    packages = {name.split("/")[1] for name in names if name.startswith("skill/")}
    assert not packages & {"cli", "service", "simulator", "speech", "tools", "bundled"}
    assert any(name.endswith(".dist-info/METADATA") for name in names)
    assert not [name for name in names if "/tests/" in name]
    # Lambda's limits: 50 MB for a zip that is uploaded directly, 250 MB unzipped.
    assert sum(file.compress_size for file in files) < 50_000_000
    assert sum(file.file_size for file in files) < 250_000_000


@pytest.mark.slow
def test_a_zip_for_another_processor_is_made_but_not_tried(
    settings: Settings, tmp_path: Path
) -> None:
    printed = _package(settings, tmp_path / "other.zip", OTHER_ARCH)
    assert f"not tried: this machine is not {OTHER_ARCH}" in printed
    with ZipFile(tmp_path / "other.zip") as zipped:
        modules = [name for name in zipped.namelist() if name.endswith(".so")]
    machine = {"arm64": "aarch64"}.get(OTHER_ARCH, OTHER_ARCH)
    assert modules
    assert all(machine in name for name in modules if "cpython" in name)


def test_a_stale_matcher_is_not_packed(
    settings: Settings, copied_content: Path, tmp_path: Path
) -> None:
    about = copied_content / "article.yaml"
    about.write_text(about.read_text() + "\n# edited\n")
    options = ["--content", str(copied_content), "--models", str(settings.models)]
    command = ["package", "--lambda", "--out", str(tmp_path / "none.zip")]
    result = CliRunner().invoke(main, [*options, *command])
    assert result.exit_code == 1
    assert "run `askable build`" in result.output
    assert not (tmp_path / "none.zip").exists()
