"""The zip that AWS Lambda runs: code, dependencies, one article and its compiled matcher."""

from __future__ import annotations

import json
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution, distributions
from pathlib import Path
from typing import Literal
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from skill import alexa
from skill.alexa import (
    Exchange,
    IntentMatch,
    RequestContext,
    Session,
    SlotValue,
    intent_request,
    launch_request,
)
from skill.aws.lambda_function import SKILL_ID
from skill.content import SEARCH_INTENT, SEARCH_SLOT, SEARCH_TYPE, Article, load_article
from skill.errors import AskableError
from skill.settings import Settings
from skill.understanding.classifier import load_matcher

Architecture = Literal["x86_64", "arm64"]

# What `load_skill` imports.
_REQUIREMENTS = ("ask-sdk-core", "numpy", "PyYAML", "RapidFuzz", "threadpoolctl")
# Lambda's Python has boto3, which this requires and which is larger than all of the zip.
_DYNAMODB = "ask-sdk-dynamodb-persistence-adapter"
# https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html: Python 3.11 is on Amazon Linux
# 2 (glibc 2.26), later versions run on Amazon Linux 2023 (glibc 2.34).
_AMAZON_LINUX_2 = sys.version_info < (3, 12)
_MACHINES = {"x86_64": "x86_64", "arm64": "aarch64"}
_CODE = Path(__file__).resolve().parent.parent
_MODEL = "matcher.npz"
_PACKAGES = ("alexa", "aws", "content", "conversation", "memory", "understanding")
_UNUSED_FOLDERS = frozenset(["__pycache__", "bin", "tests"])
_UNUSED_FILES = frozenset([".a", ".c", ".h", ".pyi", ".pyx", ".pxd"])
_INFORMATION = ("METADATA", "LICEN", "COPYING", "NOTICE")
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
_MOST_UNZIPPED = 250_000_000  # bytes
_SECONDS = 60
_TRY = """
import json, os, sys
sys.path.insert(0, sys.argv[1])
os.environ[sys.argv[2]] = sys.argv[3]
import skill.aws
print(json.dumps([skill.aws.handler(event, None) for event in json.load(sys.stdin)]))
"""


@dataclass(frozen=True)
class LambdaZip:
    """What was made, and what it answered when it was tried.

    `size` and `unzipped` are bytes; `speech` is empty when the zip is for another architecture.
    """

    path: Path
    size: int
    unzipped: int
    python: str
    architecture: Architecture
    remembers: bool
    speech: tuple[str, ...]


def make_lambda_zip(settings: Settings, out: Path, architecture: Architecture) -> LambdaZip:
    """Write `out`; the same content, code and installed versions give the same bytes.

    The zip is tried once, in a Python without any other package, where this machine has the
    architecture.

    Raises:
        AskableError: A dependency cannot be installed, the zip is too large, or it does not answer.
        StaleError: The compiled matcher is missing or older than the content.
    """
    load_matcher(settings.content, settings.models)
    remembers = _is_installed(_DYNAMODB)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "zip"
        _install(folder, architecture, remembers)
        _copy_skill(folder, settings)
        _strip(folder)
        _compile(folder)
        _zip(folder, draft := Path(scratch) / "draft.zip")
        with ZipFile(draft) as made:
            unzipped = sum(file.file_size for file in made.infolist())
            if unzipped > _MOST_UNZIPPED:
                raise AskableError(
                    f"{out}: takes {unzipped / 1e6:.0f} MB unzipped, and Lambda allows"
                    f" {_MOST_UNZIPPED / 1e6:.0f}; make the article's folder smaller"
                )
            # What was zipped is tried, not what it was zipped from.
            made.extractall(tried := Path(scratch) / "tried")
        is_ours = platform.machine() == _MACHINES[architecture]
        speech = _try(tried, settings) if is_ours else ()
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(draft, out)
    size = out.stat().st_size
    return LambdaZip(out, size, unzipped, _python_version(), architecture, remembers, speech)


def trial_requests(article: Article, locale: str) -> tuple[dict[str, object], dict[str, object]]:
    """A launch, and one of the article's example phrases in free words, as Alexa sends them."""
    context = RequestContext("trial", "2026-01-01T00:00:00Z", locale)
    session = Session("trial")
    query = SlotValue(SEARCH_SLOT, article.example_phrases[1], SEARCH_TYPE)
    match = IntentMatch(SEARCH_INTENT, (query,), "search", 1.0)
    return launch_request(session, context), intent_request(match, session, context)


