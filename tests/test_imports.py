"""Each package is used through its `__init__.py` alone; the import-linter holds the order."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import REPO

SKILL = REPO / "skill"


def _imports(file: Path) -> Iterator[tuple[str, int]]:
    """(module, line) of every import of ours."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("skill."):
            yield str(node.module), node.lineno
        if isinstance(node, ast.Import):
            for name in node.names:
                if name.name.startswith("skill."):
                    yield name.name, node.lineno


def _package_of(module: str) -> str:
    """The innermost package that a module is part of; a package is part of itself."""
    path = REPO / module.replace(".", "/")
    return module if path.is_dir() else module.rpartition(".")[0]


def _reaches_into(module: str, file: Path) -> bool:
    """Whether an import goes past the `__init__.py` of a package that the file is not in."""
    package = _package_of(module)
    here = ".".join(file.relative_to(REPO).with_suffix("").parts)
    return module != package and package != "skill" and not here.startswith(f"{package}.")


@pytest.mark.parametrize("file", sorted(SKILL.rglob("*.py")), ids=lambda f: f.relative_to(SKILL))
def test_a_module_imports_other_packages_by_their_public_surface(file: Path) -> None:
    reaching = [
        f"{file}:{line}: {name}" for name, line in _imports(file) if _reaches_into(name, file)
    ]
    assert not reaching


@pytest.mark.parametrize(
    "package",
    sorted(p.parent for p in SKILL.rglob("__init__.py")),
    ids=lambda p: p.relative_to(REPO),
)
def test_a_package_says_what_it_is_for_and_what_others_may_use(package: Path) -> None:
    tree = ast.parse((package / "__init__.py").read_text(encoding="utf-8"))
    assert (ast.get_docstring(tree) or "").splitlines()[0].endswith((".", "."))
    names = [target.id for node in tree.body if isinstance(node, ast.Assign)
             for target in node.targets if isinstance(target, ast.Name)]  # fmt: skip
    assert "__all__" in names
