from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.cli import main
from tests.conftest import REPO


def _answer(lines: bytes) -> list[dict[str, object]]:
    result = CliRunner().invoke(main, ["answer", "--jsonl"], input=lines)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.splitlines()]


def _lines(*records: object) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def test_a_line_is_answered_with_all_its_fields() -> None:
    (record,) = _answer(_lines({"text": "does oxytocin help wounds"}))
    fields = "text intent answer match score speech sources session_open"
    assert list(record) == fields.split()
    assert record["answer"] == "wounds"
    assert record["sources"] == ["p5.s5"]
    assert record["match"] == "slot"
    assert record["session_open"] is True


def test_each_line_is_a_session_of_its_own_unless_it_names_one() -> None:
    records = _answer(
        _lines(
            {"text": "what is oxytocin", "session": "x"},
            {"text": "tell me more"},
            {"text": "tell me more", "session": "x"},
            {"text": "yes", "session": "y"},
        )
    )
    assert [record["answer"] for record in records] == ["what_is", None, "what_is", None]
    assert "had not offered" in str(records[3]["speech"])


def test_a_bad_line_is_told_in_its_place_and_the_rest_goes_on() -> None:
    bad = [
        b"nonsense\n",
        b"[1]\n",
        b"\xff\xfe\n",
        b"[" * 100_000 + b"\n",
        _lines({"txt": 1}),
        _lines({"text": " "}),
        _lines({"text": "a" * 3000}),
        _lines({"text": "a", "session": 1}),
        b'{"text": "\\ud83d hi"}\n',
    ]
    records = _answer(b"".join(bad) + _lines({"text": "what is oxytocin"}))
    assert [set(record) for record in records[:-1]] == [{"error"}] * len(bad)
    assert records[-1]["answer"] == "what_is"


def test_lines_are_answered_one_by_one_as_they_come() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "skill", "answer", "--jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=REPO,
    ) as process:
        assert process.stdin
        assert process.stdout
        for text, answer in (("what is oxytocin", "what_is"), ("who wrote this", "author")):
            process.stdin.write(_lines({"text": text}))
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["answer"] == answer
        process.stdin.close()
        assert process.wait(10) == 0


@given(st.lists(st.binary(max_size=40).filter(lambda line: b"\n" not in line), max_size=5))
@settings(max_examples=10)
def test_any_bytes_get_one_record_a_line(lines: list[bytes]) -> None:
    records = _answer(b"".join(line + b"\n" for line in lines))
    assert len(records) == len([line for line in lines if line.strip()])


def test_ask_prints_answer_intent_match_and_sources() -> None:
    result = CliRunner().invoke(main, ["ask", "what", "is", "the", "cuddle", "hormone"])
    assert result.exit_code == 0
    for words in ("cuddle hormone", "WhatIsOxytocinIntent", "slot", "p3.s1"):
        assert words in result.output


def test_ask_for_json_shows_the_request_and_the_response() -> None:
    result = CliRunner().invoke(main, ["ask", "--json", "who wrote this"])
    record = json.loads(result.output)
    assert record["request"]["request"]["intent"]["name"] == "WhoWroteThisIntent"
    assert record["response"]["response"]["shouldEndSession"] is False


def test_a_conversation_of_ten_turns_is_held(tmp_path: Path) -> None:
    turns = [
        *("what is oxytocin", "tell me more", "yes", "repeat", "what about men", "and women"),
        *("", "help", "what can i ask", "read me the article", "stop"),
    ]
    typed = "\n".join(turns) + "\n"
    options = ["--memory", str(tmp_path / "m.sqlite3"), "talk"]
    result = CliRunner().invoke(main, options, input=typed)
    assert result.exit_code == 0, result.output
    assert result.output.count("skill> ") == 12
    for words in ("not medical advice", "erections", "Part 1", "Goodbye", "session closed"):
        assert words in result.output


