"""Askable turns an article into a voice skill whose every spoken sentence has a source.

>>> from skill import load_skill
>>> skill = load_skill()
>>> reply = skill.ask("what is the cuddle hormone")
>>> reply.answer
'what_is'
>>> reply.sources
('p3.s1', 'p2.s1')

The names below are loaded when they are first used, so that `import skill` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from skill.alexa import Skill, load_skill
    from skill.content import Article, load_article
    from skill.conversation import Reply
    from skill.settings import Settings, find_settings

__version__ = "0.2.0"
__all__ = [
    "Article",
    "Reply",
    "Settings",
    "Skill",
    "__version__",
    "find_settings",
    "load_article",
    "load_skill",
]
_HOMES = {
    "Article": "skill.content",
    "Reply": "skill.conversation",
    "Settings": "skill.settings",
    "Skill": "skill.alexa",
    "find_settings": "skill.settings",
    "load_article": "skill.content",
    "load_skill": "skill.alexa",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
