"""Makes the zip that AWS Lambda runs: code, dependencies and one packed article; tries it once.

Everything in it is plain Python: it runs on x86_64 and arm64 alike.
"""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from skill.aws.distributions import plain_files, with_requirements
from skill.aws.packed import FOLDER
from skill.aws.packing import write_packed
from skill.aws.trial import try_handler
from skill.errors import AskableError
from skill.settings import Settings

_SDK = "ask-sdk-core"
_DYNAMODB = "ask-sdk-dynamodb-persistence-adapter"
# Lambda's own Python has the AWS SDK, which is larger than all of this.
_ON_LAMBDA = frozenset(["boto3"])
_CODE = Path(__file__).resolve().parent
_ENTRY = _CODE / "aws.py"


@dataclass(frozen=True)
class LambdaZip:
    """What was made, and what it answered when it was tried."""

    path: Path
    size: int  # bytes
    own_size: int  # bytes of it that are not the SDK and what that requires
    python: str  # the version whose bytecode is in it
    remembers: bool  # whether the DynamoDB adapter is in it
    said: tuple[str, ...]  # to a launch and to a question


def make_lambda_zip(settings: Settings, out: Path) -> LambdaZip:
    """Write `out`; the same content, code and installed versions give the same bytes.

    Raises AskableError when something is missing, or when the zip does not answer in a Python that
    has nothing else.
    """
    remembers = _installed(_DYNAMODB)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "zip"
        _copy_distributions(folder, [_SDK, *([_DYNAMODB] if remembers else [])])
        sdk = set(folder.iterdir())
        _copy_code(folder)
        write_packed(settings, folder / _CODE.name / FOLDER)
        _compile(folder)
        _zip(folder, draft := Path(scratch) / "draft.zip")
        with ZipFile(draft) as made:
            # What was zipped is tried, not what it was zipped from.
            made.extractall(tried := Path(scratch) / "tried")
            own = sum(
                info.compress_size
                for info in made.infolist()
                if folder / info.filename.split("/")[0] not in sdk
            )
        said = try_handler(tried, settings)
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(draft, out)
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return LambdaZip(out, out.stat().st_size, own, python, remembers, said)


def _installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def _copy_distributions(folder: Path, names: list[str]) -> None:
    for found in with_requirements(names, _ON_LAMBDA):
        for path, file in plain_files(found):
            _copy(file, folder / path)


def _copy_code(folder: Path) -> None:
    """The modules that the entry point imports, directly or not."""
    wanted, copied = [_ENTRY], set[Path]()
    while wanted:
        file = wanted.pop()
        if file not in copied:
            copied.add(file)
            _copy(file, folder / _CODE.name / file.relative_to(_CODE))
            wanted += _imports(file)


def _imports(file: Path) -> Iterator[Path]:
    """The modules of this package that a module names; those within its functions too."""
    yield _CODE / "__init__.py"
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{_CODE.name}."):
            yield _CODE.parent / f"{str(node.module).replace('.', '/')}.py"


def _copy(file: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, to)


def _compile(folder: Path) -> None:
    """Bytecode beside the sources: Lambda's disk cannot be written, so each start would compile.

    It holds no times, and comes from a fresh process, so that it is the same each time.
    """
    command = [sys.executable, "-I", "-m", "compileall", "-q", "--invalidation-mode"]
    done = subprocess.run(
        [*command, "unchecked-hash", "-s", str(folder), "-j", "1", str(folder)],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise AskableError(f"{folder}: cannot be compiled: {done.stdout.strip()}")


def _zip(folder: Path, out: Path) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    with ZipFile(out, "w") as made:
        for file in files:
            # A name alone means the first day of 1980: no time of ours gets in.
            info = ZipInfo(file.relative_to(folder).as_posix())
            info.create_system, info.external_attr = 3, 0o644 << 16  # Unix, readable by all
            made.writestr(info, file.read_bytes(), ZIP_DEFLATED, 9)
