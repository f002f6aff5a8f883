"""One article as Lambda reads it: two files beside the code, no YAML and no numpy."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from skill.content.article_json import article_from_json
from skill.content.model import Article

if TYPE_CHECKING:
    from skill.understanding.interpreter import Rank
    from skill.understanding.matcher import Matcher, Ranking

FOLDER = "packed"  # beside the code; `askable package --lambda` fills it
ARTICLE_FILE = "article.json"
LEARNED_FILE = "matcher.arrays"


def load_packed(folder: Path) -> tuple[Article, Rank]:
    """The article, and what finds its answers for free words; that loads when it is first asked.

    Most requests name their intent, and a cold start should not pay for what they do not need.
    """
    article = article_from_json((folder / ARTICLE_FILE).read_text(encoding="utf-8"))

    @cache
    def matcher() -> Matcher:
        from skill.understanding.arrays import Arrays
        from skill.understanding.matcher import Matcher
        from skill.understanding.plain_learned import PlainLearned

        learned = PlainLearned(Arrays(folder / LEARNED_FILE))
        return Matcher(learned, learned.probabilities)

    def rank(utterance: str) -> Ranking:
        return matcher().rank(utterance)

    return article, rank
