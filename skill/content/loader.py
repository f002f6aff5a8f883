"""The YAML folder of one article, `content/<article>/`, as an `Article`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from skill.content.model import (
    Answer,
    Article,
    Choice,
    CommandIntent,
    KnownGap,
    Locale,
    Outline,
    Sentence,
    Term,
)
from skill.content.refusals import REFUSALS
from skill.content.yaml_reader import Fields, read_fields
from skill.errors import ContentError, Problem

# Training data, which only the build reads; see skill.content.examples.
EXAMPLES_FILE = "examples.yaml"
_LOCALE_FILE = re.compile(r"[a-z]{2}-[A-Z]{2}\.yaml")
_Named = TypeVar("_Named", Answer, Choice, Outline, KnownGap)


@dataclass(frozen=True)
class Content:
    """What was read from a folder; where there are problems, the article has holes."""

    article: Article
    lines: Mapping[str, tuple[str, int]]  # "answer men" -> file and line
    problems: tuple[Problem, ...]


def load_article(folder: Path) -> Article:
    """Load one article whose files are well-formed; `askable build` checks how they fit together.

    Raises:
        ContentError: One problem for each malformed field.
    """
    content = read_content(folder)
    if content.problems:
        raise ContentError(content.problems)
    return content.article


def read_content(folder: Path) -> Content:
    """Read one article's folder, collecting each malformed field with its file and line.

    Raises:
        ContentError: A whole file is missing or is not YAML.
    """
    if not folder.is_dir():
        what = "is not a folder" if folder.exists() else "no such folder"
        raise ContentError([Problem(str(folder), 0, "", f"{what}; name one with content")])
    reader = _Reader(folder)
    article = reader.read()
    return Content(article, reader.lines, tuple(reader.problems))


def digest_of(folder: Path) -> str:
    """A hash of all content files that models are compiled from."""
    digest = hashlib.sha256()
    examples = folder / EXAMPLES_FILE
    for path in [*_files_of(folder), *([examples] if examples.exists() else [])]:
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def _files_of(folder: Path) -> list[Path]:
    """The files that an article is read from, sorted by name."""
    locales = folder / "locales"
    named = [path for path in locales.glob("*.yaml") if _LOCALE_FILE.fullmatch(path.name)]
    always = [folder / "article.yaml", folder / "answers.yaml", folder / "terms.yaml"]
    return sorted([*always, locales / "en.yaml", *named])


class _Reader:
    """Reads the files of one folder; `problems` and `lines` (of every entry) fill meanwhile."""

    def __init__(self, folder: Path) -> None:
        self.problems: list[Problem] = []
        self.lines: dict[str, tuple[str, int]] = {}
        self._folder = folder

    def read(self) -> Article:
        about = self._file("article.yaml")
        said = self._file("answers.yaml")
        named = self._file("terms.yaml")
        frame = self._file("locales/en.yaml")
        prompts = frame.named_text("prompts", required=True)
        choices = self._listed(said, "choices", _choice, required=False)
        known_gaps = self._listed(said, "known_gaps", _known_gap, required=False)
        article = Article(
            id=self._folder.name,
            title=about.text("title"),
            author=about.text("author"),
            subject=about.text("subject"),
            invocation_name=about.text("invocation_name"),
            example_phrases=about.texts("example_phrases", required=True),
            outline=self._listed(about, "outline", _outline),
            reading=about.texts("reading"),
            topics=about.texts("topics", required=True),
            answers=self._listed(said, "answers", _answer),
            choices=tuple(choices.values()),
            known_gaps=tuple(known_gaps.values()),
            terms={term.id: term for term in named.named("terms", _term)},
            rules=named.named_text("rules"),
            pronunciations=named.named_texts("pronunciations"),
            commands=_commands(frame),
            carrier_phrases=frame.texts("carrier_phrases", required=True),
            stop_words=frame.texts("stop_words"),
            danger_phrases=frame.texts("danger_phrases"),
            locales=self._locales(prompts),
            default_locale=Locale("en", prompts, frame.named_text("phones", required=True)),
        )
        self._mark_prompts(frame)
        for file in (about, said, named, frame):
            file.done()
        return article

    def _file(self, name: str) -> Fields:
        shown = f"{self._folder.name}/{name}"
        fields = read_fields(self._folder / name, shown, self.problems)
        if fields is None:
            raise ContentError(self.problems + self._problems_of_other_files(name))
        self.lines[name] = (shown, 0)
        return fields

    def _problems_of_other_files(self, unread: str) -> list[Problem]:
        """A file that cannot be read must not hide that another cannot be read either."""
        found: list[Problem] = []
        for path in _files_of(self._folder):
            name = path.relative_to(self._folder).as_posix()
            if name != unread:
                read_fields(path, f"{self._folder.name}/{name}", found)
        return found

    def _mark_prompts(self, fields: Fields) -> None:
        name = fields.file.removeprefix(f"{self._folder.name}/")
        for prompt, line in fields.lines("prompts").items():
            self.lines[f"{name} prompts.{prompt}"] = (fields.file, line)

    def _listed(
        self, file: Fields, field: str, read: Callable[[Fields], _Named], required: bool = True
    ) -> dict[str, _Named]:
        """The entries of a list by id; `lines` gets the line of each."""
        found: dict[str, _Named] = {}

        def read_entry(fields: Fields) -> None:
            entry = read(fields)
            kind = field.removesuffix("s")
            self.lines[f"{kind} {entry.id}"] = (fields.file, fields.line)
            if entry.id in found:
                file.fault(f'{kind} "{entry.id}"', "this id is used twice; rename one")
            found[entry.id] = entry

        file.listed(field, read_entry, required)
        return found

    def _locales(self, prompts: dict[str, str]) -> dict[str, Locale]:
        found: dict[str, Locale] = {}
        for path in sorted((self._folder / "locales").glob("*.yaml")):
            if not _LOCALE_FILE.fullmatch(path.name):
                continue
            fields = self._file(f"locales/{path.name}")
            own = fields.named_text("prompts")
            self._mark_prompts(fields)
            phones = fields.named_text("phones", required=True)
            found[path.stem] = Locale(path.stem, {**prompts, **own}, phones)
            fields.done()
        return found


def _outline(fields: Fields) -> Outline:
    states = fields.text("states", "yes")
    if states not in ("yes", "no"):
        fields.fault("states", f'"{states}" should be yes or no')
    return Outline(
        fields.text("locator"), fields.text("hash"), fields.text("gist"), states == "yes"
    )


def _sentence(fields: Fields) -> Sentence:
    sentence = Sentence(fields.text("text"), fields.texts("sources", required=True))
    if fields.has("sources") and not sentence.sources:
        fields.fault("sources", "names no source; give at least one locator such as p3.s2")
    return sentence


def _answer(fields: Fields) -> Answer:
    return Answer(
        id=fields.text("id"),
        intent=fields.text("intent"),
        title=fields.text("title"),
        topic=fields.text("topic"),
        says=fields.listed("says", _sentence),
        more=fields.lists("more", _sentence),
        asks=fields.texts("asks", required=True),
        leads_to=fields.text("leads_to", ""),
        about=fields.text("about", ""),
        why=fields.text("why", ""),
    )


def _choice(fields: Fields) -> Choice:
    return Choice(
        id=fields.text("id"),
        intent=fields.text("intent"),
        term=fields.text("term"),
        asks=fields.texts("asks", required=True),
        answers=fields.named_text("answers", required=True),
        prompt=fields.text("prompt"),
    )


def _known_gap(fields: Fields) -> KnownGap:
    return KnownGap(fields.text("id"), fields.texts("asks", required=True))


def _term(name: str, fields: Fields) -> Term:
    if fields.has("values"):
        return Term(name, fields.named_texts("values"))
    return Term(name, {name: fields.texts("names", required=True)})


def _commands(frame: Fields) -> tuple[CommandIntent, ...]:
    """What is said to the skill itself, and the words of each kind of refusal."""
    commands = [
        CommandIntent(intent, asks) for intent, asks in frame.named_texts("commands").items()
    ]
    refusals = frame.named_texts("refusals", required=True)
    known = {refusal.name: refusal for refusal in REFUSALS}
    for name, asks in refusals.items():
        if name in known:
            commands.append(CommandIntent(known[name].intent, asks))
        else:
            what = f"unknown kind of refusal; the kinds are {', '.join(known)}"
            frame.fault(f"refusals.{name}", what)
    for name in known.keys() - refusals.keys() if refusals else ():
        frame.fault("refusals", f'"{name}" is missing; add it')
    return tuple(commands)
