from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from skill.cli import main
from skill.content import compare_with_source, make_outline
from skill.tools.build import Built


def test_the_comparison_names_each_changed_sentence_and_its_answers(
    tmp_path: Path, built: Built
) -> None:
    source = tmp_path / "sentences.tsv"
    sentences = {locator: f"a stand-in for {locator}" for locator in built.article.outline}
    source.write_text("".join(f"{name}\t{text}\n" for name, text in sentences.items()))
    lines = compare_with_source(built.article, built.coverage, source)
    assert len(lines) == len(sentences)
    assert any(line.startswith("p2.s1: ") and line.endswith(": evening") for line in lines)


def test_words_taken_from_the_source_are_reported(tmp_path: Path, built: Built) -> None:
    source = tmp_path / "sentences.tsv"
    source.write_text(f"p1.s1\t{built.article.answers['green'].says[0].text}\n")
    lines = compare_with_source(built.article, built.coverage, source)
    assert any("quotes the article" in line for line in lines)


def test_an_outline_has_a_hash_of_each_sentence(tmp_path: Path) -> None:
    source = tmp_path / "sentences.tsv"
    source.write_text("locator\tsentence\np1.s1\tWater is wet.\n")
    entries = yaml.safe_load(make_outline(source))["outline"]
    assert [entry["locator"] for entry in entries] == ["p1.s1"]
    assert len(entries[0]["hash"]) == 16


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("", "holds no sentence"),
        ("p1.s1\tWater is wet.\nno tab here\n", ":2"),
        ("p1.s1\ta\np1.s1\tb\n", ":2"),
        ("p1: {\ta\n", ":1"),
    ],
)
def test_a_malformed_source_is_reported_with_its_line(
    table: str, says: str, tmp_path: Path
) -> None:
    source = tmp_path / "sentences.tsv"
    source.write_text(table)
    result = CliRunner().invoke(main, ["outline", str(source)])
    assert result.exit_code == 1
    assert result.output.startswith(f"askable: {source}:")
    assert says in result.output


def test_a_table_with_a_byte_order_mark_or_a_very_long_sentence_is_read(tmp_path: Path) -> None:
    source = tmp_path / "sentences.tsv"
    source.write_text("\ufefflocator\tsentence\np1.s1\t" + "long " * 50_000 + "\n")
    entries = yaml.safe_load(make_outline(source))["outline"]
    assert [entry["locator"] for entry in entries] == ["p1.s1"]
