"""Listeners in one SQLite file, under a keyed hash of their user id; the key is in the file too."""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ask_sdk_core.attributes_manager import AbstractPersistenceAdapter
from ask_sdk_core.exceptions import PersistenceException
from ask_sdk_model import RequestEnvelope

from skill.memory.per_thread import PerThread
from skill.memory.pseudonym import pseudonym, user_of

_WAIT = 1.0  # seconds for another writer; Alexa waits 8 s for an answer
_TABLES = (
    "create table if not exists keys (id integer primary key check (id = 1), key blob not null)",
    "create table if not exists listeners (listener text primary key, attributes text not null)",
)


class SqliteMemory(AbstractPersistenceAdapter):
    """Persistent attributes in one SQLite file, safe with several workers, threads and forks.

    Every failure is the SDK's PersistenceException; the skill goes on without memory then.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stores = PerThread(lambda: _open(path))

    def open_once(self) -> None:
        """Raises PersistenceException with the reason when the store cannot be used."""
        with self._store("opened"):
            pass

    def get_attributes(self, request_envelope: RequestEnvelope) -> dict[str, object]:
        """What is remembered of the listener who sent this request; empty for a new one."""
        user = user_of(request_envelope)
        if not user:
            return {}
        with self._store("read") as store:
            row = store.connection.execute(
                "select attributes from listeners where listener = ?", (store.listener(user),)
            ).fetchone()
        try:
            found = json.loads(row[0]) if row else {}
        except (TypeError, ValueError):
            return {}  # as good as a new listener; the next save mends it
        return found if isinstance(found, dict) else {}

    def save_attributes(
        self, request_envelope: RequestEnvelope, attributes: dict[str, object]
    ) -> None:
        """Remember `attributes` for the listener who sent this request, if it names one."""
        user = user_of(request_envelope)
        if not user:
            return
        with self._store("written") as store, store.connection:
            store.connection.execute(
                "insert into listeners values (?, ?) on conflict (listener)"
                " do update set attributes = excluded.attributes",
                (store.listener(user), json.dumps(attributes)),
            )

    def delete_attributes(self, request_envelope: RequestEnvelope) -> None:
        """Forget the listener who sent this request."""
        with self._store("written") as store, store.connection:
            store.connection.execute(
                "delete from listeners where listener = ?",
                (store.listener(user_of(request_envelope)),),
            )

    @contextmanager
    def _store(self, done: str) -> Iterator[_Store]:
        try:
            store = self._stores.get()
            if store.is_gone():
                self._stores.drop()
                store = self._stores.get()
            yield store
        except (sqlite3.Error, OSError) as error:
            self._stores.drop()
            raise PersistenceException(f"{self._path}: cannot be {done}: {error}") from error


@dataclass(frozen=True)
class _Store:
    """One connection, its tables there."""

    path: Path
    file: int  # the file that stood at the path when it was opened
    process: int
    connection: sqlite3.Connection
    key: bytes

    def __del__(self) -> None:
        if self.process == os.getpid():
            self.connection.close()

    def is_gone(self) -> bool:
        """Whether the file was taken away or another put in its place."""
        try:
            return self.path.stat().st_ino != self.file
        except FileNotFoundError:
            return True

    def listener(self, user: str) -> str:
        """The name that the store knows a user by."""
        return pseudonym(user, self.key)


def _open(path: Path) -> _Store:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Nobody else may read it; SQLite's own files beside it take after it.
    path.touch(mode=0o600)
    # PerThread sees to the threads; a dead one's connection is closed by another.
    connection = sqlite3.connect(path, timeout=_WAIT, check_same_thread=False)
    try:
        key = _found_key(connection) or _made_key(connection)
        # With a write-ahead log a killed worker loses nothing for want of a sync at each write.
        connection.execute("pragma synchronous = normal")
        connection.execute("pragma secure_delete = on")  # what is forgotten leaves no trace
    except sqlite3.Error:
        connection.close()
        raise
    return _Store(path, path.stat().st_ino, os.getpid(), connection, key)


def _found_key(connection: sqlite3.Connection) -> bytes | None:
    try:
        row = connection.execute("select key from keys").fetchone()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return None
        raise
    return bytes(row[0]) if row else None


def _made_key(connection: sqlite3.Connection) -> bytes:
    """Make the tables and a key; of workers that start together, the first one's stays."""
    connection.execute("pragma journal_mode = wal")
    with connection:
        connection.execute("begin immediate")
        for table in _TABLES:
            connection.execute(table)
        new = secrets.token_bytes(32)
        connection.execute("insert or ignore into keys values (1, ?)", (new,))
        (key,) = connection.execute("select key from keys").fetchone()
    return bytes(key)
