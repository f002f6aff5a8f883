"""States of a conversation, for Hypothesis."""

from __future__ import annotations

from dataclasses import fields

from hypothesis import strategies as st

from skill.content import Cue
from skill.conversation import Offer, State


def states(
    names: st.SearchStrategy[str],
    numbers: st.SearchStrategy[int],
    offers: st.SearchStrategy[Offer | None],
) -> st.SearchStrategy[State]:
    """States with these names and numbers in all fields of their type."""
    by_type = {"str": names, "int": numbers, "Cue": st.sampled_from(Cue), "Offer | None": offers}
    return st.builds(State, **{field.name: by_type[str(field.type)] for field in fields(State)})
