"""Installed distributions -> the files that a program without them must bring along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path, PurePosixPath

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from skill.errors import AskableError

_COMPILED = (".so", ".pyd")
_LICENSES = ("LICEN", "COPYING", "NOTICE")


def with_requirements(names: Iterable[str], without: frozenset[str]) -> list[Distribution]:
    """Distributions and all that they require here, by name; `without` are left out with theirs.

    Raises AskableError for one that is not installed.
    """
    found: dict[str, Distribution] = {}
    wanted = [(canonicalize_name(name), "askable") for name in names]
    while wanted:
        name, by = wanted.pop()
        if name in found or name in without:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError as error:
            raise AskableError(f"{name}: {by} needs it; run pip install {name}") from error
        for line in found[name].requires or ():
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                wanted.append((canonicalize_name(requirement.name), name))
    return [found[name] for name in sorted(found)]


def plain_files(found: Distribution) -> Iterator[tuple[PurePosixPath, Path]]:
    """(path in the archive, file) of what is imported, and of the licences.

    Compiled modules that have a Python twin are left out: one archive then fits every processor.
    Raises AskableError for one without a twin.
    """
    files = {PurePosixPath(path.as_posix()): path for path in found.files or ()}
    for path in sorted(files):
        if ".." in path.parts or path.suffix == ".pyc":
            continue
        if path.parts[0].endswith(".dist-info") and not path.name.startswith(_LICENSES):
            continue
        if path.suffix in _COMPILED:
            if path.with_name(f"{path.name.split('.')[0]}.py") not in files:
                raise AskableError(
                    f"{found.name}: {path} is compiled for this machine alone;"
                    " install a version without compiled modules"
                )
            continue
        yield path, Path(str(found.locate_file(files[path])))
