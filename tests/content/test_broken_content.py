"""Every fault in content is reported with its file, line and field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from skill.cli import main
from skill.content.yaml_reader import RENAMED
from skill.errors import ContentError
from skill.tools.build import build

CASES = yaml.safe_load(Path(__file__).with_name("broken_content.yaml").read_text(encoding="utf-8"))


def _break(folder: Path, case: dict[str, str]) -> None:
    path = folder / case["file"]
    text = path.read_text(encoding="utf-8")
    assert case["replace"] in text
    path.write_text(text.replace(case["replace"], case["with"], 1), encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_fault_is_one_sentence_with_file_line_and_field(
    case: dict[str, Any], copied_content: Path
) -> None:
    _break(copied_content, case)
    result = CliRunner().invoke(main, ["--content", str(copied_content), "build"])
    assert result.exit_code == 1
    faults = [line for line in result.output.splitlines() if line.startswith("askable: ")]
    assert len(faults) == case.get("faults", 1), result.output
    assert any(line.startswith(f"askable: tea/{case['file']}") for line in faults), result.output
    for words in case["says"]:
        assert words in result.output
    assert "Traceback" not in result.output
    assert not (copied_content.parent.parent / "interaction_model").exists()


def test_all_faults_are_reported_at_once(copied_content: Path) -> None:
    together = [case for case in CASES if case.get("together")]
    for case in together:
        _break(copied_content, case)
    with pytest.raises(ContentError) as caught:
        build(copied_content)
    assert len(together) >= 5
    for case in together:
        for words in case["says"]:
            assert words in str(caught.value)


def test_a_file_with_bad_yaml_does_not_hide_another(copied_content: Path) -> None:
    (copied_content / "answers.yaml").write_text("answers: [\n")
    (copied_content / "terms.yaml").write_text("terms:\n  a: 'open\n")
    with pytest.raises(ContentError) as caught:
        build(copied_content)
    files = {problem.file for problem in caught.value.problems}
    assert files == {"tea/answers.yaml", "tea/terms.yaml"}


def test_a_missing_file_is_named(copied_content: Path) -> None:
    (copied_content / "terms.yaml").unlink()
    with pytest.raises(ContentError, match=r"terms\.yaml: the file is missing"):
        build(copied_content)


def test_an_article_without_a_locale_is_refused(copied_content: Path) -> None:
    for path in (copied_content / "locales").glob("en-*.yaml"):
        path.unlink()
    with pytest.raises(ContentError, match="locales: no locale"):
        build(copied_content)


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


# File -> where a renamed key stands in it, as the keys and positions that lead there.
KEYS: dict[str, dict[str, tuple[str | int, ...]]] = {
    "answers.yaml": {
        "from": ("answers", 0, "says", 0),
        "silences": (),
        "ask_which": ("choices", 0),
    },
    "locales/en.yaml": dict.fromkeys(
        ["controls", "medical", "danger", "search", "fillers", "danger_words"], ()
    ),
    "examples.yaml": dict.fromkeys(
        [
            "beside",
            "silences",
            "controls",
            "medical",
            "danger",
            "outside",
            "others",
            "asked_of_others",
        ],
        (),
    ),
}


@pytest.mark.parametrize("name", list(KEYS))
def test_each_old_key_gives_one_problem_that_names_the_new_key(
    name: str, copied_content: Path
) -> None:
    path = copied_content / name
    content = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    for old, place in KEYS[name].items():
        parent = content
        for step in place:
            parent = parent[step]
        group, _, inner = RENAMED[old].partition(".")
        if inner:
            parent[old] = parent[group].pop(inner)
            if not parent[group]:
                del parent[group]
        else:
            parent[old] = parent.pop(group)
    path.write_text(yaml.dump(content), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        build(copied_content)
    told = sorted(
        (problem.place.split(": ")[-1], problem.what) for problem in caught.value.problems
    )
    assert told == sorted((old, f'is now called "{RENAMED[old]}"; rename it') for old in KEYS[name])


def test_every_renamed_key_is_tried() -> None:
    assert {old for keys in KEYS.values() for old in keys} == RENAMED.keys()
