"""What is remembered of a listener between sessions, in SQLite: the SDK's persistence adapter.

Listeners are kept under a keyed hash of their user id; the key is made once per store.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

from ask_sdk_core.attributes_manager import AbstractPersistenceAdapter
from ask_sdk_core.exceptions import PersistenceException
from ask_sdk_model import RequestEnvelope

_WAIT = 1.0  # seconds for another writer; Alexa waits 8 s for an answer
_TABLES = """
create table if not exists keys (id integer primary key check (id = 1), key blob not null);
create table if not exists listeners (listener text primary key, attributes text not null);
"""


class SqliteMemory(AbstractPersistenceAdapter):
    """Persistent attributes in one SQLite file, safe with several workers.

    Every failure is the SDK's PersistenceException; the skill goes on without memory then.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def open_once(self) -> None:
        """Raises PersistenceException with the reason when the store cannot be used."""
        try:
            self._open().close()
        except (sqlite3.Error, OSError) as error:
            raise PersistenceException(f"{self._path}: cannot be opened: {error}") from error

    def get_attributes(self, request_envelope: RequestEnvelope) -> dict[str, object]:
        """What is remembered of the listener who sent this request; empty for a new one."""
        if not _user(request_envelope):
            return {}
        try:
            with closing(self._open()) as store:
                row = store.execute(
                    "select attributes from listeners where listener = ?",
                    (self._listener(store, request_envelope),),
                ).fetchone()
            found = json.loads(row[0]) if row else {}
        except (sqlite3.Error, OSError, ValueError) as error:
            raise PersistenceException(f"{self._path}: cannot be read: {error}") from error
        return found if isinstance(found, dict) else {}

    def save_attributes(
        self, request_envelope: RequestEnvelope, attributes: dict[str, object]
    ) -> None:
        """Remember `attributes` for the listener who sent this request, if it names one."""
        if not _user(request_envelope):
            return
        try:
            with closing(self._open()) as store, store:
                store.execute(
                    "insert into listeners values (?, ?) on conflict (listener)"
                    " do update set attributes = excluded.attributes",
                    (self._listener(store, request_envelope), json.dumps(attributes)),
                )
        except (sqlite3.Error, OSError) as error:
            raise PersistenceException(f"{self._path}: cannot be written: {error}") from error

    def delete_attributes(self, request_envelope: RequestEnvelope) -> None:
        """Forget the listener who sent this request."""
        try:
            with closing(self._open()) as store, store:
                store.execute(
                    "delete from listeners where listener = ?",
                    (self._listener(store, request_envelope),),
                )
        except (sqlite3.Error, OSError) as error:
            raise PersistenceException(f"{self._path}: cannot be written: {error}") from error

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        store = sqlite3.connect(self._path, timeout=_WAIT)
        try:
            store.execute("pragma journal_mode = wal")
            store.executescript(_TABLES)
            with store:
                store.execute(
                    "insert or ignore into keys values (1, ?)", (secrets.token_bytes(32),)
                )
        except sqlite3.Error:
            store.close()
            raise
        return store

    @staticmethod
    def _listener(store: sqlite3.Connection, envelope: RequestEnvelope) -> str:
        (key,) = store.execute("select key from keys").fetchone()
        user = _user(envelope).encode("utf-8", "replace")
        return hashlib.blake2b(user, key=key, digest_size=16).hexdigest()


def _user(envelope: RequestEnvelope) -> str:
    system = envelope.context.system if envelope.context else None
    return (system.user.user_id if system and system.user else None) or ""


class NoMemory(AbstractPersistenceAdapter):
    """Remembers nothing: every session is a first one."""

    def get_attributes(self, request_envelope: RequestEnvelope) -> dict[str, object]:
        """Nothing, always."""
        return {}

    def save_attributes(
        self, request_envelope: RequestEnvelope, attributes: dict[str, object]
    ) -> None:
        """Let go of it."""

    def delete_attributes(self, request_envelope: RequestEnvelope) -> None:
        """Nothing is there to forget."""
