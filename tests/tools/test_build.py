from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from ask_sdk_model_runtime import DefaultSerializer
from ask_smapi_model.v1.skill.interaction_model.interaction_model_data import InteractionModelData
from click.testing import CliRunner

from skill.cli import main
from skill.content.coverage import FEW_SAMPLES, FEW_TEMPLATES
from skill.content.loader import load_article
from skill.content.text import word_count
from skill.conversation.replies import Reply
from skill.errors import StaleError
from skill.tools.build import Built, check, compare, outline, write
from tests.conftest import CONTENT, REPO

LOCALES = ["en-AU", "en-CA", "en-GB", "en-IN", "en-US"]


def test_what_is_checked_in_is_what_the_content_compiles_to(built: Built) -> None:
    check(built, REPO / "interaction_model", REPO / "docs")


_WRITE = """
import sys
from pathlib import Path
from skill.tools.build import build, write
write(build(Path(sys.argv[1])), Path(sys.argv[2]), Path(sys.argv[2]))
"""


@pytest.mark.slow
def test_two_processes_with_different_hash_seeds_compile_the_same_bytes(tmp_path: Path) -> None:
    for seed in ("1", "2"):
        folder = tmp_path / seed
        subprocess.run(
            [sys.executable, "-c", _WRITE, str(CONTENT), str(folder)],
            env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin"},
            cwd=REPO,
            check=True,
            capture_output=True,
        )
    first = {path.name: path.read_bytes() for path in (tmp_path / "1").iterdir()}
    second = {path.name: path.read_bytes() for path in (tmp_path / "2").iterdir()}
    assert first == second
    assert set(first) == {f"{locale}.json" for locale in LOCALES} | {"coverage.svg"}


def test_a_stale_file_fails_the_check_by_name(tmp_path: Path, built: Built) -> None:
    models = tmp_path / "models"
    write(built, models, tmp_path / "docs")
    shutil.copy(REPO / "interaction_model" / "matcher.npz", models)
    check(built, models, tmp_path / "docs")
    options = ["--content", str(CONTENT), "--models", str(models), "build"]
    (models / "en-GB.json").write_text("{}")
    stale = CliRunner().invoke(main, [*options, "--check"])
    assert stale.exit_code == 1
    assert "en-GB.json" in stale.output
    assert "en-US.json" not in stale.output


def test_a_model_that_no_content_makes_is_stale(tmp_path: Path, built: Built) -> None:
    write(built, tmp_path / "m", tmp_path / "d")
    (tmp_path / "m" / "de-DE.json").write_text("{}")
    with pytest.raises(StaleError, match="de-DE"):
        check(built, tmp_path / "m", tmp_path / "d")


@pytest.mark.parametrize("locale", LOCALES)
def test_a_model_loads_into_amazons_own_classes_and_keeps_every_sample(locale: str) -> None:
    text = (REPO / "interaction_model" / f"{locale}.json").read_text(encoding="utf-8")
    language = json.loads(text)["interactionModel"]["languageModel"]
    loaded = DefaultSerializer().deserialize(text, InteractionModelData)
    theirs = loaded.interaction_model.language_model
    assert theirs.invocation_name == language["invocationName"] == "oxytocin guide"
    assert {i.name: i.samples for i in theirs.intents} == {
        i["name"]: i["samples"] for i in language["intents"]
    }
    assert {t.name for t in theirs.types} == {t["name"] for t in language["types"]}
    assert theirs.model_configuration.fallback_intent_sensitivity.level is not None


def test_every_sentence_that_states_something_is_said_by_an_answer(built: Built) -> None:
    coverage = built.coverage
    assert coverage.unsaid == ()
    assert coverage.citing["p1.s5"] == ()  # the bare question


def test_every_answer_can_be_asked_for_in_many_ways(built: Built) -> None:
    coverage = built.coverage
    assert coverage.thin == ()
    assert min(coverage.samples.values()) >= FEW_SAMPLES
    assert min(len(answer.asks) for answer in built.article.answers.values()) >= FEW_TEMPLATES


