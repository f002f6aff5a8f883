from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from skill.cli import main
from skill.settings import Settings
from skill.tools.evaluate import Case, EvaluationReport, Outcome, Share

QUESTIONS = """\
- {text: what is green tea, answer: green}
- {text: how expensive is tea, refuse: outside}
- {text: what is black tea, answer: [green, evening]}
- {text: tell me more, before: [what is black tea], answer: black}
- {text: help, intent: AMAZON.HelpIntent}
"""


def _run(settings: Settings, *arguments: str) -> Result:
    options = ["--content", str(settings.content), "--models", str(settings.models)]
    return CliRunner().invoke(main, [*options, *arguments])


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "q.yaml"
    path.write_text(QUESTIONS, encoding="utf-8")
    return path


def test_eval_counts_the_right_answers_of_each_kind_and_draws_a_page(
    settings: Settings, questions: Path, tmp_path: Path
) -> None:
    page = tmp_path / "q.html"
    result = _run(settings, "eval", str(questions), "--html", str(page))
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert [line.split("  ")[0].strip() for line in lines[:4]] == [
        "in the article",
        "outside",
        "control",
        "all",
    ]
    assert "2 of 3" in lines[0]
    assert "4 of 5" in lines[3]
    assert "  1 x answer:green taken for answer:black" in lines
    html = page.read_text(encoding="utf-8")
    assert html.count("<svg") == 2
    assert "answer:green taken for answer:black: 1" in html


def test_a_page_escapes_the_words_of_questions(
    settings: Settings, questions: Path, tmp_path: Path
) -> None:
    questions.write_text("- {text: '<b>what is green tea', answer: black}", encoding="utf-8")
    page = tmp_path / "q.html"
    assert _run(settings, "eval", str(questions), "--html", str(page)).exit_code == 0
    html = page.read_text(encoding="utf-8")
    assert "&lt;b&gt;what is green tea" in html
    assert "<b>" not in html


@pytest.mark.parametrize(("least", "code"), [("70", 0), ("90", 1)])
def test_eval_fails_below_the_given_share(
    least: str, code: int, settings: Settings, questions: Path
) -> None:
    result = _run(settings, "eval", str(questions), "--json", "--fail-under", least)
    assert result.exit_code == code
    report = json.loads(result.stdout)
    assert report["kinds"]["outside"]["of"] == 1
    assert [outcome["got"] for outcome in report["outcomes"]] == [
        "answer:green",
        "refuse:outside",
        "answer:black",
        "answer:black",
        "intent:AMAZON.HelpIntent",
    ]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("q.yaml", "\n- {text: a, answer: nobody}", ':2: answer: "nobody" is not known'),
        ("q.yaml", "- {text: a}", ":1: should have exactly one of"),
        ("q.yaml", "- {answer: green}", ":1: text: is missing"),
        ("q.yaml", "- {text: a, anser: green}", ":1: anser: unknown field"),
        ("q.yaml", "- {text: a, refuse: [1]}", ":1: refuse: should be a text"),
        ("q.yaml", "- {text: a, refuse: []}", ":1: refuse: is empty"),
        ("q.yaml", "- just words", ":1: text: is missing"),
        ("q.yaml", "a: 'b", "bad YAML"),
        ("q.yaml", "{}", "should be a list"),
        ("q.yaml", "", "should be a list"),
        ("q.yaml", "[]", "holds no question"),
        ("q.jsonl", '{"text": "a"\n', ":1: is not JSON"),
        ("q.jsonl", '\n{"text": "a"}\n', ":2: should have exactly one of"),
    ],
)
def test_a_malformed_question_is_reported_with_its_line(
    name: str, text: str, says: str, settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    result = _run(settings, "eval", str(path))
    assert result.exit_code == 1
    assert result.output.startswith(f"askable: {path}:")
    assert says in result.output


def test_every_malformed_question_of_a_file_is_reported(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "q.yaml"
    path.write_text("- {text: a}\n- {answer: green}\n", encoding="utf-8")
    lines = _run(settings, "eval", str(path)).output.splitlines()
    assert [line.split(": ")[1] for line in lines] == [f"{path}:1", f"{path}:2"]


def test_eval_of_a_data_set_names_the_command_that_replaced_it(settings: Settings) -> None:
    result = _run(settings, "eval", "--model", "set.json")
    assert result.exit_code == 1
    assert "python -m bench.clinc set.json" in result.output


def test_explain_shows_the_thresholds_the_labels_and_the_nearest_training_data(
    settings: Settings,
) -> None:
    result = _run(settings, "explain", "what", "is", "green", "tea")
    assert result.exit_code == 0, result.output
    for words in ("match    slot: GreenTeaIntent", "verdict", "limits", "answer:green", "best"):
        assert words in result.output


def test_misses_groups_what_was_logged(settings: Settings, tmp_path: Path) -> None:
    log = tmp_path / "misses.txt"
    asked = b'{"text": "what is the price of sencha in this town"}\n{"text": "what is black tea"}\n'
    options = ["--content", str(settings.content), "--models", str(settings.models)]
    for _ in range(2):
        arguments = [*options, "--misses", str(log), "answer", "--jsonl"]
        assert CliRunner().invoke(main, arguments, input=asked).exit_code == 0
    logged = log.read_text(encoding="utf-8").splitlines()
    assert len(logged) == 2
    assert len(set(logged)) == 1
    result = CliRunner().invoke(main, [*options, "--misses", str(log), "misses"])
    assert result.output.startswith("   2  near ")
    assert f"         2  {logged[0]}" in result.output


def test_misses_without_a_file_says_how_to_get_one(settings: Settings) -> None:
    result = _run(settings, "misses")
    assert result.exit_code == 1
    assert "--misses" in result.output


@given(st.integers(0, 50), st.integers(0, 50))
def test_an_interval_contains_its_share(right: int, wrong: int) -> None:
    share = Share(right, right + wrong)
    low, high = share.interval
    assert 0 <= low <= high <= 1
    if right + wrong:
        assert low - 1e-9 <= share.value <= high + 1e-9


def test_risk_and_coverage_go_from_the_highest_score_down() -> None:
    results = {"a": ("refuse:outside", 0.7), "b": ("answer:y", 0.8), "c": ("answer:x", 0.9)}
    report = EvaluationReport(
        tuple(
            Outcome(Case(text, ("answer:x",)), got, score, 0.0)
            for text, (got, score) in results.items()
        )
    )
    assert report.risk_coverage() == [(1 / 3, 0.0), (2 / 3, 0.5)]


def test_a_false_fact_is_a_fact_where_a_refusal_is_expected() -> None:
    outcomes = (
        Outcome(Case("a", ("refuse:outside",)), "answer:x", 0.5, 0.1),
        Outcome(Case("b", ("refuse:outside",)), "intent:AMAZON.HelpIntent", 0.9, 0.2),
        Outcome(Case("c", ("answer:y",)), "answer:x", 0.7, 0.3),
    )
    report = EvaluationReport(outcomes)
    assert report.false_facts == Share(1, 2)
    assert [outcome.case.text for outcome in report.worst] == ["a", "b", "c"]
    assert report.latency["p50"] == 0.2
    matrix = report.confusion_matrix()
    assert list(matrix) == ["answer:y", "refuse:outside"]
    assert matrix["refuse:outside"]["answer:x"] == 1
