"""`askable build`: everything that is compiled from an article's content."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from skill.alexa import MODEL_FILE, compile_model, to_json
from skill.alexa.rules import MODEL_RULES, breaches
from skill.content import (
    Article,
    Coverage,
    Examples,
    digest_of,
    find_problems,
    measure_coverage,
    read_content,
    read_examples,
)
from skill.errors import ContentError, Problem, StaleError
from skill.files import write_changed
from skill.tools.reports import render
from skill.understanding.classifier import (
    RECIPES,
    Progress,
    Recipe,
    digest_in,
    load_vectors,
    make_training_data,
    model_path,
    names_of,
    train_matcher,
)

PICTURE_FILE = "coverage.svg"


@dataclass(frozen=True)
class Built:
    """What an article compiles to, apart from what is learned."""

    article: Article
    lines: Mapping[str, tuple[str, int]]  # entry of the content -> file and line
    examples: Examples
    digest: str  # of the content; the learned files hold it too
    model: str  # the interaction model, as JSON text; every locale has the same
    picture: str  # of the coverage, as SVG
    coverage: Coverage


def build(content: Path) -> Built:
    """Compile one article's folder; the same content gives the same bytes.

    Raises:
        ContentError: Every problem of the content, or of the model that it compiles to.
    """
    read = read_content(content)
    article = read.article
    problems = [*read.problems, *find_problems(article, read.lines)]
    if problems:
        raise ContentError(problems)
    model = compile_model(article)
    broken = breaches(MODEL_RULES, model)
    if broken:
        raise ContentError([Problem(content.name, 0, "model", str(breach)) for breach in broken])
    coverage = measure_coverage(article)
    return Built(
        article,
        read.lines,
        read_examples(content, article),
        digest_of(content),
        to_json(model),
        render("coverage.svg.j2", article=article, coverage=coverage),
        coverage,
    )


def train(
    built: Built,
    models: Path,
    sentences: bool = False,
    progress: Progress | None = None,
    recipes: Sequence[Recipe] = RECIPES,
) -> Path | None:
    """Train the matcher if the content has changed since; returns the file if it was written.

    The digest of the content decides, not the file's bytes: processors round differently.
    """
    vectors = load_vectors(sentences)
    path = model_path(models, vectors)
    if digest_in(path) == built.digest:
        return None
    data = make_training_data(built.article, built.examples)
    names = names_of(built.article)
    train_matcher(data, names, built.digest, vectors, recipes, progress).save(path)
    return path


def write(built: Built, models: Path, pictures: Path) -> list[Path]:
    """Write what has changed; returns the files that were written."""
    return [
        path for path, text in _files(built, models, pictures) if write_changed(path, text.encode())
    ]


def check(built: Built, models: Path, pictures: Path) -> None:
    """Raises StaleError naming every file that differs from what the content compiles to."""
    stale = [
        path
        for path, text in _files(built, models, pictures)
        if not path.is_file() or path.read_bytes() != text.encode()
    ]
    learned = model_path(models, load_vectors())
    if digest_in(learned) != built.digest:
        stale.append(learned)
    if stale:
        names = ", ".join(map(str, stale))
        raise StaleError(f"{names}: not what the content compiles to; run `askable build`")


def _files(built: Built, models: Path, pictures: Path) -> Iterator[tuple[Path, str]]:
    yield models / MODEL_FILE, built.model
    yield pictures / PICTURE_FILE, built.picture