def test_every_part_fits_one_breath_and_names_its_sources() -> None:
    for answer in load_article(CONTENT).answers.values():
        for part in answer.parts:
            assert word_count(Reply(part).speech) <= 45
            assert all(sentence.sources for sentence in part)


def test_what_is_told_first_of_every_answer_attributes_its_claims() -> None:
    plain = {"other_name", "blush_looks", "follow"}  # names and looks, not claims
    for answer in load_article(CONTENT).answers.values():
        speech = Reply(answer.says).speech
        attributed = any(word in speech for word in ("Castellanos", "She ", "she ", "Her "))
        assert attributed or answer.id in plain, answer.id


SOURCE = REPO.parent / "shared" / "article" / "sentences.tsv"


def test_the_content_knows_every_sentence_of_a_source_and_quotes_none(
    tmp_path: Path, built: Built
) -> None:
    source = tmp_path / "sentences.tsv"
    sentences = {locator: f"a stand-in for {locator}" for locator in built.article.outline}
    source.write_text("".join(f"{name}\t{text}\n" for name, text in sentences.items()))
    touched = compare(built, source)
    assert len(touched) == len(sentences)
    assert any(line.startswith("p5.s5: reads otherwise") and "wounds" in line for line in touched)


@pytest.mark.skipif(not SOURCE.exists(), reason="the article is not part of the repo")
def test_the_shipped_content_agrees_with_the_article_itself(built: Built) -> None:
    assert compare(built, SOURCE) == []


def test_words_taken_over_from_a_source_are_reported(tmp_path: Path, built: Built) -> None:
    said = built.article.answers["other_name"].says[0].text
    source = tmp_path / "sentences.tsv"
    source.write_text(f"p1.s1\t{said}\n")
    assert any("quotes the article" in line for line in compare(built, source))


def test_an_outline_hashes_each_sentence_of_a_source(tmp_path: Path) -> None:
    source = tmp_path / "sentences.tsv"
    source.write_text("locator\tsentence\np1.s1\tWater is wet.\n")
    made = yaml.safe_load(outline(source))["outline"]
    assert [entry["locator"] for entry in made] == ["p1.s1"]
    assert len(made[0]["hash"]) == 16


def test_a_malformed_source_is_told_with_its_line(tmp_path: Path) -> None:
    source = tmp_path / "sentences.tsv"
    source.write_text("p1.s1\tWater is wet.\nno tab here\n")
    result = CliRunner().invoke(main, ["outline", str(source)])
    assert result.exit_code == 1
    assert f"{source}:2" in result.output


@pytest.mark.parametrize(
    ("table", "says"),
    [("", "holds no sentence"), ("p1.s1\ta\np1.s1\tb\n", ":2"), ("p1: {\ta\n", ":1")],
)
def test_a_source_that_would_make_a_bad_outline_is_refused(
    table: str, says: str, tmp_path: Path
) -> None:
    source = tmp_path / "sentences.tsv"
    source.write_text(table)
    result = CliRunner().invoke(main, ["outline", str(source)])
    assert result.exit_code == 1
    assert says in result.output


def test_a_table_with_a_byte_order_mark_or_a_very_long_sentence_is_read(tmp_path: Path) -> None:
    source = tmp_path / "sentences.tsv"
    source.write_text("\ufefflocator\tsentence\np1.s1\t" + "long " * 50_000 + "\n")
    made = yaml.safe_load(outline(source))["outline"]
    assert [entry["locator"] for entry in made] == ["p1.s1"]


def test_the_model_of_a_locale_that_is_gone_is_taken_away(built: Built, tmp_path: Path) -> None:
    write(built, tmp_path / "m", tmp_path / "d")
    (tmp_path / "m" / "fr-FR.json").write_text("{}")
    (tmp_path / "m" / "notes.json").write_text("{}")
    write(built, tmp_path / "m", tmp_path / "d")
    shutil.copy(REPO / "interaction_model" / "matcher.npz", tmp_path / "m")
    check(built, tmp_path / "m", tmp_path / "d")
    assert not (tmp_path / "m" / "fr-FR.json").exists()
    assert (tmp_path / "m" / "notes.json").exists()
