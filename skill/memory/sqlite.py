"""Listeners in one SQLite file, under a keyed hash of their user id.

The key is in the file too.
"""

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

from skill.memory.connections import PerThread
from skill.memory.pseudonym import pseudonym, user_of

_TIMEOUT = 1.0  # seconds to wait for another writer; Alexa waits 8 s for a response
_TABLES = (
    "create table if not exists keys (id integer primary key check (id = 1), key blob not null)",
    "create table if not exists listeners (listener text primary key, attributes text not null)",
)


class SqliteMemory(AbstractPersistenceAdapter):
    """Persistent attributes in one SQLite file, safe with several workers, threads and forks.

    Every failure raises the SDK's PersistenceException, and the skill goes on without memory.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stores = PerThread(lambda: _open(path))

    def open_once(self) -> None:
        """Raise PersistenceException with the reason if the store cannot be used."""
        with self._store("opened"):
            pass

    def get_attributes(self, request_envelope: RequestEnvelope) -> dict[str, object]:
        """What is remembered of the listener of this request; empty for a new one."""
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
            return {}  # treated as a new listener; the next save repairs it
        return found if isinstance(found, dict) else {}

    def save_attributes(
        self, request_envelope: RequestEnvelope, attributes: dict[str, object]
    ) -> None:
        """Remember `attributes` for the listener of this request, if it has a user id."""
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
        """Forget the listener of this request."""
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
    """An open connection to a file with our tables."""

    path: Path
    inode: int  # of the file at the path when it was opened
    process: int
    connection: sqlite3.Connection
    key: bytes

    def __del__(self) -> None:
        # Not in a forked child: closing there could release the parent's locks.
        if self.process == os.getpid():
            self.connection.close()

    def is_gone(self) -> bool:
        """Whether the file was removed or replaced."""
        try:
            return self.path.stat().st_ino != self.inode
        except FileNotFoundError:
            return True

    def listener(self, user: str) -> str:
        """The name under which the store keeps a user."""
        return pseudonym(user, self.key)


def _open(path: Path) -> _Store:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Only we may read it; SQLite gives its other files the same mode.
    path.touch(mode=0o600)
    # PerThread keeps threads apart; another thread closes a dead thread's connection.
    connection = sqlite3.connect(path, timeout=_TIMEOUT, check_same_thread=False)
    try:
        key = _found_key(connection) or _made_key(connection)
        # With a write-ahead log, a killed worker loses nothing without a sync at each write.
        connection.execute("pragma synchronous = normal")
        connection.execute("pragma secure_delete = on")  # overwrites what is deleted
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
    """Make the tables and a key; if several workers start at once, the first key stays."""
    connection.execute("pragma journal_mode = wal")
    with connection:
        connection.execute("begin immediate")
        for table in _TABLES:
            connection.execute(table)
        new = secrets.token_bytes(32)
        connection.execute("insert or ignore into keys values (1, ?)", (new,))
        (key,) = connection.execute("select key from keys").fetchone()
    return bytes(key)
