"""Requests that make the skill say everything: each intent, slot value, state and locale."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from skill.alexa import (
    Exchange,
    IntentMatch,
    RequestContext,
    Session,
    SlotValue,
    ended_request,
    intent_request,
    launch_request,
    model_reader,
)
from skill.content import BUILT_IN_TYPES, SEARCH_INTENT, SEARCH_TYPE, Article
from skill.conversation import State, state_to_attributes
from skill.tools.certification.reachable_states import COMMANDS

Request = dict[str, object]
_REASONS = ("USER_INITIATED", "EXCEEDED_MAX_REPROMPTS", "ERROR")
_FREE_TEXTS = ("oxytocin", "the weather in paris", "it", "a < b & c")
_UNKNOWN_VALUE = "something else"


def requests_for(
    article: Article, model: model_reader.Model, states: Sequence[State]
) -> list[Request]:
    """All requests to make.

    "Repeat" speaks a state again, so each state is tried in every locale. A command leads to the
    same state in every locale, so each one is tried in the first locale only.
    """
    locales = [*article.locales, article.default_locale.name]
    found: list[Request] = []
    for locale in locales:
        found += _first_requests(model, locale)
        found += [_in_state(state, "AMAZON.RepeatIntent", locale) for state in states]
    first = locales[0]
    for state in states:
        found += [_in_state(state, intent, first) for intent in COMMANDS]
        found.append(launch_request(_session(state), _context(first)))
    return found


def sweep(
    requests: Sequence[Request],
    respond: Callable[[object], Mapping[str, object]],
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Iterator[Exchange]:
    """Make every request and yield it with its response and the time that this took."""
    for done, request in enumerate(requests, start=1):
        started = time.perf_counter()
        response = respond(request)
        yield Exchange(request, response, seconds=time.perf_counter() - started)
        progress(done, len(requests))


def _first_requests(model: model_reader.Model, locale: str) -> Iterator[Request]:
    """Every request that can open a session, or that needs none."""
    session, context = Session("sweep"), _context(locale)
    yield launch_request(session, context)
    for intent_match in _intent_matches(model):
        yield intent_request(intent_match, session, context)
    for reason in _REASONS:
        yield ended_request(session, context, reason)
    # A skill has to tolerate types and properties of requests that it does not know.
    unknown = launch_request(session, context)
    unknown["request"] = {"type": "Future.Request", "locale": locale, "unknown": {"of": [1]}}
    yield unknown


def _intent_matches(model: model_reader.Model) -> Iterator[IntentMatch]:
    values = model_reader.slot_types(model)
    for intent in model_reader.intents(model):
        name = intent["name"]
        yield IntentMatch(name, (), "exact", 1.0)
        for slot in intent.get("slots", ()):
            for value in _slot_values(slot, values.get(slot["type"], ())):
                yield IntentMatch(name, (value,), "slot", 1.0)
    yield IntentMatch("UnknownIntent", (), "none", 0.0)
    yield IntentMatch(SEARCH_INTENT, (), "none", 0.0)


def _slot_values(
    slot: Mapping[str, Any], values: Sequence[Mapping[str, Any]]
) -> Iterator[SlotValue]:
    name, kind = slot["name"], slot["type"]
    if kind == SEARCH_TYPE:
        for words in _FREE_TEXTS:
            yield SlotValue(name, words, kind)
        return
    for spoken in BUILT_IN_TYPES.get(kind, ()):
        yield SlotValue(name, spoken, kind)
    for value in values:
        canonical = value["name"]["value"]
        yield SlotValue(name, canonical, kind, value["id"], canonical)
    yield SlotValue(name, _UNKNOWN_VALUE, kind)


def _in_state(state: State, intent: str, locale: str) -> Request:
    return intent_request(IntentMatch(intent, (), "exact", 1.0), _session(state), _context(locale))


def _session(state: State) -> Session:
    return Session("sweep", state_to_attributes(state), new=False)


def _context(locale: str) -> RequestContext:
    return RequestContext("sweep", "2026-01-01T00:00:00Z", locale)
