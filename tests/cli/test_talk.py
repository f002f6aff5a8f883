from __future__ import annotations

import json
import shlex
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from skill.alexa.requests import USER_ID
from skill.settings import Settings
from tests.conftest import REPO
from tests.support.cli import command_line, invoke


@pytest.fixture
def own_memory(settings: Settings, tmp_path: Path) -> Settings:
    """The settings with a memory that no other test uses."""
    return replace(settings, memory=tmp_path / "memory.sqlite3")


def _answer(settings: Settings, lines: bytes) -> list[dict[str, object]]:
    result = invoke(settings, "answer", "--jsonl", typed=lines)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.splitlines()]


def _lines(*records: object) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def test_a_line_is_answered_with_all_its_fields(settings: Settings) -> None:
    (record,) = _answer(settings, _lines({"text": "how is sencha made"}))
    fields = "text intent answer match score speech sources session_open"
    assert list(record) == fields.split()
    assert record["answer"] == "green"
    assert record["sources"] == ["p1.s1"]
    assert record["match"] == "slot"
    assert record["session_open"] is True


def test_each_line_is_a_session_of_its_own_unless_it_names_one(settings: Settings) -> None:
    records = _answer(
        settings,
        _lines(
            {"text": "what is black tea", "session": "x"},
            {"text": "tell me more"},
            {"text": "tell me more", "session": "x"},
            {"text": "yes", "session": "y"},
        ),
    )
    assert [record["answer"] for record in records] == ["black", None, "black", None]
    assert "had not offered" in str(records[3]["speech"])


def test_a_malformed_line_is_reported_in_its_place_and_the_rest_goes_on(
    settings: Settings,
) -> None:
    malformed = [
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
    records = _answer(settings, b"".join(malformed) + _lines({"text": "what is black tea"}))
    assert [set(record) for record in records[:-1]] == [{"error"}] * len(malformed)
    assert records[-1]["answer"] == "black"


def test_lines_are_answered_one_by_one_as_they_come(settings: Settings) -> None:
    with subprocess.Popen(
        command_line(settings, "answer", "--jsonl"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=REPO,
    ) as process:
        assert process.stdin
        assert process.stdout
        for text, answer in (("what is black tea", "black"), ("what is sencha", "green")):
            process.stdin.write(_lines({"text": text}))
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["answer"] == answer
        process.stdin.close()
        assert process.wait(10) == 0


@given(st.lists(st.binary(max_size=40).filter(lambda line: b"\n" not in line), max_size=5))
@hypothesis_settings(max_examples=10)
def test_any_bytes_get_one_record_a_line(settings: Settings, lines: list[bytes]) -> None:
    records = _answer(settings, b"".join(line + b"\n" for line in lines))
    assert len(records) == len([line for line in lines if line.strip()])


def test_ask_prints_answer_intent_match_and_sources(settings: Settings) -> None:
    result = invoke(settings, "ask", "what", "is", "sencha")
    assert result.exit_code == 0
    assert result.output.splitlines()[1:] == [
        "intent  GreenTeaIntent",
        "match   slot",
        "sources p1.s1",
    ]
    assert "not left to brown" in result.output


def test_ask_prints_the_request_and_the_response_as_json(settings: Settings) -> None:
    record = json.loads(invoke(settings, "ask", "--json", "what is black tea").output)
    assert record["request"]["request"]["intent"]["name"] == "BlackTeaIntent"
    assert record["response"]["response"]["shouldEndSession"] is False


def test_a_conversation_of_many_turns(own_memory: Settings) -> None:
    turns = [
        *("what is black tea", "tell me more", "yes", "repeat", "what about kids", ""),
        *("help", "what can i ask", "read me the article", "next", "stop"),
    ]
    result = invoke(own_memory, "talk", typed="\n".join(turns) + "\n")
    assert result.exit_code == 0, result.output
    assert result.output.count("skill> ") == 1 + len(turns)
    for words in ("not medical advice", "after six", "weak tea", "Part 2", "Goodbye"):
        assert words in result.output
    assert "session closed" in result.output


def test_a_listener_is_remembered_by_the_next_conversation(own_memory: Settings) -> None:
    assert "Welcome to" in invoke(own_memory, "talk", typed="").output
    assert "Welcome back" in invoke(own_memory, "talk", typed="").output


def test_no_user_id_is_stored(own_memory: Settings) -> None:
    assert invoke(own_memory, "talk", typed="what is black tea\n").exit_code == 0
    assert USER_ID.encode() not in own_memory.memory.read_bytes()


def test_two_silences_end_a_session_and_a_question_opens_a_new_one(own_memory: Settings) -> None:
    result = invoke(own_memory, "talk", "--show", typed="\n\nwhat is black tea\n")
    assert "the session is over" in result.output
    assert '"LaunchRequest"' in result.output
    assert "left to brown" in result.output


def test_a_memory_that_cannot_be_used_is_reported_once_and_the_conversation_goes_on(
    settings: Settings, tmp_path: Path
) -> None:
    result = invoke(replace(settings, memory=tmp_path), "talk", typed="what is black tea\n")
    assert result.output.count("not be remembered") == 1
    assert "left to brown" in result.output


@pytest.mark.parametrize("command", [["talk"], ["answer", "--jsonl"]])
def test_a_closed_standard_input_is_one_sentence(command: list[str], own_memory: Settings) -> None:
    closed = f"exec {shlex.join(command_line(own_memory, *command))} <&-"
    done = subprocess.run(["sh", "-c", closed], capture_output=True, text=True, cwd=REPO)
    assert done.returncode == 1
    assert "standard input is closed" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_full_disk_is_one_sentence(settings: Settings) -> None:
    with Path("/dev/full").open("w") as full:
        asked = command_line(settings, "ask", "what is black tea")
        done = subprocess.run(asked, stdout=full, stderr=subprocess.PIPE, text=True, cwd=REPO)
    assert done.returncode == 1
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_goes_away_is_not_an_error(settings: Settings) -> None:
    line = f"{shlex.join(command_line(settings, 'ask', '--json', 'what is black tea'))} | true"
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, cwd=REPO)
    assert done.stderr == ""
