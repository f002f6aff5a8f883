from __future__ import annotations

import json
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
from ask_sdk_model_runtime import DefaultSerializer
from ask_smapi_model.v1.skill.interaction_model.interaction_model_data import InteractionModelData
from ask_smapi_model.v1.skill.manifest.skill_manifest_envelope import SkillManifestEnvelope
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from skill.alexa.icon import draw_icon
from skill.cli import main
from skill.content.store_listing import read_listing
from skill.errors import ContentError
from tests.conftest import CONTENT, REPO

LOCALES = ["en-AU", "en-CA", "en-GB", "en-IN", "en-US"]
PAGES = ["--privacy-url", "https://a.example/privacy", "--terms-url", "https://a.example/terms"]
ENDPOINT = ["--endpoint", "https://skill.example/alexa"]
ARN = "arn:aws:lambda:eu-west-1:000000000000:function:skill"


def _package(out: Path, *options: str, content: Path = CONTENT) -> tuple[int, str]:
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


def test_a_package_holds_what_ask_cli_reads_and_nothing_else(packed: Path) -> None:
    assert set(_files(packed)) == {
        "ask-resources.json",
        "skill-package/skill.json",
        "skill-package/assets/images/small_icon.png",
        "skill-package/assets/images/large_icon.png",
        *(f"skill-package/interactionModels/custom/{locale}.json" for locale in LOCALES),
    }


def test_the_models_in_the_package_are_the_compiled_ones(packed: Path) -> None:
    for locale in LOCALES:
        inside = packed / f"skill-package/interactionModels/custom/{locale}.json"
        assert inside.read_bytes() == (REPO / "interaction_model" / f"{locale}.json").read_bytes()


def test_amazons_own_classes_read_manifest_and_models_whole(packed: Path) -> None:
    text = (packed / "skill-package" / "skill.json").read_text(encoding="utf-8")
    serializer = DefaultSerializer()
    loaded = serializer.deserialize(text, SkillManifestEnvelope)
    assert serializer.serialize(loaded) == json.loads(text)
    model = packed / "skill-package/interactionModels/custom/en-US.json"
    theirs = serializer.deserialize(model.read_text(encoding="utf-8"), InteractionModelData)
    assert theirs.interaction_model.language_model.invocation_name == "oxytocin guide"


def test_a_second_run_writes_nothing(packed: Path) -> None:
    before = _files(packed)
    code, told = _package(packed, *ENDPOINT, *PAGES)
    assert (code, told) == (0, "")
    assert _files(packed) == before


@pytest.mark.slow
def test_another_process_with_another_hash_seed_writes_the_same_bytes(
    packed: Path, tmp_path: Path
) -> None:
    subprocess.run(
        [sys.executable, "-m", "skill", "package", "--out", str(tmp_path), *ENDPOINT, *PAGES],
        env={"PYTHONHASHSEED": "7", "PATH": "/usr/bin"},
        cwd=REPO,
        check=True,
        capture_output=True,
    )
    assert _files(tmp_path) == _files(packed)


def test_each_locale_tells_its_own_emergency_number(packed: Path) -> None:
    listed = _manifest(packed)["publishingInformation"]["locales"]
    numbers = {"en-AU": "000", "en-CA": "911", "en-GB": "999", "en-IN": "112", "en-US": "911"}
    for locale, number in numbers.items():
        assert f"call {number} or your local emergency number" in listed[locale]["description"]


def test_endpoint_and_pages_stand_in_the_manifest(packed: Path) -> None:
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


def test_a_lambda_function_is_an_endpoint_too(small_article: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert _package(out, "--lambda-arn", ARN, *PAGES, content=small_article)[0] == 0
    assert _manifest(out)["apis"]["custom"]["endpoint"] == {"uri": ARN}


def test_what_is_not_known_yet_is_told_and_left_out(small_article: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, told = _package(out, content=small_article)
    assert code == 0
    for words in ("no endpoint", "--endpoint", "--lambda-arn", "--privacy-url", "docs/terms.md"):
        assert words in told
    manifest = _manifest(out)
    assert manifest["apis"] == {"custom": {}}
    assert "events" not in manifest


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--endpoint", "http://skill.example/alexa"], 'endpoint "http://skill.example/alexa"'),
        (["--endpoint", "https://[skill/alexa"], "no https:// address"),
        (["--endpoint", "https://skill.example", "--lambda-arn", ARN], "both are given"),
        (["--privacy-url", "https://a.example/privacy"], "termsOfUseUrl"),
        ([*PAGES[:2], "--terms-url", "https://amazon.example/t"], "a mark of Amazon's"),
    ],
)
def test_a_wrong_address_is_refused_and_nothing_is_written(
    options: list[str], says: str, small_article: Path, tmp_path: Path
) -> None:
    code, told = _package(tmp_path / "out", *options, content=small_article)
    assert code == 1
    assert says in told
    assert all(line.startswith("askable: ") for line in told.splitlines())
    assert not (tmp_path / "out").exists()