def _python_version() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def _is_installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def _install(folder: Path, architecture: Architecture, remembers: bool) -> None:
    """Install the dependencies for Lambda's machine, in the versions that are installed here."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as constraints:
        constraints.write("\n".join(_constraints()))
        constraints.flush()
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-compile"]
        command += ["--disable-pip-version-check", "--target", str(folder)]
        command += ["--constraint", constraints.name, "--python-version", _python_version()]
        command += ["--implementation", "cp", "--only-binary", ":all:"]
        for platform_name in _platforms():
            command += ["--platform", f"{platform_name}_{_MACHINES[architecture]}"]
        _run(command + list(_REQUIREMENTS))
        if remembers:
            _run([*command, "--no-deps", _DYNAMODB])


def _platforms() -> tuple[str, ...]:
    if _AMAZON_LINUX_2:
        return ("manylinux2014",)
    return ("manylinux_2_34", "manylinux_2_28", "manylinux2014")


def _constraints() -> Iterator[str]:
    for found in distributions():
        name = str(found.metadata["Name"])
        # The installed wheels of these need a newer glibc than Amazon Linux 2 has: pip chooses
        # the latest that it can load.
        if not (_AMAZON_LINUX_2 and name.lower() in ("numpy", "rapidfuzz")):
            yield f"{name}=={found.version}"


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR: ")]
        reason = lines[0].removeprefix("ERROR: ") if lines else done.stderr.strip()
        raise AskableError(f"pip cannot install what the zip needs: {reason}")


def _copy_skill(folder: Path, settings: Settings) -> None:
    code = folder / _CODE.name
    for name in _PACKAGES:
        shutil.copytree(_CODE / name, code / name)
    for file in _CODE.glob("*.py"):
        shutil.copyfile(file, code / file.name)
    shutil.copytree(settings.content, folder / "content" / settings.content.resolve().name)
    (folder / "interaction_model").mkdir()
    shutil.copy(settings.models / _MODEL, folder / "interaction_model")


def _strip(folder: Path) -> None:
    for path in [path for path in folder.rglob("*") if path.name in _UNUSED_FOLDERS]:
        shutil.rmtree(path, ignore_errors=True)


def _compile(folder: Path) -> None:
    """Compile to bytecode: Lambda's disk is read-only, so each cold start would compile.

    The bytecode holds no times, and a fresh process makes it, so that it is the same each time.
    """
    command = [sys.executable, "-I", "-m", "compileall", "-q", "--invalidation-mode"]
    command += ["unchecked-hash", "-s", str(folder), "-j", "1", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise AskableError(f"{folder}: cannot be compiled: {done.stdout.strip()}")


def _zip(folder: Path, out: Path) -> None:
    with ZipFile(out, "w") as made:
        for file in sorted(filter(_is_needed, folder.rglob("*"))):
            # A name alone means the first day of 1980: no time of ours gets in.
            info = ZipInfo(file.relative_to(folder).as_posix())
            info.create_system, info.external_attr = 3, 0o644 << 16  # Unix, readable by all
            made.writestr(info, file.read_bytes(), ZIP_DEFLATED, 9)


def _is_needed(file: Path) -> bool:
    if not file.is_file() or file.suffix in _UNUSED_FILES:
        return False
    information = any(part.endswith(".dist-info") for part in file.parts)
    return file.name.startswith(_INFORMATION) if information else True


def _try(folder: Path, settings: Settings) -> tuple[str, ...]:
    """What the function says to each trial request; raises AskableError unless it answers."""
    sent = trial_requests(load_article(settings.content), settings.locale)
    # -I and -S: no installed packages, no environment, nothing of this folder.
    command = [sys.executable, "-I", "-S", "-c", _TRY, str(folder), SKILL_ID, alexa.SKILL_ID]
    try:
        done = subprocess.run(
            command, input=json.dumps(sent), capture_output=True, text=True, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise AskableError(
            f"the zip does not answer within {_SECONDS} s; try it by hand"
        ) from error
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise AskableError(f"the zip does not answer on its own: {reason}")
    launch, question = (
        Exchange(request, response)
        for request, response in zip(sent, json.loads(done.stdout), strict=True)
    )
    if not question.answer:
        raise AskableError(f"the zip does not answer the article's own question: {question.speech}")
    return launch.speech, question.speech
