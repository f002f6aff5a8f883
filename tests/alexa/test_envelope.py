"""Any request envelope is answered with words; the fuzzing goes through the whole skill."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.alexa import Skill
from skill.alexa.envelope import UNKNOWN_REQUEST, readable
from skill.content import CUES, REFUSALS, Article
from skill.conversation import State, from_ssml, state_from_attributes
from skill.conversation.state import STATE_VERSION
from skill.simulator import Device, Runtime

_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.sampled_from(["IntentRequest", "LaunchRequest", "ER_SUCCESS_MATCH", "green", "part"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def skill(runtime: Runtime) -> Skill:
    return runtime.skill


@pytest.fixture(scope="module")
def envelopes(runtime: Runtime) -> list[Any]:
    """Real requests from several places of a conversation."""
    device: Device = runtime.device()
    said = ["what is black tea", "tell me more", "what about children", "read me the article"]
    said += ["next", "what can i ask", "how do whales sleep", "yes", "help"]
    return [device.launch().request, *(device.say(utterance).request for utterance in said)]


def _is_answered(skill: Skill, envelope: object) -> None:
    """The skill speaks; an open session ends in a question, and a closed one has no reprompt."""
    response: Any = skill.respond(envelope)
    json.dumps(response)
    reply = response["response"]
    speech = from_ssml(reply["outputSpeech"]["ssml"])
    assert speech
    if reply["shouldEndSession"] is False:
        assert speech.endswith("?")
        assert from_ssml(reply["reprompt"]["outputSpeech"]["ssml"])
    else:
        assert "reprompt" not in reply
    assert len(json.dumps(response["sessionAttributes"])) < 2_000


def _ended(envelope: object) -> bool:
    request = envelope.get("request") if isinstance(envelope, dict) else None
    return isinstance(request, dict) and request.get("type") == "SessionEndedRequest"


@given(envelope=_JSON)
def test_any_json_is_answered(skill: Skill, envelope: object) -> None:
    if not _ended(envelope):
        _is_answered(skill, envelope)


def _paths(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(data, dict):
        for key, value in data.items():
            found += _paths(value, (*path, key))
    if isinstance(data, list):
        for position, value in enumerate(data):
            found += _paths(value, (*path, position))
    return found


@given(data=st.data())
@settings(max_examples=300)
def test_a_real_envelope_that_is_damaged_anywhere_is_answered(
    skill: Skill, envelopes: list[Any], data: st.DataObject
) -> None:
    envelope = copy.deepcopy(data.draw(st.sampled_from(envelopes)))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(_paths(envelope)))
        at = envelope
        for key in path[:-1]:
            at = at[key]
        if data.draw(st.booleans()):
            at[path[-1]] = data.draw(_JSON)
        else:
            del at[path[-1]]
        if not _paths(envelope):
            break
    if not _ended(envelope):
        _is_answered(skill, envelope)


_NUMBERS = st.integers(-2, 12_000)
_OFFERS = ["more", "next", "topics", "resume", "answer:black", "answer:gone", "answer:", "gone"]
_ANSWERS = st.sampled_from(["green", "black", "evening", "gone", ""])
_FIELDS = {
    "cue": st.sampled_from([*map(str, CUES), "gone"]),
    "answer": _ANSWERS | st.text(max_size=90),
    "part": _NUMBERS,
    "previous_answer": _ANSWERS,
    "offer": st.sampled_from(_OFFERS),
    "alternative": _ANSWERS,
    "choice": st.sampled_from(["tea_for", "gone"]),
    "refusal": st.sampled_from([*(refusal.name for refusal in REFUSALS), "gone"]),
    "reading": _NUMBERS,
    "resume_part": _NUMBERS,
    "topics": _NUMBERS,
    "misses": _NUMBERS,
}
_STATE = st.fixed_dictionaries({"v": st.just(STATE_VERSION)}, optional={**_FIELDS, "told": _JSON})


def test_every_field_of_a_state_is_fuzzed() -> None:
    assert _FIELDS.keys() == State.__dataclass_fields__.keys()


@given(attributes=_STATE | _JSON, data=st.data())
@settings(max_examples=300)
def test_any_intent_with_any_session_attributes_is_answered(
    skill: Skill, attributes: object, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(_intent_names(skill.article)) | st.text(max_size=30))
    value = data.draw(st.none() | st.text(max_size=30) | st.sampled_from(["children", "sencha"]))
    slots = {slot: {"name": slot, "value": value} for slot in ("drinker", "green_tea", "query")}
    intent = {"name": name, "slots": slots if data.draw(st.booleans()) else None}
    request = {"type": "IntentRequest", "locale": "en-US", "intent": intent}
    _is_answered(skill, {"session": {"attributes": attributes}, "request": request})


def _intent_names(article: Article) -> list[str]:
    built_in = "Help Stop Cancel NavigateHome Fallback Repeat More Next Previous Yes No StartOver"
    return [
        *(f"AMAZON.{name}Intent" for name in built_in.split()),
        *(command.intent for command in article.commands),
        *(choice.intent for choice in article.choices),
        *article.intent_answers,
        "SearchIntent",
        "NotInArticleIntent",
    ]


def test_what_the_skill_uses_of_a_real_envelope_is_kept(envelopes: list[Any]) -> None:
    for envelope in envelopes:
        known: Any = readable(envelope)
        for part, left_out in (("session", "attributes"), ("request", "intent")):
            kept = {name: known[part][name] for name in known[part].keys() - {left_out}}
            assert kept == {name: envelope[part][name] for name in kept}
        attributes = (known["session"]["attributes"], envelope["session"]["attributes"])
        assert state_from_attributes(attributes[0]) == state_from_attributes(attributes[1])
        if intent := envelope["request"].get("intent"):
            assert known["request"]["intent"]["name"] == intent["name"]
            slots = known["request"]["intent"]["slots"].items()
            assert [(name, slot["value"]) for name, slot in slots] == [
                (name, slot["value"]) for name, slot in intent["slots"].items()
            ]


@pytest.mark.parametrize("kind", ["CanFulfillIntentRequest", "Dialog.API.Invoked", "", None, 7])
def test_an_unknown_request_is_an_unknown_intent(kind: object) -> None:
    request: Any = readable({"request": {"type": kind}})["request"]
    assert request["type"] == "IntentRequest"
    assert request["intent"]["name"] == UNKNOWN_REQUEST


def test_the_user_and_the_skill_are_read_from_the_context_where_there_is_no_session() -> None:
    system = {"application": {"applicationId": "skill"}, "user": {"userId": "ann"}}
    known: Any = readable({"context": {"System": system}, "request": {"type": "LaunchRequest"}})
    assert known["session"]["user"] == {"userId": "ann"}
    assert known["context"]["System"] == system


def test_a_very_long_text_is_cut() -> None:
    slots = {"query": {"value": "a" * 10_000}}
    intent = {"name": "SearchIntent", "slots": slots}
    request: Any = readable({"request": {"type": "IntentRequest", "intent": intent}})["request"]
    assert len(request["intent"]["slots"]["query"]["value"]) == 2_000


def test_nested_session_attributes_are_left_out() -> None:
    attributes = {"v": 2, "cue": "part", "told": {"answer": "green"}, "list": [1], "none": None}
    known: Any = readable({"session": {"attributes": attributes}})["session"]
    assert known["attributes"] == {"v": 2, "cue": "part"}
