"""What a listener wants, as the dialogue takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Launch:
    """The skill was opened without a question."""


@dataclass(frozen=True)
class AskAnswer:
    """A question for one answer, by the answer's id."""

    answer: str


@dataclass(frozen=True)
class AskChoice:
    """A question of a choice without the slot that decides, by the choice's id."""

    choice: str


@dataclass(frozen=True)
class FreeText:
    """A question in free text; `name_alone` if it is one name, too little to suggest an answer."""

    query: str
    name_alone: bool = False


@dataclass(frozen=True)
class Command:
    """Something said to the skill itself: an intent (`AMAZON.HelpIntent`) and its slots' values."""

    intent: str
    slots: Mapping[str, str] = field(default_factory=dict)


Turn = Launch | AskAnswer | AskChoice | FreeText | Command
