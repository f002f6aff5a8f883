"""Draws docs/explanation/architecture.svg from the imports between the packages of skill/.

    .venv/bin/python -m bench.architecture [--check]

With --check nothing is written; the command fails when the picture does not match the code. It
also fails when packages import each other in a circle.
"""

from __future__ import annotations

import argparse
import ast
import sys
import textwrap
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parent.parent
CODE = ROOT / "skill"
PICTURE = ROOT / "docs" / "explanation" / "architecture.svg"
# The modules of skill/ itself that packages import; __init__ and __main__ only re-export.
BASE = "settings, errors"
BASE_PURPOSE = "Where things are, and what can go wrong."

BOX_WIDTH, BOX_HEIGHT = 236, 78  # pixels
GAP_X, GAP_Y, MARGIN = 28, 46, 20
INK, PAPER, FILL, EDGE, ARROW = "#24292f", "#ffffff", "#eef4f1", "#0b6e4f", "#7d8590"


@dataclass(frozen=True)
class Package:
    """One package of skill/ and what it imports from the others."""

    name: str
    purpose: str
    imports: frozenset[str]


def read_packages(code: Path = CODE) -> dict[str, Package]:
    """The packages of `code` by name."""
    files: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(code.rglob("*.py")):
        top = path.relative_to(code).parts[0]
        if top in ("settings.py", "errors.py"):
            files[BASE].append(path)
        elif not top.endswith(".py"):
            files[top].append(path)
    return {
        name: Package(
            name,
            BASE_PURPOSE if name == BASE else _purpose(code / name / "__init__.py"),
            frozenset(
                found
                for path in paths
                for found in _imports(path, code.name)
                if found != name and found in files
            ),
        )
        for name, paths in files.items()
    }


def layers(packages: Mapping[str, Package]) -> list[list[str]]:
    """The packages in rows, top row first; each package imports only from rows below its own.

    Raises ValueError when packages import each other in a circle.
    """
    level: dict[str, int] = {}
    while len(level) < len(packages):
        ready = [
            name
            for name, package in packages.items()
            if name not in level and package.imports <= level.keys()
        ]
        if not ready:
            raise ValueError(f"circular imports among {', '.join(sorted(packages.keys() - level))}")
        height = 1 + max(level.values(), default=-1)
        level.update(dict.fromkeys(ready, height))
    rows: list[list[str]] = [[] for _ in range(1 + max(level.values(), default=-1))]
    for name in sorted(level):
        rows[level[name]].append(name)
    return rows[::-1]


def direct(packages: Mapping[str, Package]) -> list[tuple[str, str]]:
    """The imports that do not follow from others: A to C is left out where A to B to C exists."""
    reachable = {name: _reachable(name, packages) for name in packages}
    return sorted(
        (name, other)
        for name, package in packages.items()
        for other in package.imports
        if not any(other in reachable[between] for between in package.imports)
    )


def to_svg(packages: Mapping[str, Package]) -> str:
    """The picture: one box per package, one arrow per direct import."""
    rows = layers(packages)
    widest = max(len(row) for row in rows)
    width = 2 * MARGIN + widest * BOX_WIDTH + (widest - 1) * GAP_X
    height = 2 * MARGIN + len(rows) * BOX_HEIGHT + (len(rows) - 1) * GAP_Y
    place: dict[str, tuple[float, float]] = {}
    for number, row in enumerate(rows):
        left = (width - len(row) * BOX_WIDTH - (len(row) - 1) * GAP_X) / 2
        for column, name in enumerate(row):
            x = left + column * (BOX_WIDTH + GAP_X)
            place[name] = x, MARGIN + number * (BOX_HEIGHT + GAP_Y)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}" role="img" font-family="sans-serif" font-size="12">',
        "<title>The packages of skill/ and their imports</title>",
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8"'
        f' markerHeight="8" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="{ARROW}"/></marker>'
        "</defs>",
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>',
    ]
    parts += [_arrow(place, name, other) for name, other in direct(packages)]
    parts += [line for name in place for line in _box(packages[name], *place[name])]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _purpose(init: Path) -> str:
    text = ast.get_docstring(ast.parse(init.read_bytes())) if init.exists() else None
    return (text or "").split("\n\n")[0].replace("\n", " ").replace("`", "")


def _imports(path: Path, root: str) -> Iterator[str]:
    """What a file imports from `root`, imports inside functions included."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
            if node.module == root:
                names = [f"{root}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == root and len(parts) > 1:
                yield BASE if parts[1] in ("settings", "errors") else parts[1]


def _reachable(name: str, packages: Mapping[str, Package]) -> set[str]:
    found: set[str] = set()
    waiting = list(packages[name].imports)
    while waiting:
        other = waiting.pop()
        if other not in found:
            found.add(other)
            waiting += packages[other].imports
    return found


def _arrow(place: Mapping[str, tuple[float, float]], name: str, other: str) -> str:
    """An arrow between two boxes; one that passes rows goes around the boxes in them."""
    (left, top), (target_left, target_top) = place[name], place[other]
    start, bottom = left + BOX_WIDTH / 2, top + BOX_HEIGHT
    end = target_left + BOX_WIDTH / 2
    between = [x for x, y in place.values() if bottom < y < target_top]
    if not between:
        middle = (bottom + target_top) / 2
        path = f"M{start:g} {bottom:g} C{start:g} {middle:g} {end:g} {middle:g}"
    else:
        lane = end
        if any(x <= end <= x + BOX_WIDTH for x in between):
            lane += (BOX_WIDTH + GAP_X) / 2 * (1 if start > end else -1)
        side = left if lane < start else left + BOX_WIDTH
        level, turn = top + BOX_HEIGHT / 2, target_top - GAP_Y
        path = (
            f"M{side:g} {level:g} Q{lane:g} {level:g} {lane:g} {bottom:g} V{turn:g}"
            f" C{lane:g} {target_top - 10:g} {end:g} {turn + 10:g}"
        )
    return (
        f'<path d="{path} {end:g} {target_top:g}" fill="none" stroke="{ARROW}"'
        ' marker-end="url(#arrow)"/>'
    )


def _box(package: Package, x: float, y: float) -> Iterator[str]:
    yield (
        f'<rect x="{x:g}" y="{y:g}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="6"'
        f' fill="{FILL}" stroke="{EDGE}"/>'
    )
    yield (
        f'<text x="{x + 12:g}" y="{y + 20:g}" fill="{INK}" font-weight="bold" font-size="14">'
        f"{escape(package.name)}</text>"
    )
    for number, line in enumerate(textwrap.wrap(package.purpose, 33)[:3]):
        line_y = y + 38 + 15 * number
        yield f'<text x="{x + 12:g}" y="{line_y:g}" fill="{INK}">{escape(line)}</text>'


def main() -> None:
    """Write the picture, or check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when stale")
    options = parser.parse_args()
    try:
        picture = to_svg(read_packages())
    except ValueError as error:
        sys.exit(f"skill/: {error}")
    if options.check:
        if not PICTURE.exists() or PICTURE.read_text(encoding="utf-8") != picture:
            sys.exit(f"{PICTURE}: does not match the code; run python -m bench.architecture")
        return
    PICTURE.write_text(picture, encoding="utf-8")
    print(f"wrote {PICTURE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
