"""The service's log: whole lines, each once, soon; and never in the way of an answer."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

_CONFIGURED = """
import logging.config, os, sys, time
from skill.service.json_logs import logging_config
logging.config.dictConfig(logging_config("INFO"))
log = logging.getLogger("askable")
"""


def _run(code: str, stderr: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", _CONFIGURED + code]
    return subprocess.run(command, stderr=stderr, stdout=subprocess.PIPE, text=True, check=False)


def _messages(written: str) -> list[str]:
    return [json.loads(line)["message"] for line in written.splitlines()]


def test_what_waits_is_written_at_the_end() -> None:
    done = _run("for number in range(1000): log.info('%d', number)")
    assert _messages(done.stderr) == [str(number) for number in range(1000)]


def test_a_line_is_written_while_the_process_goes_on() -> None:
    command = [sys.executable, "-c", _CONFIGURED + "log.info('told'); time.sleep(60)"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        try:
            assert _messages(process.stderr.readline()) == ["told"]
        finally:
            process.kill()


def test_a_warning_is_written_at_once_and_what_waited_before_it() -> None:
    done = _run("log.info('first'); log.warning('second'); os.kill(os.getpid(), 9)")
    assert done.returncode == -9
    assert _messages(done.stderr) == ["first", "second"]


def test_a_fork_writes_nothing_twice() -> None:
    code = "log.info('parent')\nif os.fork() == 0: log.info('child')\nelse: os.wait()"
    assert sorted(_messages(_run(code).stderr)) == ["child", "parent"]


def test_a_line_that_cannot_be_made_stops_nothing() -> None:
    done = _run("log.info('%d', 'no number'); log.info('next'); print('answered')")
    assert done.stdout == "answered\n"
    assert _messages(done.stderr.splitlines()[-1]) == ["next"]


def test_without_a_thread_to_be_had_lines_are_written_at_once() -> None:
    code = "import resource; resource.setrlimit(resource.RLIMIT_AS, (1, 1))\n"
    done = _run(f"{code}log.info('first'); os.kill(os.getpid(), 9)")
    assert _messages(done.stderr) == ["first"]


def test_a_log_that_cannot_be_written_stops_nothing() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = _run("log.warning('lost'); log.info('lost'); print('answered')", full.fileno())
    assert done.stdout == "answered\n"
    assert done.returncode == 0
