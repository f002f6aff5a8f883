from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from ask_sdk_model_runtime import DefaultSerializer
from ask_smapi_model.v1.skill.interaction_model.interaction_model_data import InteractionModelData
from click.testing import CliRunner

from skill.cli import main
from skill.errors import StaleError
from skill.settings import Settings
from skill.tools.build import Built, check, train, write
from tests.conftest import QUICK, REPO, TEA

_WRITE = """
import sys
from pathlib import Path
from skill.tools.build import build, write
write(build(Path(sys.argv[1])), Path(sys.argv[2]), Path(sys.argv[2]))
"""


def test_two_processes_with_different_hash_seeds_compile_the_same_bytes(tmp_path: Path) -> None:
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", _WRITE, str(TEA), str(tmp_path / seed)],
            env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin"},
            cwd=REPO,
            check=True,
            capture_output=True,
        )
    first = {path.name: path.read_bytes() for path in (tmp_path / "1").iterdir()}
    second = {path.name: path.read_bytes() for path in (tmp_path / "2").iterdir()}
    assert first == second
    assert set(first) == {"en.json", "coverage.svg"}


def test_a_second_build_writes_and_trains_nothing(built: Built, tmp_path: Path) -> None:
    written = write(built, tmp_path, tmp_path)
    assert {path.name for path in written} == {"en.json", "coverage.svg"}
    assert train(built, tmp_path, recipes=QUICK) == tmp_path / "matcher.npz"
    assert write(built, tmp_path, tmp_path) == []
    assert train(built, tmp_path, recipes=QUICK) is None
    check(built, tmp_path, tmp_path)


@pytest.mark.parametrize("name", ["en.json", "coverage.svg", "matcher.npz"])
def test_a_stale_file_fails_the_check_by_name(
    name: str, settings: Settings, built: Built, tmp_path: Path
) -> None:
    write(built, tmp_path, tmp_path)
    (tmp_path / "matcher.npz").write_bytes((settings.models / "matcher.npz").read_bytes())
    check(built, tmp_path, tmp_path)
    (tmp_path / name).write_text("{}")
    with pytest.raises(StaleError) as caught:
        check(built, tmp_path, tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / name}: not what the content compiles to")


def test_build_check_exits_with_1_when_a_file_is_stale(
    built: Built, copied_content: Path, tmp_path: Path
) -> None:
    models = tmp_path / "models"
    write(built, models, tmp_path)
    options = ["--content", str(copied_content), "--models", str(models)]
    result = CliRunner().invoke(main, [*options, "build", "--check"])
    assert result.exit_code == 1
    assert "matcher.npz" in result.output
    assert "en.json" not in result.output


def test_amazons_own_classes_read_the_model_with_every_sample(built: Built) -> None:
    language = json.loads(built.model)["interactionModel"]["languageModel"]
    loaded = DefaultSerializer().deserialize(built.model, InteractionModelData)
    theirs = loaded.interaction_model.language_model
    assert theirs.invocation_name == language["invocationName"] == "tea guide"
    assert {i.name: i.samples for i in theirs.intents} == {
        i["name"]: i["samples"] for i in language["intents"]
    }
    assert {t.name for t in theirs.types} == {t["name"] for t in language["types"]}
    assert theirs.model_configuration.fallback_intent_sensitivity.level is not None


def test_the_picture_shows_every_answer_and_sentence(built: Built) -> None:
    for name in (*built.article.answers, *built.article.outline):
        assert f">{name}" in built.picture
    cells = len(built.article.answers) * len(built.article.outline)
    assert built.picture.count("<title>") == cells + 1
