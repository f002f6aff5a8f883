"""A cache of recognitions: interrupted auditions continue, and unchanged ones are fast."""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Self

from skill.errors import AskableError
from skill.tools.audition.results import Heard


def key_of(*parts: object) -> str:
    """Return the key of a recognition, made from everything that it depends on."""
    return sha256("\0".join(map(str, parts)).encode()).hexdigest()[:24]


class RecognitionCache:
    """A file with one recognition a line, which grows."""

    def __init__(self, folder: Path) -> None:
        """Open or create the cache.

        Raises:
            AskableError: The folder cannot be written.
        """
        self._found: dict[str, Heard] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = (folder / "recognitions.jsonl").open("a+", encoding="utf-8")
        except OSError as error:
            raise AskableError(f"--cache {folder}: cannot be written: {error}") from error
        self._file.seek(0)
        for line in self._file:
            try:
                entry = json.loads(line)
                key = str(entry.pop("key"))
                lists = {name: tuple(entry[name]) for name in ("hypotheses", "secondary")}
                self._found[key] = Heard(**{**entry, **lists})
            except (ValueError, TypeError, KeyError, AttributeError):
                continue  # an interrupted line: recognize that sound again

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def get(self, key: str) -> Heard | None:
        """Return a recognition if it is cached."""
        return self._found.get(key)

    def put(self, key: str, heard: Heard) -> None:
        """Add a recognition and write it at once."""
        self._found[key] = heard
        self._file.write("\n" + json.dumps({"key": key, **asdict(heard)}))
        self._file.flush()
