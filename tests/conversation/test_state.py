from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.content import Cue
from skill.conversation import (
    Listener,
    Offer,
    OfferKind,
    State,
    listener_from_attributes,
    listener_to_attributes,
    state_from_attributes,
    state_to_attributes,
)
from skill.conversation.state import LISTENER_VERSION, MOST_HEARD, STATE_VERSION
from tests.support.states import states

_NAMES = st.text(max_size=80)
_OFFERS = st.builds(Offer, st.sampled_from([k for k in OfferKind if k is not OfferKind.ANSWER]))
_STATES = states(
    _NAMES, st.integers(0, 9_999), st.none() | _OFFERS | st.builds(Offer.of_answer, _NAMES)
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(_STATES)
def test_a_state_is_read_back_as_it_was_written(state: State) -> None:
    attributes = json.loads(json.dumps(state_to_attributes(state)))
    assert state_from_attributes(attributes) == state


def test_only_what_differs_from_a_fresh_state_is_written() -> None:
    assert state_to_attributes(State()) == {"v": STATE_VERSION}
    offered = State(Cue.PART, "black", offer=Offer.of_answer("evening"))
    assert state_to_attributes(offered) == {
        "v": STATE_VERSION,
        "cue": "part",
        "answer": "black",
        "offer": "answer:evening",
    }


@given(_JSON)
def test_any_other_json_is_a_fresh_state(attributes: object) -> None:
    assert state_from_attributes(attributes) == State()


@given(st.dictionaries(st.sampled_from([*State.__dataclass_fields__, "x"]), _JSON))
def test_any_values_of_the_right_version_are_a_state_that_can_be_written(
    values: dict[str, object],
) -> None:
    state = state_from_attributes({**values, "v": STATE_VERSION})
    assert state_from_attributes(state_to_attributes(state)) == state


@pytest.mark.parametrize("version", [None, 0, 1, STATE_VERSION + 1, str(STATE_VERSION)])
def test_the_state_of_another_version_is_a_fresh_one(version: object) -> None:
    assert state_from_attributes({"v": version, "cue": "part", "answer": "green"}) == State()


def test_the_longest_text_and_the_largest_number_are_kept() -> None:
    state = State(answer="a" * 80, reading=9_999)
    assert state_from_attributes(state_to_attributes(state)) == state


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cue", "no such cue"),
        ("cue", 3),
        ("answer", 3),
        ("answer", "a" * 81),
        ("part", -1),
        ("part", 10_000),
        ("part", True),
        ("part", 1.5),
        ("part", "1"),
        ("offer", "no such offer"),
        ("offer", "answer:"),
        ("offer", "more:green"),
        ("offer", ["more"]),
        ("reading", None),
    ],
)
def test_a_malformed_field_is_left_out_and_the_others_are_kept(field: str, value: object) -> None:
    attributes = {"v": STATE_VERSION, "misses": 2, field: value}
    assert state_from_attributes(attributes) == State(misses=2)


@pytest.mark.parametrize(
    ("offer", "text"),
    [
        (Offer(OfferKind.MORE), "more"),
        (Offer(OfferKind.NEXT), "next"),
        (Offer(OfferKind.TOPICS), "topics"),
        (Offer(OfferKind.RESUME), "resume"),
        (Offer(OfferKind.ANSWER, "green"), "answer:green"),
    ],
)
def test_an_offer_is_written_as_text_and_read_back(offer: Offer, text: str) -> None:
    assert str(offer) == text
    assert Offer.parse(text) == offer


@pytest.mark.parametrize("text", ["", "x", "answer", "answer:", "next:green", "ANSWER:green"])
def test_any_other_text_is_no_offer(text: str) -> None:
    assert Offer.parse(text) is None


def test_there_is_no_offer_of_no_answer() -> None:
    assert Offer.of_answer("") is None


@given(
    st.builds(
        Listener,
        welcomed=st.booleans(),
        reading=st.integers(0, 9_999),
        heard=st.lists(_NAMES, max_size=MOST_HEARD).map(tuple),
    )
)
def test_a_listener_is_read_back_as_written(listener: Listener) -> None:
    attributes = json.loads(json.dumps(listener_to_attributes(listener)))
    assert listener_from_attributes(attributes) == listener


@given(_JSON)
def test_any_other_json_is_an_unknown_listener(attributes: object) -> None:
    assert listener_from_attributes(attributes) == Listener()


@pytest.mark.parametrize(
    ("values", "listener"),
    [
        ({"welcomed": "yes"}, Listener()),
        ({"welcomed": True, "reading": -1}, Listener(welcomed=True)),
        ({"reading": True}, Listener()),
        ({"reading": 2, "heard": "green"}, Listener(reading=2)),
        ({"heard": ["green", 3, None, "a" * 81, "black"]}, Listener(heard=("green", "black"))),
    ],
)
def test_malformed_memories_are_left_out(values: dict[str, object], listener: Listener) -> None:
    assert listener_from_attributes({"v": LISTENER_VERSION, **values}) == listener
    assert listener_from_attributes({"v": LISTENER_VERSION + 1, **values}) == Listener()


def test_the_answers_heard_last_are_kept() -> None:
    heard = [f"answer{number}" for number in range(MOST_HEARD + 5)]
    listener = listener_from_attributes({"v": LISTENER_VERSION, "heard": heard})
    assert listener.heard == tuple(heard[5:])
