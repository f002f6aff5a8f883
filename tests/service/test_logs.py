from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

_CONFIGURED = """
import logging.config, os, sys, time
from skill.service.logs import logging_config
logging.config.dictConfig(logging_config("INFO"))
log = logging.getLogger("askable")
"""


def _run(code: str, stderr: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", _CONFIGURED + code]
    return subprocess.run(command, stderr=stderr, stdout=subprocess.PIPE, text=True, check=False)


def _messages(written: str) -> list[str]:
    return [json.loads(line)["message"] for line in written.splitlines()]


def test_a_line_has_the_fields_of_the_record_and_of_the_request() -> None:
    code = "log.info('request', extra={'outcome': 'answered', 'status': 200, 'ms': 1.5})"
    line = json.loads(_run(code).stderr)
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "info",
        "logger": "askable",
        "message": "request",
        "outcome": "answered",
        "status": 200,
        "ms": 1.5,
    }


@pytest.mark.parametrize(
    "logging_call", ["log.error('failed', exc_info=error)", "log.exception('failed')"]
)
def test_an_exception_is_logged_by_type_and_place_without_its_text(logging_call: str) -> None:
    code = f"try: int('a secret')\nexcept ValueError as error: {logging_call}"
    done = _run(code)
    line = json.loads(done.stderr)
    assert line["error"] == "ValueError"
    assert line["at"] == ["<string>:6"]
    assert "secret" not in done.stderr


def test_every_line_is_written_once_and_in_order() -> None:
    done = _run("for number in range(1000): log.info('%d', number)")
    assert _messages(done.stderr) == [str(number) for number in range(1000)]


def test_a_line_is_written_at_once() -> None:
    done = _run("log.info('first'); log.warning('second'); os.kill(os.getpid(), 9)")
    assert done.returncode == -9
    assert _messages(done.stderr) == ["first", "second"]


def test_a_fork_writes_nothing_twice() -> None:
    code = "log.info('parent')\nif os.fork() == 0: log.info('child')\nelse: os.wait()"
    assert sorted(_messages(_run(code).stderr)) == ["child", "parent"]


def test_a_line_that_cannot_be_formatted_stops_nothing() -> None:
    done = _run("log.info('%d', 'no number'); log.info('next'); print('answered')")
    assert done.stdout == "answered\n"
    assert _messages(done.stderr.splitlines()[-1]) == ["next"]


def test_a_log_that_cannot_be_written_stops_nothing() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = _run("log.warning('lost'); log.info('lost'); print('answered')", full.fileno())
    assert done.stdout == "answered\n"
