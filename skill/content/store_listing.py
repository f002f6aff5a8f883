"""`store.yaml`: the listing in the skill store."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from skill.content.yaml_reader import Fields, read_fields
from skill.errors import ContentError, Problem

STORE_FILE = "store.yaml"
_PLACE = re.compile(r"\{([^{}]*)\}|[{}]")


@dataclass(frozen=True)
class StoreListing:
    """What the store shows, and the instructions for Amazon's testers."""

    name: str
    summary: str
    description: tuple[str, ...]  # paragraphs
    keywords: tuple[str, ...]
    category: str
    testing_instructions: tuple[str, ...]  # lines
    file: str
    lines: Mapping[str, int]  # field -> line


def read_listing(folder: Path) -> StoreListing:
    """The listing of one article's folder.

    Raises:
        ContentError: One problem for each malformed field.
    """
    shown = f"{folder.name}/{STORE_FILE}"
    problems: list[Problem] = []
    fields = read_fields(folder / STORE_FILE, shown, problems)
    listing = _listing(fields) if fields else None
    if problems or listing is None:
        raise ContentError(problems)
    return listing


def _listing(fields: Fields) -> StoreListing:
    listing = StoreListing(
        name=fields.text("name"),
        summary=fields.text("summary"),
        description=fields.texts("description", required=True),
        keywords=fields.texts("keywords", required=True),
        category=fields.text("category"),
        testing_instructions=fields.texts("testing_instructions", required=True),
        file=fields.file,
        lines=fields.lines(),
    )
    for position, paragraph in enumerate(listing.description):
        for place in _PLACE.finditer(paragraph):
            if place[1] != "emergency":
                what = f'"{place[0]}" is not known here; known is {{emergency}}'
                fields.fault(f"description[{position}]", what)
    fields.done()
    return listing
