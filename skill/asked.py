"""What a listener wants, as the dialogue knows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Launch:
    """Opened without a question."""


@dataclass(frozen=True)
class Ask:
    """One answer was asked for, by id."""

    answer: str


@dataclass(frozen=True)
class Which:
    """A choice was asked for without saying which."""

    choice: str


@dataclass(frozen=True)
class Search:
    """A question in free words; or a name alone, which is too little to offer something near."""

    query: str
    name_alone: bool = False


@dataclass(frozen=True)
class Say:
    """Something said to the skill itself: the intent's name (`AMAZON.HelpIntent`)."""

    intent: str


Turn = Launch | Ask | Which | Search | Say