def test_a_listing_that_breaks_a_rule_is_refused_with_file_line_and_field(
    small_article: Path, tmp_path: Path
) -> None:
    store = small_article / "store.yaml"
    text = store.read_text(encoding="utf-8")
    store.write_text(text.replace("not medical advice", "no advice"), encoding="utf-8")
    code, told = _package(tmp_path / "out", content=small_article)
    assert code == 1
    line = text[: text.index("description:")].count("\n") + 1
    assert told.startswith(f"askable: tea/store.yaml:{line}: description: the description")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("replace", "by", "says"),
    [
        ("name: Oxytocin Guide\n", "", "name: is missing"),
        ("{emergency}", "{urgent}", 'description[3]: "{urgent}" is not known'),
        ("category:", "kategory:", "kategory: unknown field"),
        ("keywords: [", "keywords: [[", "store.yaml"),
    ],
)
def test_a_fault_in_the_listing_is_told_with_its_line(
    replace: str, by: str, says: str, small_article: Path, tmp_path: Path
) -> None:
    store = small_article / "store.yaml"
    text = store.read_text(encoding="utf-8")
    assert replace in text
    store.write_text(text.replace(replace, by), encoding="utf-8")
    code, told = _package(tmp_path / "out", content=small_article)
    assert code == 1
    assert "askable: tea/store.yaml:" in told
    assert says in told


def test_an_article_without_a_listing_is_told_which_file_to_write(
    small_article: Path, tmp_path: Path
) -> None:
    (small_article / "store.yaml").unlink()
    code, told = _package(tmp_path / "out", content=small_article)
    assert code == 1
    assert "tea/store.yaml: the file is missing; create it" in told


@given(st.binary(max_size=80))
def test_any_bytes_in_a_listing_are_a_content_error(
    tmp_path_factory: pytest.TempPathFactory, mangled: bytes
) -> None:
    folder = tmp_path_factory.mktemp("mangled")
    (folder / "store.yaml").write_bytes(mangled)
    with pytest.raises(ContentError):
        read_listing(folder)


def test_the_model_of_a_locale_that_is_gone_is_taken_away(
    small_article: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    models = out / "skill-package" / "interactionModels" / "custom"
    models.mkdir(parents=True)
    (models / "fr-FR.json").write_text("{}")
    assert _package(out, content=small_article)[0] == 0
    assert [path.name for path in models.iterdir()] == ["en-US.json"]


@pytest.mark.parametrize("pixels", [108, 512])
def test_an_icon_is_a_whole_png_of_its_size_that_shows_something(pixels: int) -> None:
    data = draw_icon(pixels)
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">IIBB", data[16:26]) == (pixels, pixels, 8, 2)
    chunks = {}
    at = 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        (checksum,) = struct.unpack(">I", data[at + 8 + length : at + 12 + length])
        assert checksum == zlib.crc32(kind + body)
        chunks[kind] = body
        at += 12 + length
    lines = zlib.decompress(chunks[b"IDAT"])
    assert len(lines) == pixels * (1 + 3 * pixels)

    def color(x: float, y: float) -> tuple[int, ...]:
        begin = int(y * pixels) * (1 + 3 * pixels) + 1 + 3 * int(x * pixels)
        return tuple(lines[begin : begin + 3])

    edge, paper, wave = color(0.02, 0.5), color(0.5, 0.3), color(0.5, 0.5)
    assert edge[2] > edge[0]  # blue around
    assert min(paper) > 230  # a pale bubble
    assert wave[0] > 150 > wave[1]  # a red wave in its middle
