from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from skill.cli import main
from skill.settings import Settings
from skill.tools import build as builder
from tests.conftest import QUICK
from tests.support.cli import invoke


@pytest.fixture
def quick_training(monkeypatch: pytest.MonkeyPatch) -> None:
    """One small network and two epochs: the command has no option for it."""
    monkeypatch.setattr(builder, "train", partial(builder.train, recipes=QUICK))


def _run(content: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--content", str(content), *arguments])


def test_build_writes_the_models_beside_the_content_and_prints_the_coverage(
    copied_content: Path, quick_training: None
) -> None:
    result = _run(copied_content, "build")
    assert result.exit_code == 0, result.output
    home = copied_content.parent.parent
    written = {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()}
    made = {path for path in written if not path.startswith("content/")}
    assert made >= {"interaction_model/en.json", "interaction_model/matcher.npz"}
    assert "docs/coverage.svg" in made
    for path in made:
        assert f"wrote {home / path}" in result.output
    assert "5 of 5 sentences that state something are said by an answer" in result.output
    assert "wrote" not in _run(copied_content, "build").output
    assert _run(copied_content, "build", "--check").exit_code == 0


def test_a_model_older_than_the_content_is_refused(
    copied_content: Path, quick_training: None
) -> None:
    assert _run(copied_content, "build").exit_code == 0
    assert _run(copied_content, "ask", "what is black tea").exit_code == 0
    with (copied_content / "article.yaml").open("a") as about:
        about.write("\n# edited\n")
    for arguments in (["ask", "hello"], ["build", "--check"]):
        result = _run(copied_content, *arguments)
        assert result.exit_code == 1
        assert "matcher.npz" in result.output
        assert "run `askable build`" in result.output


def test_two_articles_do_not_overwrite_each_other(
    copied_content: Path, quick_training: None
) -> None:
    second = copied_content.with_name("second")
    shutil.copytree(copied_content, second)
    for folder in (copied_content, second):
        assert _run(folder, "build").exit_code == 0
    for folder in (copied_content, second):
        assert _run(folder, "ask", "what is black tea").exit_code == 0


def test_differences_from_the_source_are_listed(copied_content: Path, tmp_path: Path) -> None:
    source = tmp_path / "sentences.tsv"
    source.write_text("p1.s1\tTea is wet.\n")
    result = _run(copied_content, "build", "--source", str(source))
    assert result.exit_code == 1
    assert "p1.s1: has changed in sentences.tsv; answers touched: green" in result.output
    assert f"askable: {source}: 6 differences, listed above; correct the content" in result.output
    assert not (copied_content.parent.parent / "interaction_model").exists()


def test_outline_prints_what_article_yaml_needs(settings: Settings, tmp_path: Path) -> None:
    source = tmp_path / "sentences.tsv"
    source.write_text("p1.s1\tTea is wet.\n")
    result = invoke(settings, "outline", str(source))
    assert result.output.startswith("outline:\n- {locator: p1.s1, hash: ")
