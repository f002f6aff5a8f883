"""Reads what `askable build` wrote, and tells when it is missing or older than the content."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from skill.content.folder import digest_of
from skill.errors import AskableError, StaleError
from skill.understanding.matcher import Matcher
from skill.understanding.model_file import MatcherModel, learned_file, load_matcher_model
from skill.understanding.word_vectors import Vectors, WordVectors


def load_vectors(sentences: bool) -> Vectors:
    """What words mean, and whole sentences too where that extra is asked for."""
    words = WordVectors.load()
    if not sentences:
        return words
    from skill.understanding.sentence_vectors import SentenceVectors

    return SentenceVectors(words)


def load_matcher(content: Path, models: Path, vectors: Vectors) -> Matcher:
    """The matcher, if it is there and as new as the content."""
    learned = load_fresh(content, models, vectors)
    return Matcher(learned, lambda heard: learned.probabilities(heard, vectors))


def load_fresh(content: Path, models: Path, vectors: Vectors) -> MatcherModel:
    """What the matcher learnt, if it is there and as new as the content."""
    path = models / learned_file(vectors)
    learned = load_matcher_model(path)
    if learned.digest != digest_of(content):
        raise StaleError(f"{path}: is older than {content}; run `askable build`")
    return learned


def load_model(models: Path, locale: str) -> Any:
    """The interaction model of a locale, as JSON data."""
    path = models / f"{locale}.json"
    text = read_text(path)
    if text is None:
        raise StaleError(f"{path}: is missing; run `askable build`")
    try:
        return json.loads(text)
    except ValueError as error:
        raise StaleError(f"{path}: is not JSON ({error}); run `askable build`") from error


def read_text(path: Path) -> str | None:
    """The text of a file, or nothing where there is none."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise AskableError(f"{path}: cannot be read ({error}); name other --models") from error
