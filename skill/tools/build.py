"""Content -> everything that is compiled from it; writes it, or tells what is stale."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from skill.alexa.interaction_model import compile_model, to_json
from skill.alexa.rules import MODEL_RULES, breaches
from skill.content.checks import find_problems
from skill.content.coverage import Coverage, measure
from skill.content.examples import Examples, read_examples
from skill.content.folder import digest_of
from skill.content.loader import read_content
from skill.content.model import Article
from skill.errors import AskableError, ContentError, Problem, StaleError
from skill.tools.reports import render
from skill.understanding.compiled import load_vectors, read_text
from skill.understanding.model_file import digest_in, learned_file
from skill.understanding.training import RECIPES, Progress, Recipe
from skill.understanding.training_data import make_training_data

PICTURE_FILE = "coverage.svg"
# A run of this many words from the article counts as quoting it.
QUOTED_WORDS = 8
_LOCALE_MODEL = re.compile(r"[a-z]{2}-[A-Z]{2}\.json")
_LOCATOR = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class Built:
    """What an article compiles to: the text of each file by its name, and the coverage."""

    article: Article
    examples: Examples
    digest: str  # of the content; what the matcher learnt carries it
    models: dict[str, str]  # file name in interaction_model/ -> text
    picture: str
    coverage: Coverage


def build(content: Path) -> Built:
    """Compile one article's folder; the same content gives the same bytes.

    Raises ContentError with every problem of the content or of the model it makes.
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
    text = to_json(model)
    models = {f"{locale}.json": text for locale in article.locales}
    coverage = measure(article)
    examples = read_examples(content, article)
    picture = render("coverage.svg.j2", article=article, coverage=coverage)
    return Built(article, examples, digest_of(content), models, picture, coverage)


def learn_matcher(
    built: Built,
    models: Path,
    sentences: bool = False,
    progress: Progress | None = None,
    recipes: Sequence[Recipe] = RECIPES,
) -> Path | None:
    """Train the matcher where the content has changed since; returns the file if it was written.

    What is learnt is compared by the content that it was learnt from, not by its bytes: processors
    round differently.
    """
    vectors = load_vectors(sentences)
    path = models / learned_file(vectors)
    if digest_in(path) == built.digest:
        return None
    lessons = make_training_data(built.article, built.examples)
    from skill.understanding.learning import learn, names_of  # checking needs no training

    names = names_of(built.article)
    learn(lessons, names, built.digest, vectors, recipes, progress).save(path)
    return path


def write(built: Built, models: Path, pictures: Path) -> list[Path]:
    """Write what differs, each file whole or not at all; returns the files written.

    The model of a locale that the content no longer has is taken away.
    """
    written = []
    for path, text in _files(built, models, pictures):
        if read_text(path) != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_name(f"{path.name}.{os.getpid()}.new")
            draft.write_text(text, encoding="utf-8")
            draft.replace(path)
            written.append(path)
    for path in _outlived(built, models):
        path.unlink(missing_ok=True)
    return written


def check(built: Built, models: Path, pictures: Path) -> None:
    """Raises StaleError naming every file that differs from what the content compiles to."""
    expected = dict(_files(built, models, pictures))
    stale = [path for path, text in expected.items() if read_text(path) != text]
    stale += _outlived(built, models)
    learned = models / learned_file(load_vectors(sentences=False))
    if digest_in(learned) != built.digest:
        stale.append(learned)
    if stale:
        names = ", ".join(str(path) for path in stale)
        raise StaleError(f"{names}: not what the content compiles to; run `askable build`")


def outline(source: Path) -> str:
    """The `outline:` of an article.yaml for a table of locators and sentences."""
    lines = ["outline:"]
    for locator, sentence in read_sentences(source):
        lines.append(f'- {{locator: {locator}, hash: "{_hash(sentence)}", gist: ""}}')
    return "\n".join(lines)


def compare(built: Built, source: Path) -> list[str]:
    """What changes in the article touch, and where our words are the article's own; a line each."""
    article = built.article
    found = dict(read_sentences(source))
    lines = []
    for locator, known in article.outline.items():
        touched = ", ".join(built.coverage.citing[locator]) or "none"
        if locator not in found:
            lines.append(f"{locator}: is gone from {source.name}; answers touched: {touched}")
        elif _hash(found[locator]) != known.hash:
            lines.append(f"{locator}: reads otherwise in {source.name}; answers touched: {touched}")
    lines += [
        f"{locator}: is new in {source.name}; no answer knows it"
        for locator in found
        if locator not in article.outline
    ]
    runs = set(_runs(" ".join(found.values())))
    for answer in article.answers.values():
        for part in answer.parts:
            for quoted in runs & set(_runs(" ".join(sentence.text for sentence in part))):
                lines.append(f'answer "{answer.id}": quotes the article: "{" ".join(quoted)}"')
    return lines


def read_sentences(source: Path) -> Iterator[tuple[str, str]]:
    """Each locator of the article and its sentence, from a table with a tab between them."""
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
            what = "should be a locator such as p1.s1, a tab and a sentence; mend this line"
            raise AskableError(f"{source}:{number}: {what}")
        if locator in seen:
            raise AskableError(f'{source}:{number}: "{locator}" is there twice; renumber one')
        seen.add(locator)
        yield locator, sentence
    if not seen:
        raise AskableError(f"{source}: holds no sentence; give a table of locators and sentences")


def _files(built: Built, models: Path, pictures: Path) -> Iterator[tuple[Path, str]]:
    for name, text in built.models.items():
        yield models / name, text
    yield pictures / PICTURE_FILE, built.picture


def _outlived(built: Built, models: Path) -> list[Path]:
    return [
        path
        for path in sorted(models.glob("*.json"))
        if _LOCALE_MODEL.fullmatch(path.name) and path.name not in built.models
    ]


def _hash(sentence: str) -> str:
    return hashlib.sha256(sentence.encode()).hexdigest()[:16]


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"[a-z']+", text.lower().replace("\u2019", "'"))
    for start in range(len(words) - QUOTED_WORDS + 1):
        yield tuple(words[start : start + QUOTED_WORDS])
