from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from ask_sdk_core.exceptions import PersistenceException
from ask_sdk_model import RequestEnvelope
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from skill.memory.sqlite import SqliteMemory
from skill.simulator import Runtime
from tests.conftest import REPO
from tests.support.listening import Listening, is_known, reads_two_parts, skill_of


def test_a_listener_that_cannot_be_read_is_not_overwritten(
    runtime: Runtime, tmp_path: Path
) -> None:
    class Unreadable(SqliteMemory):
        """Fails to read, and could write."""

        def get_attributes(self, request_envelope: RequestEnvelope) -> dict[str, object]:
            raise PersistenceException("out for a moment")

    path = tmp_path / "memory.sqlite3"
    reads_two_parts(skill_of(runtime, SqliteMemory(path)))
    Listening(skill_of(runtime, Unreadable(path))).say("GreenTeaIntent")
    assert is_known(skill_of(runtime, SqliteMemory(path)))


def test_a_removed_file_is_made_again(runtime: Runtime, tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite3"
    skill = skill_of(runtime, SqliteMemory(path))
    reads_two_parts(skill)
    for file in tmp_path.iterdir():
        file.unlink()
    assert not is_known(skill)
    reads_two_parts(skill)
    assert is_known(skill_of(runtime, SqliteMemory(path)))


def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    SqliteMemory(tmp_path / "memory.sqlite3").open_once()
    assert {oct(file.stat().st_mode & 0o777) for file in tmp_path.iterdir()} == {"0o600"}


_STORED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=90),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
_FIELDS = st.fixed_dictionaries(
    {"v": st.just(1)}, optional={"welcomed": _STORED, "reading": _STORED, "heard": _STORED}
)


@given(stored=_FIELDS.map(json.dumps) | _STORED.map(json.dumps) | st.text(max_size=20))
@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_anything_in_the_file_is_tolerated_and_repaired(
    runtime: Runtime, tmp_path: Path, stored: str
) -> None:
    path = tmp_path / "memory.sqlite3"
    skill = skill_of(runtime, SqliteMemory(path))
    reads_two_parts(skill)
    with closing(sqlite3.connect(path)) as store, store:
        store.execute("update listeners set attributes = ?", (stored,))
    assert "not left to brown" in Listening(skill).say("GreenTeaIntent")
    listening = Listening(skill)
    listening.say("ReadArticleIntent")
    listening.say("AMAZON.StartOverIntent")  # reading goes on at a plausible number
    listening.say("AMAZON.NextIntent")
    assert is_known(skill)


# A worker, which may fork once its connection is open; each process remembers ten listeners.
_WORKER = """
import os, resource, sys
from pathlib import Path
from ask_sdk_core.exceptions import PersistenceException
from ask_sdk_model import Context, RequestEnvelope, User
from ask_sdk_model.interfaces.system import SystemState
from skill.memory.sqlite import SqliteMemory

def envelope(user):
    return RequestEnvelope(context=Context(system=SystemState(user=User(user_id=user))))

memory, number, ends = SqliteMemory(Path(sys.argv[1])), sys.argv[2], sys.argv[3]
sys.stdin.readline()
if ends == "full":
    memory.save_attributes(envelope("before"), {"v": 1})
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    try:
        memory.save_attributes(envelope("after"), {"v": 1})
    except PersistenceException:
        print("refused", flush=True)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    memory.save_attributes(envelope("later"), {"v": 1})
    sys.exit()
memory.open_once()
child = os.fork() if ends == "forks" else None
for listener in range(10):
    memory.save_attributes(envelope(f"{number} {child == 0} {listener}"), {"v": 1})
if child == 0:
    os._exit(0)
if child:
    os.waitpid(child, 0)
print("done", flush=True)
sys.stdin.readline()
"""


def _worker(path: Path, number: int, ends: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _WORKER, str(path), str(number), ends]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=REPO
    )


def _tell(worker: subprocess.Popen[str]) -> None:
    assert worker.stdin
    worker.stdin.write("\n")
    worker.stdin.flush()


def _told(worker: subprocess.Popen[str]) -> str:
    assert worker.stdout
    return worker.stdout.readline()


def _stored(path: Path) -> tuple[int, int]:
    with closing(sqlite3.connect(path)) as store:
        (keys,) = store.execute("select count(*) from keys").fetchone()
        (listeners,) = store.execute("select count(*) from listeners").fetchone()
    return keys, listeners


def test_workers_that_start_together_and_fork_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite3"
    workers = [_worker(path, number, "forks") for number in range(3)]
    for worker in workers:
        _tell(worker)
    for worker in workers:
        with worker:
            assert _told(worker) == "done\n"
            _tell(worker)
    assert _stored(path) == (1, 60)


def test_a_worker_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite3"
    with _worker(path, 0, "killed") as worker:
        _tell(worker)
        assert _told(worker) == "done\n"
        worker.kill()
    assert _stored(path) == (1, 10)


def test_a_full_disk_is_an_error_and_keeps_what_was_stored(tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite3"
    with _worker(path, 0, "full") as worker:
        _tell(worker)
        assert _told(worker) == "refused\n"
    assert worker.returncode == 0
    assert _stored(path) == (1, 2)
