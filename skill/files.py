"""Files that are written whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Write a file by way of a draft in the same folder, which replaces it at the end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    except BaseException:  # Ctrl-C too
        with suppress(OSError):
            draft.unlink()
        raise


def write_changed(path: Path, data: bytes) -> bool:
    """Write a file where it does not hold `data` yet; returns whether it was written."""
    if path.is_file() and path.read_bytes() == data:
        return False
    write_whole(path, data)
    return True
