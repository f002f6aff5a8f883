from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from skill.cli import main
from skill.content.templates import Rules, TemplateError
from skill.errors import ContentError
from skill.tools.build import build
from tests.conftest import REPO

CASES = yaml.safe_load((REPO / "tests/data/broken_content.yaml").read_text(encoding="utf-8"))


def _break(folder: Path, case: dict[str, str]) -> None:
    path = folder / case["file"]
    text = path.read_text(encoding="utf-8")
    assert case["replace"] in text
    path.write_text(text.replace(case["replace"], case["with"], 1), encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_fault_in_content_is_one_sentence_with_file_line_and_field(
    case: dict[str, str], copied_content: Path
) -> None:
    _break(copied_content, case)
    result = CliRunner().invoke(main, ["--content", str(copied_content), "build"])
    assert result.exit_code == 1
    faults = [line for line in result.output.splitlines() if line.startswith("askable: ")]
    assert len(faults) == int(case.get("faults", 1)), result.output
    assert faults[0].startswith(f"askable: oxytocin/{case['file']}"), result.output
    for words in case["says"]:
        assert words in result.output
    assert "Traceback" not in result.output
    assert not (copied_content.parent.parent / "interaction_model").exists()


def test_all_faults_are_told_at_once(copied_content: Path) -> None:
    together = [case for case in CASES if case.get("together")]
    for case in together:
        _break(copied_content, case)
    with pytest.raises(ContentError) as caught:
        build(copied_content)
    told = str(caught.value)
    assert len(together) >= 5
    for case in together:
        for words in case["says"]:
            assert words in told


def test_a_file_with_bad_yaml_does_not_hide_another(copied_content: Path) -> None:
    (copied_content / "answers.yaml").write_text("answers: [\n")
    (copied_content / "terms.yaml").write_text("terms:\n  a: 'open\n")
    with pytest.raises(ContentError) as caught:
        build(copied_content)
    assert {problem.file for problem in caught.value.problems} == {
        "oxytocin/answers.yaml",
        "oxytocin/terms.yaml",
    }


def test_a_missing_file_is_told_by_name(copied_content: Path) -> None:
    (copied_content / "terms.yaml").unlink()
    with pytest.raises(ContentError, match=r"terms\.yaml: the file is missing"):
        build(copied_content)


@given(st.text(alphabet="ab ()[]{}<>|'", max_size=30))
def test_any_template_gives_samples_or_one_clear_error(template: str) -> None:
    try:
        samples = Rules({"a": "(b|c)"}).samples(template)
    except TemplateError:
        return
    assert samples
    assert all(sample == " ".join(sample.split()) != "" for sample in samples)


@given(st.binary(max_size=60))
def test_any_bytes_in_a_content_file_are_a_content_error(
    tmp_path_factory: pytest.TempPathFactory, mangled: bytes
) -> None:
    folder = tmp_path_factory.mktemp("mangled") / "article"
    (folder / "locales").mkdir(parents=True)
    for name in ("article.yaml", "answers.yaml", "terms.yaml", "locales/en.yaml"):
        (folder / name).write_bytes(mangled)
    with pytest.raises(ContentError):
        build(folder)
