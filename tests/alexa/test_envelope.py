from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.alexa.skill import Skill
from skill.content.model import Article
from skill.conversation.replies import from_ssml
from skill.simulator.device import Device
from skill.simulator.runtime import Runtime
from skill.understanding.classifier.matcher import Matcher, Ranking

_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.sampled_from(["IntentRequest", "LaunchRequest", "ER_SUCCESS_MATCH", "what_is", "part"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def skill(runtime: Runtime) -> Skill:
    return runtime.skill


def _talks(skill: Skill, envelope: object) -> None:
    """The skill answers with words, and open sessions ask while closed ones do not."""
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
def test_anything_at_all_is_answered_with_words(skill: Skill, envelope: object) -> None:
    if not _ended(envelope):
        _talks(skill, envelope)


def _paths(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(data, dict):
        for key, value in data.items():
            found += _paths(value, (*path, key))
    if isinstance(data, list):
        for position, value in enumerate(data):
            found += _paths(value, (*path, position))
    return found


def _envelopes(device: Device) -> list[Any]:
    said = ["what is oxytocin", "tell me more", "what about men", "read me the article", "next",
            "what can i ask", "how do whales sleep", "yes", "help"]  # fmt: skip
    return [device.launch().request, *(device.say(utterance).request for utterance in said)]


@given(data=st.data())
@settings(max_examples=300)
def test_a_real_envelope_mangled_anywhere_is_answered_with_words(
    skill: Skill, runtime: Runtime, data: st.DataObject
) -> None:
    envelope = copy.deepcopy(data.draw(st.sampled_from(_envelopes(runtime.device()))))
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
        _talks(skill, envelope)


CUES = [
    "part",
    "reading",
    "topics",
    "which",
    "help",
    "did_you_mean",
    "not_in_article_near",
    "fallback_3",
    "no_more",
    "no_previous",
    "reading_resume",
    "goodbye",
    "danger",
    "welcome",
    "nonsense",
]
_STATE = st.fixed_dictionaries(
    {"v": st.just(1)},
    optional={
        "cue": st.sampled_from(CUES),
        "answer": st.sampled_from(["what_is", "blush", "gone", ""]) | st.text(max_size=90),
        "part": st.integers(-2, 12_000),
        "before": st.sampled_from(["men", "gone"]),
        "offer": st.sampled_from(["more", "next", "topics", "resume", "answer:men", "answer:x"]),
        "other": st.sampled_from(["answer:women", "answer:x", "x"]),
        "choice": st.sampled_from(["effect_for", "x"]),
        "reading": st.integers(-2, 12_000),
        "stopped": st.integers(-2, 12_000),
        "topics": st.integers(-2, 12_000),
        "misses": st.integers(-2, 12_000),
        "declined": st.integers(-2, 12_000),
        "told": _JSON,
    },
)


@given(attributes=_STATE | _JSON, data=st.data())
@settings(max_examples=300)
def test_any_session_attributes_and_any_intent_are_answered_with_words(
    skill: Skill, runtime: Runtime, attributes: object, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(_intent_names(runtime.article)) | st.text(max_size=30))
    value = data.draw(st.none() | st.text(max_size=30) | st.sampled_from(["men", "oxytocin"]))
    slots = {slot: {"name": slot, "value": value} for slot in ("audience", "oxytocin", "query")}
    intent = {"name": name, "slots": slots if data.draw(st.booleans()) else None}
    request = {"type": "IntentRequest", "locale": "en-US", "intent": intent}
    _talks(skill, {"session": {"attributes": attributes}, "request": request})


def _intent_names(article: Article) -> list[str]:
    built_in = "Help Stop Cancel NavigateHome Fallback Repeat More Next Previous Yes No StartOver"
    return [
        *(f"AMAZON.{name}Intent" for name in built_in.split()),
        *(control.intent for control in article.commands),
        *(choice.intent for choice in article.choices),
        *article.intent_answers,
        "SearchIntent",
        "NotInArticleIntent",
    ]


@pytest.mark.parametrize("reason", ["USER_INITIATED", "ERROR", "EXCEEDED_MAX_REPROMPTS", "NEW"])
def test_the_end_of_a_session_is_answered_with_nothing(skill: Skill, reason: str) -> None:
    response: Any = skill.respond({"request": {"type": "SessionEndedRequest", "reason": reason}})
    assert response["response"] == {}


@pytest.mark.parametrize("kind", ["CanFulfillIntentRequest", "Dialog.API.Invoked", "", None, 7])
def test_an_unknown_request_type_gets_help(skill: Skill, kind: object) -> None:
    response: Any = skill.respond({"request": {"type": kind}})
    assert "answer questions" in from_ssml(response["response"]["outputSpeech"]["ssml"])


def test_a_choice_without_its_slot_asks_for_it(skill: Skill) -> None:
    request = {"type": "IntentRequest", "intent": {"name": "OxytocinForWhomIntent"}}
    response: Any = skill.respond({"request": request})
    assert "For whom" in from_ssml(response["response"]["outputSpeech"]["ssml"])


@pytest.mark.parametrize("value", ["dopamine", "the weather", "autism"])
def test_a_slot_value_that_alexa_could_not_resolve_gets_no_fact(skill: Skill, value: str) -> None:
    unresolved = {"resolutionsPerAuthority": [{"status": {"code": "ER_SUCCESS_NO_MATCH"}}]}
    slot = {"name": "oxytocin", "value": value, "resolutions": unresolved}
    intent = {"name": "WhatIsOxytocinIntent", "slots": {"oxytocin": slot}}
    response: Any = skill.respond({"request": {"type": "IntentRequest", "intent": intent}})
    assert response["sessionAttributes"]["told"] == {"answer": "", "sources": []}
    assert "nothing about that" in from_ssml(response["response"]["outputSpeech"]["ssml"])


@pytest.mark.parametrize("query", ["danger", "hurting me every night", "kill myself"])
def test_danger_is_known_when_a_carrier_took_its_first_word(skill: Skill, query: str) -> None:
    intent = {"name": "SearchIntent", "slots": {"query": {"name": "query", "value": query}}}
    response: Any = skill.respond(
        {"request": {"type": "IntentRequest", "locale": "en-US", "intent": intent}}
    )
    assert "911" in from_ssml(response["response"]["outputSpeech"]["ssml"])


def test_a_fault_inside_is_told_kindly_and_keeps_the_session(runtime: Runtime) -> None:
    class Broken(Matcher):
        def __init__(self) -> None:
            """Knows nothing."""

        def rank(self, utterance: str) -> Ranking:
            raise RuntimeError("index lost")

    from skill.memory import NoMemory

    intent = {"name": "SearchIntent", "slots": {"query": {"name": "query", "value": "wounds"}}}
    response: Any = Skill(runtime.article, Broken(), NoMemory()).respond(
        {"request": {"type": "IntentRequest", "intent": intent}}
    )
    assert "went wrong" in from_ssml(response["response"]["outputSpeech"]["ssml"])
    assert response["response"]["shouldEndSession"] is False
