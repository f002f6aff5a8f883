"""The skill package for ask-cli v2: every file by its path, the same bytes every time.

https://developer.amazon.com/en-US/docs/alexa/smapi/skill-package-api-reference.html
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from skill.alexa.icon import draw_icon
from skill.alexa.manifest import ICONS

RESOURCES_FILE = "ask-resources.json"
RESOURCES_VERSION = "2020-03-31"  # what ask-cli 2.30 writes and reads
PACKAGE_FOLDER = "skill-package"
MANIFEST_FILE = f"{PACKAGE_FOLDER}/skill.json"
_MODELS = f"{PACKAGE_FOLDER}/interactionModels/custom"


def model_file(locale: str) -> str:
    """Where the model of a locale stands in the package."""
    return f"{_MODELS}/{locale}.json"


def make_package(manifest: Mapping[str, Any], models: Mapping[str, str]) -> dict[str, bytes]:
    """Path -> bytes of every file; `models` tells the text of each locale's model."""
    resources = {
        "askcliResourcesVersion": RESOURCES_VERSION,
        "profiles": {"default": {"skillMetadata": {"src": f"./{PACKAGE_FOLDER}"}}},
    }
    return {
        RESOURCES_FILE: _json(resources),
        MANIFEST_FILE: _json(manifest),
        **{model_file(locale): text.encode() for locale, text in models.items()},
        **{f"{PACKAGE_FOLDER}/{path}": draw_icon(pixels) for pixels, path in ICONS.items()},
    }


def write_package(files: Mapping[str, bytes], out: Path) -> list[Path]:
    """Write what differs, each file whole or not at all; returns the files written.

    The model of a locale that the content no longer has is taken away.
    """
    written = []
    for name, data in files.items():
        path = out / name
        if path.is_file() and path.read_bytes() == data:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}.new")
        draft.write_bytes(data)
        draft.replace(path)
        written.append(path)
    for path in sorted((out / _MODELS).glob("*.json")):
        if model_file(path.stem) not in files:
            path.unlink()
    return written


def _json(data: object) -> bytes:
    return (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode()
