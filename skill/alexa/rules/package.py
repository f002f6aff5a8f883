"""Rules for the files of a skill package, as ask-cli v2 reads them."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from typing import Any

from skill.alexa.manifest import ICONS
from skill.alexa.package import (
    MANIFEST_FILE,
    PACKAGE_FOLDER,
    RESOURCES_FILE,
    RESOURCES_VERSION,
    model_file,
)
from skill.alexa.rules.base import CLI, MANIFEST, PACKAGE, Fault, Rule, rule

Files = Mapping[str, bytes]  # path in the package -> content
_PNG = b"\x89PNG\r\n\x1a\n"


@rule("package-files", "manifest and a model for each locale", "-", PACKAGE)
def _layout(files: Files) -> Iterator[Fault]:
    manifest = _read(files, MANIFEST_FILE)
    if manifest is None:
        yield Fault(f"{MANIFEST_FILE} is missing or is not JSON", MANIFEST_FILE)
        return
    for locale in manifest["manifest"]["publishingInformation"]["locales"]:
        if _read(files, model_file(locale)) is None:
            yield Fault(f"{model_file(locale)} is missing or is not JSON", model_file(locale))


@rule("icons", "two icons, PNG", "108 and 512 pixels", MANIFEST)
def _icons(files: Files) -> Iterator[Fault]:
    for pixels, name in ICONS.items():
        path = f"{PACKAGE_FOLDER}/{name}"
        data = files.get(path, b"")
        # The header of a PNG: signature, chunk length and type, width, height.
        if data[:8] != _PNG or data[16:24] != struct.pack(">II", pixels, pixels):
            yield Fault(f"{path} is not a PNG of {pixels} by {pixels} pixels", path)


@rule("ask-resources", "the file that ask-cli v2 reads first", RESOURCES_VERSION, CLI)
def _resources(files: Files) -> Iterator[Fault]:
    resources = _read(files, RESOURCES_FILE) or {}
    profile = resources.get("profiles", {}).get("default", {})
    source = profile.get("skillMetadata", {}).get("src", "")
    if resources.get("askcliResourcesVersion") != RESOURCES_VERSION:
        yield Fault(f"{RESOURCES_FILE} is not of version {RESOURCES_VERSION}", RESOURCES_FILE)
    elif source != f"./{PACKAGE_FOLDER}":
        yield Fault(f'{RESOURCES_FILE} names "{source}" as the package', RESOURCES_FILE)


def _read(files: Files, path: str) -> Any:
    try:
        return json.loads(files[path])
    except (KeyError, ValueError):
        return None


PACKAGE_RULES: tuple[Rule[Files], ...] = (_layout, _icons, _resources)
