"""Rules for the files of a skill package, as ask-cli v2 takes them. Pure."""

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
from skill.alexa.rules.table import CLI, MANIFEST, PACKAGE, Fault, Rule

# The files of a package: path -> bytes.
Files = Mapping[str, bytes]
_PNG = b"\x89PNG\r\n\x1a\n"


def _layout(files: Files) -> Iterator[Fault]:
    manifest = _read(files, MANIFEST_FILE)
    if manifest is None:
        yield Fault(f"{MANIFEST_FILE} is missing or is not JSON", MANIFEST_FILE)
        return
    for locale in manifest["manifest"]["publishingInformation"]["locales"]:
        if _read(files, model_file(locale)) is None:
            yield Fault(f"{model_file(locale)} is missing or is not JSON", model_file(locale))


def _icons(files: Files) -> Iterator[Fault]:
    for pixels, name in ICONS.items():
        path = f"{PACKAGE_FOLDER}/{name}"
        size = _size_of_png(files.get(path, b""))
        if size != (pixels, pixels):
            yield Fault(f"{path} is no PNG of {pixels} by {pixels} pixels", path)


def _resources(files: Files) -> Iterator[Fault]:
    resources = _read(files, RESOURCES_FILE)
    profile = (resources or {}).get("profiles", {}).get("default", {})
    source = profile.get("skillMetadata", {}).get("src", "")
    if (resources or {}).get("askcliResourcesVersion") != RESOURCES_VERSION:
        what = f"{RESOURCES_FILE} is not of version {RESOURCES_VERSION}"
        yield Fault(what, RESOURCES_FILE)
    elif source != f"./{PACKAGE_FOLDER}":
        yield Fault(f'{RESOURCES_FILE} names "{source}" as the package', RESOURCES_FILE)


def _read(files: Files, path: str) -> Any:
    try:
        return json.loads(files[path])
    except (KeyError, ValueError):
        return None


def _size_of_png(data: bytes) -> tuple[int, int] | None:
    if not data.startswith(_PNG) or len(data) < 24:
        return None
    width, height = struct.unpack(">II", data[16:24])
    return width, height


PACKAGE_RULES: tuple[Rule[Files], ...] = (
    Rule("package-files", "manifest and a model for each locale", "-", PACKAGE, True, _layout),
    Rule("icons", "two icons, PNG", "108 and 512 pixels", MANIFEST, True, _icons),
    Rule("ask-resources", "what ask-cli v2 reads", RESOURCES_VERSION, CLI, True, _resources),
)
