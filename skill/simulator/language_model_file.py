"""What the ears are steered by: the language model of all that may be asked, made at build."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

from skill.content.examples import OUTSIDE
from skill.errors import StaleError
from skill.simulator.runtime import Runtime
from skill.speech.recognition.language_model import to_arpa
from skill.speech.recognition.sphinx import pronounceable

FILE = "ears.arpa.gz"
# How often what is not a sample counts in the language model, by label; each intent's samples
# count a thousand times together. Enough to hear other words, too little to hear them everywhere.
_AN_ANSWER, _A_REFUSAL, _ELSE = 200, 50, 500


def expected_of(runtime: Runtime) -> dict[str, int]:
    """The samples, and how people really ask; each with how often it counts."""
    expected = dict(runtime.utterances())
    for label, lines in runtime.examples().by_label.items():
        kind = label.partition(":")[0]
        together = {"answer": _AN_ANSWER, OUTSIDE: _ELSE}.get(kind, _A_REFUSAL)
        # Mended: what a word was misheard as must not be heard again. Hesitations leave nothing.
        for line in filter(None, map(runtime.matcher.correct, lines)):
            expected[line] = expected.get(line, 0) + max(1, together // len(lines))
    return expected


def write_language_model(runtime: Runtime) -> Path | None:
    """Make the model where the content has changed since; returns the file if it was written."""
    path = runtime.models / FILE
    if _head(path) == runtime.digest:
        return None
    hearable = pronounceable(expected_of(runtime), runtime.article.pronunciations)
    # Readers of the format pass over what stands before the data.
    text = f"{runtime.digest}\n{to_arpa(hearable)}"
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    draft.write_bytes(gzip.compress(text.encode(), mtime=0))
    draft.replace(path)
    return path


def read_language_model(runtime: Runtime) -> str:
    """The model in ARPA format; raises StaleError where it is missing or older than the content."""
    path = runtime.models / FILE
    if _head(path) != runtime.digest:
        raise StaleError(f"{path}: is missing or older than the content; run `askable build`")
    return gzip.decompress(path.read_bytes()).decode()


def _head(path: Path) -> str:
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            return lines.readline().strip()
    except (OSError, EOFError, ValueError):
        return ""