def test_two_silences_end_a_session_and_a_question_opens_a_new_one(tmp_path: Path) -> None:
    options = ["--memory", str(tmp_path / "m.sqlite3"), "talk", "--show"]
    result = CliRunner().invoke(main, options, input="\n\nwhat is oxytocin\n")
    assert "the session is over" in result.output
    assert '"LaunchRequest"' in result.output
    assert "a hormone" in result.output


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--locale", "de-DE", "ask", "hello"], "en-US"),
        (["--content", "/nowhere", "ask", "hello"], "/nowhere"),
        (["--models", "/nowhere", "ask", "hello"], "askable build"),
        (["--content", "/etc/passwd", "ask", "hello"], "no folder"),
        (["--models", "/etc/passwd", "ask", "hello"], "/etc/passwd"),
        (["build", "--source", "/nowhere.tsv"], "/nowhere.tsv"),
        (["hear", "/nowhere.wav"], "/nowhere.wav"),
        (["hear", "/"], "plain file"),
    ],
)
def test_a_wrong_option_is_one_sentence_and_a_failure(options: list[str], says: str) -> None:
    result = CliRunner().invoke(main, options)
    assert result.exit_code == 1
    assert result.output.count("askable: ") == 1
    assert says in result.output


@pytest.mark.slow
def test_a_model_older_than_the_content_is_refused(
    copied_content: Path, quick_learning: None
) -> None:
    options = ["--content", str(copied_content)]
    assert CliRunner().invoke(main, [*options, "build"]).exit_code == 0
    assert CliRunner().invoke(main, [*options, "ask", "what is oxytocin"]).exit_code == 0
    about = copied_content / "article.yaml"
    about.write_text(about.read_text() + "\n# edited\n")
    result = CliRunner().invoke(main, [*options, "ask", "what is oxytocin"])
    assert result.exit_code == 1
    assert "run `askable build`" in result.output


def test_help_teaches_every_command_with_examples() -> None:
    result = CliRunner().invoke(main, ["--help"])
    for words in ("ask", "talk", "hear", "answer", "simulator", "build", "outline", "Examples:"):
        assert words in result.output


def test_a_model_that_is_none_is_refused(tmp_path: Path) -> None:
    for name in ("en-US.json", "matcher.npz"):
        (tmp_path / name).write_bytes((REPO / "interaction_model" / name).read_bytes())
    (tmp_path / "en-US.json").write_text("{}")
    result = CliRunner().invoke(main, ["--models", str(tmp_path), "ask", "hello"])
    assert result.exit_code == 1
    assert f"{tmp_path}/en-US.json: is no interaction model" in result.output


def test_a_memory_that_cannot_be_used_is_told_once_and_the_talk_goes_on(tmp_path: Path) -> None:
    options = ["--memory", str(tmp_path), "talk"]
    result = CliRunner().invoke(main, options, input="what is oxytocin\n")
    assert result.output.count("not be remembered") == 1
    assert "a hormone" in result.output


@pytest.mark.parametrize("command", [["talk"], ["answer", "--jsonl"]])
def test_closed_standard_input_is_one_sentence(command: list[str], tmp_path: Path) -> None:
    closed = f"exec {sys.executable} -m skill --memory {tmp_path}/m.db {' '.join(command)} <&-"
    done = subprocess.run(["sh", "-c", closed], capture_output=True, text=True, cwd=REPO)
    assert done.returncode == 1
    assert "standard input is closed" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_full_disk_is_one_sentence() -> None:
    with Path("/dev/full").open("w") as full:
        asked = [sys.executable, "-m", "skill", "ask", "who wrote this"]
        done = subprocess.run(asked, stdout=full, stderr=subprocess.PIPE, text=True, cwd=REPO)
    assert done.returncode == 1
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_two_articles_do_not_overwrite_each_other(
    copied_content: Path, quick_learning: None
) -> None:
    second = copied_content.with_name("second")
    shutil.copytree(copied_content, second)
    for folder in (copied_content, second):
        assert CliRunner().invoke(main, ["--content", str(folder), "build"]).exit_code == 0
    for folder in (copied_content, second):
        options = ["--content", str(folder), "ask", "what is oxytocin"]
        assert CliRunner().invoke(main, options).exit_code == 0
