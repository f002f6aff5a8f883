"""The folder of one article: its files, and a digest of them all. Reads no YAML."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

# Beside the article, read at build alone; skill.content.examples tells what it is.
EXAMPLES_FILE = "examples.yaml"
LOCALE_FILE = re.compile(r"[a-z]{2}-[A-Z]{2}\.yaml")


def digest_of(folder: Path) -> str:
    """A hash of all content files: the same text, the same digest."""
    digest = hashlib.sha256()
    for path in _hashed(folder):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def files_of(folder: Path) -> list[Path]:
    """The files that an article is read from, in the order of their names."""
    locales = folder / "locales"
    named = [path for path in locales.glob("*.yaml") if LOCALE_FILE.fullmatch(path.name)]
    always = [folder / "article.yaml", folder / "answers.yaml", folder / "terms.yaml"]
    return sorted([*always, locales / "en.yaml", *named])


def _hashed(folder: Path) -> list[Path]:
    examples = folder / EXAMPLES_FILE
    return [*files_of(folder), *([examples] if examples.exists() else [])]
