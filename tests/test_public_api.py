from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import skill
from tests.conftest import REPO

# Every package of ours, by its full name.
PACKAGES = sorted(
    module.name for module in pkgutil.walk_packages(skill.__path__, "skill.") if module.ispkg
)
HEAVY = ("ask_sdk_core", "boto3", "flask", "numpy", "pocketsphinx", "yaml")


def test_every_public_name_is_there() -> None:
    for name in skill.__all__:
        assert getattr(skill, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'gone'"):
        _ = skill.gone


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_says_what_it_is_for_and_has_every_name_that_it_promises(package: str) -> None:
    module = importlib.import_module(package)
    assert module.__doc__
    assert module.__doc__.strip().endswith(".")
    for name in module.__all__:
        # A module can be a public name too. Lambda's handler is made from the environment.
        is_module = importlib.util.find_spec(f"{package}.{name}") is not None
        assert is_module or name == "handler" or hasattr(module, name), f"{package}.{name}"


@pytest.mark.parametrize(
    "code", ["import skill; skill.__version__", "from skill import Settings, find_settings"]
)
def test_importing_skill_loads_nothing_heavy(code: str) -> None:
    report = f"{code}; import sys; print(*sorted(sys.modules.keys() & {set(HEAVY)!r}))"
    done = subprocess.run(
        [sys.executable, "-c", report], capture_output=True, text=True, cwd=REPO, check=True
    )
    assert done.stdout.split() == []


def test_loading_content_needs_no_numpy_and_no_sdk() -> None:
    report = "from skill import load_article; import sys; print('numpy' in sys.modules, "
    report += "'ask_sdk_core' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", report], capture_output=True, text=True, cwd=REPO, check=True
    )
    assert done.stdout.split() == ["False", "False"]


def test_the_package_is_typed_and_its_version_is_that_of_the_changelog() -> None:
    assert (Path(skill.__file__).with_name("py.typed")).is_file()
    changelog = (REPO / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## (?:\[)?v?(\d+\.\d+\.\d+)", changelog, re.MULTILINE)
    assert not versions or skill.__version__ in versions
