"""A real server for a test or a measurement."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue

REPO = Path(__file__).resolve().parent.parent.parent
SKILL_ID = "amzn1.ask.skill.askable-tests"
_ADDRESS = re.compile(r"Listening at: http://127\.0\.0\.1:(\d+)")
_BOOTED = re.compile(r"Booting worker with pid: (\d+)")


@dataclass(frozen=True)
class Server:
    """A running server, and its standard error."""

    process: subprocess.Popen[str]
    port: int
    said: Sequence[str]

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}/"

    def records(self) -> list[dict[str, object]]:
        """Its log: every line that is JSON, which is all but the warnings at its start."""
        return [json.loads(line) for line in list(self.said) if line.startswith("{")]

    def workers(self) -> list[int]:
        """The ids of its worker processes, in the order in which they started."""
        return [int(pid) for pid in _BOOTED.findall("".join(list(self.said)))]


@dataclass
class _Listener:
    """Reads a process's standard error; `port` gets the port, and "" when the process ends."""

    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)
    port: SimpleQueue[str] = field(default_factory=SimpleQueue)

    def run(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self.said.append(line)
            if found := _ADDRESS.search(line):
                self.port.put(found[1])
        self.port.put("")


@contextmanager
def running(
    command: Sequence[str], environment: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """A server under gunicorn, started by `command`, once it listens."""
    whole = {**os.environ, **(environment or {})}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=REPO, env=whole)
    listener = _Listener(process)
    thread = threading.Thread(target=listener.run, daemon=True)
    thread.start()
    try:
        port = listener.port.get()
        assert port, "".join(listener.said)
        yield Server(process, int(port), listener.said)
    finally:
        process.terminate()
        process.wait()
        thread.join()
        if process.stderr:
            process.stderr.close()


def askable_serve(memory: Path, *options: str) -> list[str]:
    """The command that serves the shipped skill on a free port."""
    command = [sys.executable, "-m", "skill", "--memory", str(memory)]
    return [*command, "serve", "--port", "0", *options]
