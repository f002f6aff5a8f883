"""The article itself: a table of locators and sentences, compared with the content."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from skill.content.coverage import Coverage
from skill.content.model import Article
from skill.errors import AskableError

QUOTED_WORDS = 8  # a run of this many words from the article counts as quoting it
_LOCATOR = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def read_sentences(source: Path) -> Iterator[tuple[str, str]]:
    """Each locator and sentence of a table with a tab between the two.

    Raises:
        AskableError: The file cannot be read, or a line is not a locator and a sentence.
    """
    try:
        # A table saved on Windows begins with a byte order mark.
        lines = source.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise AskableError(f"{source}: cannot be read: {error}") from error
    seen = set()
    for number, line in enumerate(lines, start=1):
        locator, _, sentence = line.partition("\t")
        if (locator, sentence) == ("locator", "sentence"):
            continue
        if not _LOCATOR.fullmatch(locator) or not sentence.strip() or "\t" in sentence:
            what = "should be a locator such as p1.s1, a tab and a sentence; correct this line"
            raise AskableError(f"{source}:{number}: {what}")
        if locator in seen:
            raise AskableError(f'{source}:{number}: "{locator}" is there twice; renumber one')
        seen.add(locator)
        yield locator, sentence
    if not seen:
        raise AskableError(f"{source}: holds no sentence; give a table of locators and sentences")


def make_outline(source: Path) -> str:
    """The `outline:` of an article.yaml for a table of locators and sentences."""
    lines = ["outline:"]
    for locator, sentence in read_sentences(source):
        lines.append(f'- {{locator: {locator}, hash: "{_hash(sentence)}", gist: ""}}')
    return "\n".join(lines)


def compare_with_source(article: Article, coverage: Coverage, source: Path) -> list[str]:
    """What changed in the article, which answers that touches, and where answers quote it."""
    found = dict(read_sentences(source))
    lines = []
    for locator, known in article.outline.items():
        touched = ", ".join(coverage.citing[locator]) or "none"
        if locator not in found:
            lines.append(f"{locator}: is gone from {source.name}; answers touched: {touched}")
        elif _hash(found[locator]) != known.hash:
            lines.append(f"{locator}: has changed in {source.name}; answers touched: {touched}")
    lines += [
        f"{locator}: is new in {source.name}; no answer cites it"
        for locator in found
        if locator not in article.outline
    ]
    quotable = set(_word_runs(" ".join(found.values())))
    for answer in article.answers.values():
        for part in answer.parts:
            for run in quotable & set(_word_runs(" ".join(sentence.text for sentence in part))):
                lines.append(f'answer "{answer.id}": quotes the article: "{" ".join(run)}"')
    return lines


def _hash(sentence: str) -> str:
    return hashlib.sha256(sentence.encode()).hexdigest()[:16]


def _word_runs(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"[a-z']+", text.lower().replace("\u2019", "'"))
    for start in range(len(words) - QUOTED_WORDS + 1):
        yield tuple(words[start : start + QUOTED_WORDS])
