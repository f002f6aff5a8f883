from __future__ import annotations

import pytest

from skill.content import Article, load_article
from tests.conftest import TEA


@pytest.fixture(scope="session")
def article() -> Article:
    return load_article(TEA)
