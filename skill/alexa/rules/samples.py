"""Rules for the sample utterances of an interaction model, and the slots in them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from skill.alexa.rules.model_parts import (
    SLOT,
    Model,
    intents,
    keys,
    language,
    names_of_values,
    samples,
    slotted,
)
from skill.alexa.rules.table import BUILT_IN, LIMITS, SCHEMA, SLOT_TYPES, UTTERANCES, Fault, Rule

_SAMPLE = re.compile(r"(?:[A-Za-z' -]|[A-Za-z]\.|\{[A-Za-z_]+\})+")


def _sample_characters(model: Model) -> Iterator[Fault]:
    for intent, sample in samples(model):
        if not _SAMPLE.fullmatch(sample):
            yield Fault(f'{intent}: sample "{sample}" has a character that samples may not have')


def _sample_length(model: Model) -> Iterator[Fault]:
    for intent, sample in samples(model):
        if len(sample) > 200:
            yield Fault(f'{intent}: sample "{sample[:40]}…" has {len(sample)} characters, over 200')


def _sample_slots(model: Model) -> Iterator[Fault]:
    for intent in intents(model):
        known = {slot["name"] for slot in intent.get("slots", ())}
        used = {slot for sample in intent.get("samples", ()) for slot in SLOT.findall(sample)}
        for name in sorted(used - known):
            yield Fault(
                f'{intent["name"]}: samples use the slot "{name}", which it does not declare'
            )
        for name in sorted(known - used):
            yield Fault(f'{intent["name"]}: no sample uses the slot "{name}"')


def _slot_types(model: Model) -> Iterator[Fault]:
    known = {kind["name"] for kind in language(model).get("types", ())}
    for intent in intents(model):
        for slot in intent.get("slots", ()):
            if slot["type"] not in known and not slot["type"].startswith("AMAZON."):
                yield Fault(f'{intent["name"]}: slot type "{slot["type"]}" is not defined')


def _one_owner(model: Model) -> Iterator[Fault]:
    """Also where a sample of one intent is another's with a slot filled."""
    owners: dict[str, str] = {}
    for intent, sample, key in keys(model):
        other = owners.setdefault(key, intent)
        if other != intent:
            yield Fault(f'sample "{sample}" stands in {other} and in {intent}')
    named, longest = names_of_values(model)
    for intent, sample, key in keys(model):
        for filled in slotted(key, named, longest):
            other = owners.get(filled, intent)
            if other != intent:
                yield Fault(f'{intent}: sample "{sample}" is one of {other} with its slot filled')


def _search_query(model: Model) -> Iterator[Fault]:
    for intent in intents(model):
        queries = {
            slot["name"] for slot in intent.get("slots", ()) if slot["type"] == "AMAZON.SearchQuery"
        }
        for sample in intent.get("samples", ()):
            slots = SLOT.findall(sample)
            if queries & set(slots) and len(slots) > 1:
                yield Fault(
                    f'{intent["name"]}: sample "{sample}" has a SearchQuery and another slot'
                )
            if queries & set(slots) and not SLOT.sub("", sample).strip():
                yield Fault(f'{intent["name"]}: sample "{sample}" has no carrier phrase')


def _fallback_samples(model: Model) -> Iterator[Fault]:
    for intent, sample in samples(model):
        if intent == "AMAZON.FallbackIntent":
            yield Fault(f'AMAZON.FallbackIntent takes no samples; "{sample}" is one')


SAMPLE_RULES: tuple[Rule[Model], ...] = (
    Rule(
        "sample-characters",
        "what a sample is made of",
        "letters, spaces, ' - . and {slots}",
        UTTERANCES,
        False,
        _sample_characters,
    ),
    Rule("sample-length", "how long a sample is", "200 characters", LIMITS, False, _sample_length),
    Rule("sample-slots", "samples and slots agree", "-", SCHEMA, True, _sample_slots),
    Rule("slot-types", "every slot type is defined", "-", SCHEMA, True, _slot_types),
    Rule("one-owner", "an utterance belongs to one intent", "1", UTTERANCES, True, _one_owner),
    Rule(
        "search-query",
        "SearchQuery has a carrier and no other slot",
        "-",
        SLOT_TYPES,
        True,
        _search_query,
    ),
    Rule("fallback-samples", "the fallback takes none", "0", BUILT_IN, True, _fallback_samples),
)
