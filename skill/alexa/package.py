"""The skill package that ask-cli v2 deploys.

https://developer.amazon.com/en-US/docs/alexa/smapi/skill-package-api-reference.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from skill.alexa.manifest import ICONS
from skill.files import write_changed

RESOURCES_FILE = "ask-resources.json"
RESOURCES_VERSION = "2020-03-31"  # what ask-cli 2.30 writes and reads
PACKAGE_FOLDER = "skill-package"
MANIFEST_FILE = f"{PACKAGE_FOLDER}/skill.json"
_MODELS = f"{PACKAGE_FOLDER}/interactionModels/custom"


def model_file(locale: str) -> str:
    """The path of a locale's model in the package."""
    return f"{_MODELS}/{locale}.json"


def make_package(
    manifest: Mapping[str, Any], model: str, locales: Iterable[str]
) -> dict[str, bytes]:
    """The content of each file by its path; every locale gets the same model."""
    resources = {
        "askcliResourcesVersion": RESOURCES_VERSION,
        "profiles": {"default": {"skillMetadata": {"src": f"./{PACKAGE_FOLDER}"}}},
    }
    icons = files("skill.alexa") / "icons"
    return {
        RESOURCES_FILE: _json(resources),
        MANIFEST_FILE: _json(manifest),
        **{model_file(locale): model.encode() for locale in locales},
        **{
            f"{PACKAGE_FOLDER}/{path}": (icons / Path(path).name).read_bytes()
            for path in ICONS.values()
        },
    }


def write_package(package: Mapping[str, bytes], out: Path) -> list[Path]:
    """Write the files that differ from those in `out`, and return their paths.

    The models of locales that the package does not have are deleted.
    """
    written = [out / name for name, data in package.items() if write_changed(out / name, data)]
    for path in sorted((out / _MODELS).glob("*.json")):
        if model_file(path.stem) not in package:
            path.unlink()
    return written


def _json(data: object) -> bytes:
    return (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode()
