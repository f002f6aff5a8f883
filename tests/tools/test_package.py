from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from skill.cli import main
from skill.content import read_listing
from skill.errors import ContentError
from skill.tools.build import Built
from tests.conftest import REPO, TEA

LOCALES = ["en-GB", "en-US"]
PAGES = ["--privacy-url", "https://a.example/privacy", "--terms-url", "https://a.example/terms"]
ENDPOINT = ["--endpoint", "https://skill.example/alexa"]
ARN = "arn:aws:lambda:eu-west-1:000000000000:function:skill"


def _package(out: Path, *options: str, content: Path = TEA) -> tuple[int, str]:
    given = ["--content", str(content), "package", "--out", str(out), *options]
    result = CliRunner().invoke(main, given)
    return result.exit_code, result.output


def _manifest(out: Path) -> Any:
    text = (out / "skill-package" / "skill.json").read_text(encoding="utf-8")
    return json.loads(text)["manifest"]


def _files(out: Path) -> dict[str, bytes]:
    found = {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}
    assert found
    return found


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("packed")
    assert _package(out, *ENDPOINT, *PAGES)[0] == 0
    return out


def test_a_package_has_the_files_that_ask_cli_reads_and_no_others(packed: Path) -> None:
    assert set(_files(packed)) == {
        "ask-resources.json",
        "skill-package/skill.json",
        "skill-package/assets/images/small_icon.png",
        "skill-package/assets/images/large_icon.png",
        *(f"skill-package/interactionModels/custom/{locale}.json" for locale in LOCALES),
    }


def test_every_locale_gets_the_compiled_model(packed: Path, built: Built) -> None:
    model = built.model
    for locale in LOCALES:
        inside = packed / f"skill-package/interactionModels/custom/{locale}.json"
        assert inside.read_text(encoding="utf-8") == model


def test_a_second_run_writes_nothing(packed: Path) -> None:
    before = _files(packed)
    code, output = _package(packed, *ENDPOINT, *PAGES)
    assert (code, output) == (0, "")
    assert _files(packed) == before


@pytest.mark.slow
def test_another_process_with_another_hash_seed_writes_the_same_bytes(
    packed: Path, tmp_path: Path
) -> None:
    subprocess.run(
        [
            *(sys.executable, "-m", "skill", "--content", str(TEA)),
            *("package", "--out", str(tmp_path), *ENDPOINT, *PAGES),
        ],
        env={"PYTHONHASHSEED": "7", "PATH": "/usr/bin"},
        cwd=REPO,
        check=True,
        capture_output=True,
    )
    assert _files(tmp_path) == _files(packed)


def test_each_locale_has_its_own_emergency_number(packed: Path) -> None:
    listed = _manifest(packed)["publishingInformation"]["locales"]
    for locale, number in {"en-GB": "999", "en-US": "911"}.items():
        assert f"call {number} or your local emergency number" in listed[locale]["description"]


def test_endpoint_and_pages_are_in_the_manifest(packed: Path) -> None:
    manifest = _manifest(packed)
    assert manifest["apis"]["custom"]["endpoint"] == {
        "uri": "https://skill.example/alexa",
        "sslCertificateType": "Trusted",
    }
    assert manifest["events"]["subscriptions"] == [{"eventName": "SKILL_DISABLED"}]
    pages = manifest["privacyAndCompliance"]["locales"]
    assert set(pages) == set(LOCALES)
    assert pages["en-GB"] == {
        "privacyPolicyUrl": "https://a.example/privacy",
        "termsOfUseUrl": "https://a.example/terms",
    }


def test_a_lambda_function_can_be_the_endpoint(copied_content: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert _package(out, "--lambda-arn", ARN, *PAGES, content=copied_content)[0] == 0
    assert _manifest(out)["apis"]["custom"]["endpoint"] == {"uri": ARN}


def test_unknown_addresses_are_reported_and_left_out(copied_content: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, output = _package(out, content=copied_content)
    assert code == 0
    for words in ("no endpoint", "--endpoint", "--lambda-arn", "--privacy-url", "docs/terms.md"):
        assert words in output
    manifest = _manifest(out)
    assert manifest["apis"] == {"custom": {}}
    assert "events" not in manifest


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--endpoint", "http://skill.example/alexa"], 'endpoint "http://skill.example/alexa"'),
        (["--endpoint", "https://[skill/alexa"], "is neither an https:// address"),
        (
            ["--endpoint", "https://skill.example", "--lambda-arn", ARN],
            "has only one of them",
        ),
        (["--privacy-url", "https://a.example/privacy"], "termsOfUseUrl"),
        ([*PAGES[:2], "--terms-url", "https://amazon.example/t"], "a trademark of Amazon"),
    ],
)
def test_a_wrong_address_is_refused_and_nothing_is_written(
    options: list[str], says: str, copied_content: Path, tmp_path: Path
) -> None:
    code, output = _package(tmp_path / "out", *options, content=copied_content)
    assert code == 1
    assert says in output
    assert all(line.startswith("askable: ") for line in output.splitlines())
    assert not (tmp_path / "out").exists()


def test_a_listing_that_breaks_a_rule_is_refused_with_file_line_and_field(
    copied_content: Path, tmp_path: Path
) -> None:
    store = copied_content / "store.yaml"
    text = store.read_text(encoding="utf-8")
    store.write_text(text.replace("not medical advice", "no advice"), encoding="utf-8")
    code, output = _package(tmp_path / "out", content=copied_content)
    assert code == 1
    line = text[: text.index("description:")].count("\n") + 1
    assert output.startswith(f"askable: tea/store.yaml:{line}: description: the description")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("replace", "by", "says"),
    [
        ("name: Tea Guide\n", "", "name: is missing"),
        ("{emergency}", "{urgent}", 'description[1]: "{urgent}" is not known'),
        ("category:", "kategory:", "kategory: unknown field"),
        ("keywords: [", "keywords: [[", "store.yaml"),
    ],
)
def test_a_fault_in_the_listing_is_reported_with_its_line(
    replace: str, by: str, says: str, copied_content: Path, tmp_path: Path
) -> None:
    store = copied_content / "store.yaml"
    text = store.read_text(encoding="utf-8")
    assert replace in text
    store.write_text(text.replace(replace, by), encoding="utf-8")
    code, output = _package(tmp_path / "out", content=copied_content)
    assert code == 1
    assert "askable: tea/store.yaml:" in output
    assert says in output


def test_a_missing_listing_is_reported_with_the_file_to_create(
    copied_content: Path, tmp_path: Path
) -> None:
    (copied_content / "store.yaml").unlink()
    code, output = _package(tmp_path / "out", content=copied_content)
    assert code == 1
    assert "tea/store.yaml: the file is missing; create it" in output


@given(st.binary(max_size=80))
def test_any_bytes_in_a_listing_are_a_content_error(
    tmp_path_factory: pytest.TempPathFactory, mangled: bytes
) -> None:
    folder = tmp_path_factory.mktemp("mangled")
    (folder / "store.yaml").write_bytes(mangled)
    with pytest.raises(ContentError):
        read_listing(folder)


def test_the_model_of_a_removed_locale_is_deleted(copied_content: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    models = out / "skill-package" / "interactionModels" / "custom"
    models.mkdir(parents=True)
    (models / "fr-FR.json").write_text("{}")
    assert _package(out, content=copied_content)[0] == 0
    assert sorted(path.stem for path in models.iterdir()) == LOCALES
