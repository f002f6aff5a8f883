from __future__ import annotations

from dataclasses import replace

import pytest

from skill.content import COMMAND_SLOTS, Article
from skill.content.model import CommandIntent


@pytest.fixture
def article_with_number(article: Article, monkeypatch: pytest.MonkeyPatch) -> Article:
    """The article with a command that takes a slot of one of Alexa's own types."""
    slots = {**COMMAND_SLOTS, "ReadPartIntent": {"number": "AMAZON.NUMBER"}}
    monkeypatch.setattr("skill.content.model.COMMAND_SLOTS", slots)
    command = CommandIntent("ReadPartIntent", ("read part {number}",))
    return replace(article, commands=(*article.commands, command))
