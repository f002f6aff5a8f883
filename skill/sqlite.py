"""Listeners in one SQLite file, under a keyed hash of their user id; the key is in the file too."""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ask_sdk_core.attributes_manager import AbstractPersistenceAdapter
from ask_sdk_core.exceptions import PersistenceException
from ask_sdk_model import RequestEnvelope

from skill.per_thread import PerThread
from skill.pseudonym import pseudonym, user_of

_WAIT = 1.0  # seconds for another writer; Alexa waits 8 s for an answer
_TABLES = """
create table if not exists keys (id integer primary key check (id = 1), key blob not null);
create table if not exists listeners (listener text primary key, attributes text not null);
"""


class SqliteMemory(AbstractPersistenceAdapter):
    """Persistent attributes in one SQLite file, safe with several workers, threads and forks.

    Every failure is the SDK's PersistenceException; the skill goes on without memory then.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stores = PerThread(lambda: _Store(path))

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


class _Store:
    """One connection, its tables there."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Nobody else may read it; SQLite's own files beside it take after it.
        path.touch(mode=0o600)
        self._path, self._file, self._process = path, path.stat().st_ino, os.getpid()
        # PerThread sees to the threads; only the last collection of a dead thread's is elsewhere.
        self.connection = sqlite3.connect(path, timeout=_WAIT, check_same_thread=False)
        self._key = self._found_key() or self._made_key()
        # With a write-ahead log a killed worker loses nothing for want of a sync at each write.
        self.connection.execute("pragma synchronous = normal")
        self.connection.execute("pragma secure_delete = on")  # what is forgotten leaves no trace

    def __del__(self) -> None:
        if self._process == os.getpid():
            self.connection.close()

    def is_gone(self) -> bool:
        """Whether the file was taken away or another put in its place."""
        try:
            return self._path.stat().st_ino != self._file
        except FileNotFoundError:
            return True

    def listener(self, user: str) -> str:
        """The name that the store knows a user by."""
        return pseudonym(user, self._key)

    def _found_key(self) -> bytes | None:
        try:
            row = self.connection.execute("select key from keys").fetchone()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return None
            raise
        return bytes(row[0]) if row else None

    def _made_key(self) -> bytes:
        """Make the tables and a key; of workers that start together, the first one's stays."""
        self.connection.execute("pragma journal_mode = wal")
        self.connection.executescript(f"begin immediate;{_TABLES}commit;")
        with self.connection:
            self.connection.execute(
                "insert or ignore into keys values (1, ?)", (secrets.token_bytes(32),)
            )
        (key,) = self.connection.execute("select key from keys").fetchone()
        return bytes(key)
