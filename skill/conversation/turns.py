"""What a listener wants, as the dialogue knows it.

Told apart by their types: being tuples, two of different types that hold the same are equal.
"""

from __future__ import annotations

from typing import NamedTuple


class Launch(NamedTuple):
    """Opened without a question."""


class Ask(NamedTuple):
    """One answer was asked for, by id."""

    answer: str


class Which(NamedTuple):
    """A choice was asked for without saying which."""

    choice: str


class Search(NamedTuple):
    """A question in free words; or a name alone, which is too little to offer something near."""

    query: str
    name_alone: bool = False


class Say(NamedTuple):
    """Something said to the skill itself: the intent's name (`AMAZON.HelpIntent`)."""

    intent: str


Turn = Launch | Ask | Which | Search | Say
