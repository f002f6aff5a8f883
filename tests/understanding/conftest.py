from __future__ import annotations

import pytest

from skill.content import Article, read_examples
from skill.understanding.classifier import TrainingData, make_training_data
from tests.conftest import TEA


@pytest.fixture(scope="session")
def training_data(article: Article) -> TrainingData:
    return make_training_data(article, read_examples(TEA, article))
