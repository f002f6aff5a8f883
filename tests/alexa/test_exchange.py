from __future__ import annotations

import json
from typing import Any

import pytest

from skill.alexa import (
    SKILL_ID,
    Exchange,
    IntentMatch,
    RequestContext,
    Session,
    Skill,
    SlotValue,
    ended_request,
    intent_request,
    launch_request,
)
from skill.content import Article
from skill.memory import NoMemory

SESSION = Session("session", {"v": 2, "cue": "part"}, new=False)
CONTEXT = RequestContext("request", "2026-01-01T00:00:00Z", "en-GB")


def _exchange(article: Article, request: dict[str, Any], utterance: str = "") -> Exchange:
    def load() -> Any:
        raise AssertionError("no free text here")

    response = Skill(article, load, NoMemory()).respond(request)
    match = IntentMatch("BlackTeaIntent", (), "exact", 0.98765)
    return Exchange(request, response, utterance, match)


def test_an_exchange_gives_what_was_asked_and_what_came_back(article: Article) -> None:
    request = intent_request(IntentMatch("BlackTeaIntent", (), "exact", 1.0), SESSION, CONTEXT)
    exchange = _exchange(article, request, "what is black tea")
    assert (exchange.name, exchange.request_type) == ("BlackTeaIntent", "IntentRequest")
    assert exchange.locale == "en-GB"
    assert exchange.answer == "black"
    assert exchange.sources == ("p1.s2",)
    assert exchange.cue == "part"
    assert exchange.session_open
    assert not exchange.is_silent
    assert exchange.speech.endswith("Would you like to hear more?")
    assert exchange.reprompt.startswith("Say yes to hear it")
    assert exchange.card is not None
    assert exchange.card.title == "Black tea"
    assert exchange.size == len(json.dumps(exchange.response))
    assert exchange.as_record() == {
        "text": "what is black tea",
        "intent": "BlackTeaIntent",
        "answer": "black",
        "match": "exact",
        "score": 0.9877,
        "speech": exchange.speech,
        "sources": ["p1.s2"],
        "session_open": True,
    }


def test_a_launch_has_no_intent_answer_or_card(article: Article) -> None:
    exchange = _exchange(article, launch_request(Session("session"), CONTEXT))
    assert (exchange.intent, exchange.name) == ("", "LaunchRequest")
    assert exchange.answer is None
    assert exchange.sources == ()
    assert exchange.card is None
    assert exchange.session_open


def test_the_end_of_a_session_is_silent(article: Article) -> None:
    exchange = _exchange(article, ended_request(SESSION, CONTEXT, "USER_INITIATED"))
    assert exchange.is_silent
    assert not exchange.session_open


@pytest.mark.parametrize(
    ("slot", "resolutions"),
    [
        (
            SlotValue("drinker", "kids", "DRINKER", "children", "children"),
            [("ER_SUCCESS_MATCH", [{"value": {"name": "children", "id": "children"}}])],
        ),
        (SlotValue("drinker", "dogs", "DRINKER"), [("ER_SUCCESS_NO_MATCH", None)]),
        (SlotValue("query", "dogs", "AMAZON.SearchQuery"), None),
    ],
)
def test_a_slot_is_sent_with_how_alexa_resolved_it(slot: SlotValue, resolutions: object) -> None:
    match = IntentMatch("SomeIntent", (slot,), "slot", 1.0)
    request: Any = intent_request(match, SESSION, CONTEXT)
    (sent,) = request["request"]["intent"]["slots"].values()
    assert sent["value"] == slot.spoken
    found = sent.get("resolutions", {}).get("resolutionsPerAuthority")
    assert resolutions == (
        found and [(entry["status"]["code"], entry.get("values")) for entry in found]
    )


def test_a_request_carries_the_session_and_the_device() -> None:
    request: Any = launch_request(SESSION, RequestContext("r", "t", "en-US", screen=True))
    assert request["session"]["attributes"] == SESSION.attributes
    assert request["session"]["new"] is False
    assert request["session"]["application"] == {"applicationId": SKILL_ID}
    interfaces = request["context"]["System"]["device"]["supportedInterfaces"]
    assert list(interfaces) == ["Alexa.Presentation.APL"]
