"""Keeps what was heard, so that a broken-off audition goes on and an unchanged one is quick."""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from skill.errors import AskableError
from skill.settings import cache_folder
from skill.speech.recognition.acoustic_models import Voice
from skill.tools.audition.results import Heard


def default_folder() -> Path:
    """The user's own."""
    return cache_folder() / "audition"


def key_of(*what: object) -> str:
    """The name under which a hearing is kept: all that it depends on."""
    return sha256("\0".join(map(str, what)).encode()).hexdigest()[:24]


class HearingCache:
    """A file of one hearing a line, added to as they come."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "hearings.jsonl"
        self._kept: dict[str, Heard] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("a+", encoding="utf-8")
        except OSError as error:
            raise AskableError(f"--cache {folder}: cannot be written: {error}") from error
        self._file.seek(0)
        for line in self._file:
            try:
                entry = json.loads(line)
                hypotheses, beside = (
                    tuple(map(str, entry[name])) for name in ("hearings", "beside")
                )
                times = float(entry["sound_seconds"]), float(entry["hearing_seconds"])
                voice = Voice(entry["voice"]) if entry["voice"] else None
                self._kept[str(entry["key"])] = Heard(hypotheses, *times, beside, voice)
            except (ValueError, TypeError, KeyError):
                # Broken off in mid-line: that hearing is made again.
                continue

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def get(self, key: str) -> Heard | None:
        """What was heard, if it was."""
        return self._kept.get(key)

    def keep(self, key: str, heard: Heard) -> None:
        """Write it down at once."""
        self._kept[key] = heard
        self._file.write("\n" + json.dumps({"key": key, **asdict(heard)}))
        self._file.flush()
