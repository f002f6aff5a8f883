"""The settings of a command, from flags and environment variables."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from skill.errors import AskableError

DEFAULT_LOCALE = "en-US"
VOICES = ("espeak", "piper")
DEFAULT_VOICE = "espeak"
RECOGNIZERS = ("sphinx", "whisper")
DEFAULT_RECOGNIZER = "sphinx"


@dataclass(frozen=True)
class Settings:
    """Everything that a command can be configured with; docs/reference/settings.md lists it."""

    content: Path  # one article's folder
    models: Path  # compiled models
    pictures: Path  # where `askable build` draws the coverage
    locale: str
    memory: Path  # SQLite file in which listeners are remembered
    misses: Path | None  # file of unanswered questions; none are kept unless it is given
    sentences: bool = False  # match by sentence vectors too; needs the extra
    dynamodb_table: str | None = None  # used instead of the SQLite file
    memory_key: str | None = None  # secret that hashes user ids in that table
    voice: str = DEFAULT_VOICE  # of the simulator
    recognizer: str = DEFAULT_RECOGNIZER  # of the simulator
    whisper_model: Path | None = None  # a folder, instead of the packaged weights


def find_settings(
    content: str | None = None,
    models: str | None = None,
    locale: str | None = None,
    memory: str | None = None,
    misses: str | None = None,
    sentences: bool = False,
    dynamodb_table: str | None = None,
    voice: str | None = None,
    recognizer: str | None = None,
    whisper_model: str | None = None,
) -> Settings:
    """The settings for what was given; the rest is looked for here, then next to the package.

    The only article in `content/` compiles into `interaction_model/` and `docs/` next to that
    folder. If there are several articles, each has a folder of its own in these two.

    Raises:
        AskableError: No content was found, or several articles and none was named.
    """
    folder = Path(content) if content else _only_article(_home() / "content")
    root = folder.resolve().parent
    home = root.parent if root.name == "content" else folder
    several = root.name == "content" and len(list(root.glob("*/article.yaml"))) > 1
    own = Path(folder.resolve().name) if several else Path()
    return Settings(
        content=folder,
        models=Path(models) if models else home / "interaction_model" / own,
        pictures=home / "docs" / own,
        locale=locale or DEFAULT_LOCALE,
        memory=Path(memory) if memory else state_folder() / "memory.sqlite3",
        misses=Path(misses) if misses else None,
        sentences=sentences,
        dynamodb_table=dynamodb_table or None,
        # There is no flag for it: process lists would show the secret.
        memory_key=os.environ.get("ASKABLE_MEMORY_KEY") or None,
        voice=voice or DEFAULT_VOICE,
        recognizer=recognizer or DEFAULT_RECOGNIZER,
        whisper_model=Path(whisper_model) if whisper_model else None,
    )


def _home() -> Path:
    package = Path(__file__).resolve().parent
    for home in (Path.cwd(), package.parent, package / "bundled"):
        if any(home.glob("content/*/article.yaml")):
            return home
    raise AskableError("content/: no such folder here; run askable in the repo or give --content")


def _only_article(folder: Path) -> Path:
    found = sorted(path.parent for path in folder.glob("*/article.yaml"))
    if len(found) == 1:
        return found[0]
    names = ", ".join(path.name for path in found) or "none"
    raise AskableError(f"{folder}: holds {len(found)} articles ({names}); name one with --content")


def state_folder() -> Path:
    """The folder for what is kept between runs."""
    base = os.environ.get("XDG_STATE_HOME")
    if base:
        return Path(base) / "askable"
    # A user without a home, as in a container, has only the folder for temporary files.
    home = Path(os.path.expanduser("~"))  # noqa: PTH111  # Path.home() raises there
    if not home.is_absolute():
        return Path(tempfile.gettempdir()) / f"askable-{os.getuid()}"
    return home / ".local" / "state" / "askable"


def cache_folder() -> Path:
    """The folder for what can be made again."""
    base = os.environ.get("XDG_CACHE_HOME")
    return Path(base) / "askable" if base else state_folder()
