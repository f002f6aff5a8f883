from __future__ import annotations

import doctest

import pytest

import skill
from tests.conftest import REPO


def test_the_example_in_the_docstring_of_the_package_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPO)
    result = doctest.testmod(skill)
    assert result.attempted >= 4
    assert result.failed == 0
