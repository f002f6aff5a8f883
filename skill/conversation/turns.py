"""What a listener wants, as the dialogue knows it.

Told apart by their types: being tuples, two of different types that hold the same are equal.
"""

from __future__ import annotations

from typing import NamedTuple


class Launch(NamedTuple):
    """Opened without a question."""


class AskAnswer(NamedTuple):
    """One answer was asked for, by id."""

    answer: str


class AskChoice(NamedTuple):
    """A choice was asked for without saying which."""

    choice: str


class FreeText(NamedTuple):
    """A question in free words; or a name alone, which is too little to offer something near."""

    query: str
    name_alone: bool = False


class Command(NamedTuple):
    """Something said to the skill itself: the intent's name (`AMAZON.HelpIntent`)."""

    intent: str


Turn = Launch | AskAnswer | AskChoice | FreeText | Command
