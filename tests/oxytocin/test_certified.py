from __future__ import annotations

import json
from pathlib import Path

import pytest
from ask_sdk_model_runtime import DefaultSerializer
from ask_smapi_model.v1.skill.interaction_model.interaction_model_data import InteractionModelData
from ask_smapi_model.v1.skill.manifest.skill_manifest_envelope import SkillManifestEnvelope
from click.testing import CliRunner

from skill.cli import main
from tests.oxytocin.conftest import OXYTOCIN

ADDRESSES = [
    *("--endpoint", "https://skill.example/alexa"),
    *("--privacy-url", "https://a.example/privacy"),
    *("--terms-url", "https://a.example/terms"),
]
EMERGENCY = {"en-AU": "000", "en-CA": "911", "en-GB": "999", "en-IN": "112", "en-US": "911"}


def test_the_shipped_skill_breaks_no_rule() -> None:
    result = CliRunner().invoke(main, ["--content", str(OXYTOCIN), "check", "--json", *ADDRESSES])
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    # The time of a response depends on this machine.
    assert [f for f in report["findings"] if f["rule"] != "response-time"] == []
    assert all(rule["looked_at"] for rule in report["rules"])


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("package")
    options = ["--content", str(OXYTOCIN), "package", "--out", str(out), *ADDRESSES]
    result = CliRunner().invoke(main, options)
    assert result.exit_code == 0, result.output
    return out / "skill-package"


def test_amazons_own_classes_read_the_manifest_and_each_model_completely(package: Path) -> None:
    serializer = DefaultSerializer()
    text = (package / "skill.json").read_text(encoding="utf-8")
    manifest = serializer.deserialize(text, SkillManifestEnvelope)
    assert serializer.serialize(manifest) == json.loads(text)
    models = {path.stem: path for path in (package / "interactionModels" / "custom").iterdir()}
    assert set(models) == set(EMERGENCY)
    for path in models.values():
        text = path.read_text(encoding="utf-8")
        model = serializer.deserialize(text, InteractionModelData).interaction_model.language_model
        assert model.invocation_name == "oxytocin guide"
        language = json.loads(text)["interactionModel"]["languageModel"]
        samples = {intent["name"]: intent["samples"] for intent in language["intents"]}
        assert {intent.name: intent.samples for intent in model.intents} == samples


def test_each_locale_has_its_own_emergency_number(package: Path) -> None:
    manifest = json.loads((package / "skill.json").read_text(encoding="utf-8"))["manifest"]
    listings = manifest["publishingInformation"]["locales"]
    for locale, number in EMERGENCY.items():
        assert f"call {number} or your local emergency number" in listings[locale]["description"]
