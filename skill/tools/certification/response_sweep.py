"""Asks the skill everything: every intent with each slot value, each state in each locale."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from skill.alexa.exchange import Exchange
from skill.alexa.requests import (
    SEARCH_TYPE,
    IntentMatch,
    RequestContext,
    Session,
    SlotValue,
    ended_request,
    intent_request,
    launch_request,
)
from skill.content.intents import SEARCH_INTENT
from skill.content.model import Article
from skill.conversation.state import State, state_to_attributes
from skill.simulator.device import Endpoint
from skill.tools.certification.reachable_states import COMMANDS

Request = dict[str, object]
_REASONS = ("USER_INITIATED", "EXCEEDED_MAX_REPROMPTS", "ERROR")
_FREE_WORDS = ("oxytocin", "the weather in paris", "it", "a < b & c")
_UNKNOWN_WORD = "something else"


def requests_for(
    article: Article, model: Mapping[str, Any], states: Sequence[State]
) -> list[Request]:
    """All requests to make; `model` tells intents and slots.

    "Repeat" speaks a state again, so each one is heard in each locale's words. What is said to the
    skill itself leads to the same states in every locale, so it is tried in the first alone.
    """
    locales = [*article.locales, article.default_locale.name]
    made: list[Request] = []
    for locale in locales:
        made += _first_requests(model, locale)
        made += [_in_state(state, "AMAZON.RepeatIntent", locale) for state in states]
    first = locales[0]
    for state in states:
        made += [_in_state(state, intent, first) for intent in COMMANDS]
        made.append(launch_request(_session(state), _moment(first)))
    return made


def ask_all(
    requests: Sequence[Request],
    respond: Endpoint,
    clock: Callable[[], float],
    progress: Callable[[int, int], None],
) -> Iterator[Exchange]:
    """What the skill answers to each request; `clock` tells seconds."""
    for done, request in enumerate(requests, start=1):
        before = clock()
        response = respond(request)
        yield Exchange(request, response, seconds=clock() - before)
        progress(done, len(requests))


def _first_requests(model: Mapping[str, Any], locale: str) -> Iterator[Request]:
    """What can open a session, and what no session needs to be open for."""
    session, moment = Session("survey"), _moment(locale)
    yield launch_request(session, moment)
    for intent_match in _intents(model):
        yield intent_request(intent_match, session, moment)
    for reason in _REASONS:
        yield ended_request(session, moment, reason)
    # Requests and properties of times to come, which a skill has to tolerate.
    future = launch_request(session, moment)
    future["request"] = {"type": "Future.Request", "locale": locale, "unheardOf": {"of": [1]}}
    yield future


def _intents(model: Mapping[str, Any]) -> Iterator[IntentMatch]:
    language = model["interactionModel"]["languageModel"]
    values = {kind["name"]: kind["values"] for kind in language.get("types", ())}
    for intent in language["intents"]:
        name = intent["name"]
        yield IntentMatch(name, (), "exact", 1.0)
        for slot in intent.get("slots", ()):
            for filled in _fillings(slot, values.get(slot["type"], ())):
                yield IntentMatch(name, (filled,), "slot", 1.0)
    yield IntentMatch("UnheardOfIntent", (), "none", 0.0)
    yield IntentMatch(SEARCH_INTENT, (), "none", 0.0)


def _fillings(slot: Mapping[str, Any], values: Sequence[Mapping[str, Any]]) -> Iterator[SlotValue]:
    name, kind = slot["name"], slot["type"]
    if kind == SEARCH_TYPE:
        for words in _FREE_WORDS:
            yield SlotValue(name, words, kind)
        return
    for value in values:
        canonical = value["name"]["value"]
        yield SlotValue(name, canonical, kind, value["id"], canonical)
    yield SlotValue(name, _UNKNOWN_WORD, kind)


def _in_state(state: State, intent: str, locale: str) -> Request:
    return intent_request(IntentMatch(intent, (), "exact", 1.0), _session(state), _moment(locale))


def _session(state: State) -> Session:
    return Session("survey", state_to_attributes(state), new=False)


def _moment(locale: str) -> RequestContext:
    return RequestContext("survey", "2026-01-01T00:00:00Z", locale)
