from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from skill.cli import main
from skill.errors import StaleError
from skill.settings import Settings
from skill.understanding.classifier import (
    digest_in,
    load_model,
    load_vectors,
    model_path,
    read_model,
)
from skill.understanding.classifier import model_file as module

VECTORS = load_vectors()


def test_a_model_is_read_back_as_written(settings: Settings, tmp_path: Path) -> None:
    path = model_path(settings.models, VECTORS)
    model = read_model(path)
    model.save(tmp_path / "new" / "again.npz")
    again = read_model(tmp_path / "new" / "again.npz")
    assert (again.digest, again.labels) == (model.digest, model.labels)
    assert (again.names, again.words) == (model.names, model.words)
    for utterance in ("why do children sleep", "what is black tea"):
        before = model.probabilities(utterance, VECTORS)
        assert again.probabilities(utterance, VECTORS) == before
        assert again.label_of(utterance) == model.label_of(utterance)
    assert (tmp_path / "new" / "again.npz").read_bytes() == path.read_bytes()
    assert [found.name for found in (tmp_path / "new").iterdir()] == ["again.npz"]


def test_the_digest_tells_whether_a_model_is_current(settings: Settings, tmp_path: Path) -> None:
    path = model_path(settings.models, VECTORS)
    assert digest_in(path) == load_model(settings.content, settings.models, VECTORS).digest
    assert digest_in(tmp_path / "gone.npz") is None
    (tmp_path / "damaged.npz").write_bytes(b"not a zip")
    assert digest_in(tmp_path / "damaged.npz") is None


def test_a_model_that_is_older_than_the_content_is_stale(
    settings: Settings, copied_content: Path
) -> None:
    load_model(copied_content, settings.models, VECTORS)
    with (copied_content / "answers.yaml").open("a") as file:
        file.write("\n# edited\n")
    with pytest.raises(StaleError, match=r"matcher\.npz: is older than .*run `askable build`"):
        load_model(copied_content, settings.models, VECTORS)


def test_a_model_of_another_version_is_stale(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "VERSION", module.VERSION + 1)
    path = model_path(settings.models, VECTORS)
    assert digest_in(path) is None
    with pytest.raises(StaleError, match="has another version"):
        read_model(path)


def test_a_model_without_one_of_its_parts_is_stale(settings: Settings, tmp_path: Path) -> None:
    with np.load(model_path(settings.models, VECTORS)) as stored:
        arrays = {name: stored[name] for name in stored.files if name != "network0.hidden"}
    np.savez(tmp_path / "matcher.npz", **arrays)
    with pytest.raises(StaleError, match="cannot be read"):
        read_model(tmp_path / "matcher.npz")


@pytest.mark.parametrize("damaged", [None, b"", b"not a zip", b"PK\x05\x06" + b"\0" * 18])
def test_a_damaged_file_is_one_sentence(
    damaged: bytes | None, settings: Settings, tmp_path: Path
) -> None:
    models = tmp_path / "models"
    shutil.copytree(settings.models, models)
    if damaged is None:
        (models / "matcher.npz").unlink()
    else:
        (models / "matcher.npz").write_bytes(damaged)
    options = ["--content", str(settings.content), "--models", str(models)]
    result = CliRunner().invoke(main, [*options, "ask", "hello"])
    assert result.exit_code == 1
    assert result.output.startswith(f"askable: {models}/matcher.npz: ")
    assert result.output.endswith("run `askable build`\n")
    assert result.output.count("\n") == 1
