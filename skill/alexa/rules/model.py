"""Rules for an interaction model."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator

from skill.alexa.model_reader import (
    SLOT,
    Model,
    intents,
    language_model,
    normalised_samples,
    samples,
    slot_types,
    types_by_name,
    value_names,
    with_slots,
)
from skill.alexa.rules.base import (
    BUILT_IN,
    INVOCATION,
    LIMITS,
    SCHEMA,
    SLOT_TYPES,
    UTTERANCES,
    Fault,
    Rule,
    rule,
)

_NAME = re.compile(r"[A-Za-z][A-Za-z_.]*")
_SAMPLE = re.compile(r"(?:[A-Za-z' -]|[A-Za-z]\.|\{[A-Za-z_]+\})+")
# Words that an invocation name may not contain, by their kind.
_FORBIDDEN = {
    "launch": "run start play resume use launch ask open tell load begin enable",
    "connecting": "to from in using with about for that by if and whether",
    "reserved": "alexa amazon echo computer skill app",
}
# A name of two words may not contain these either.
_ARTICLES = "the a an of on at"
_EXPECTED = "Help Stop Cancel NavigateHome Fallback Repeat More Next Previous Yes No StartOver"


@rule("invocation-name", "the name that opens the skill", "two words, none reserved", INVOCATION)
def _invocation_name(model: Model) -> Iterator[Fault]:
    name = language_model(model)["invocationName"]
    words = name.split()
    if not re.fullmatch(r"[a-z][a-z' .]*", name):
        what = "should be lower-case letters, spaces and apostrophes"
        yield Fault(f'invocation name "{name}" {what}')
    if len(words) < 2:
        yield Fault(f'invocation name "{name}" should have two words or more')
    if not 2 <= len(name) <= 50:
        yield Fault(f'invocation name "{name}" should have 2 to 50 characters')
    forbidden = {**_FORBIDDEN, "article or preposition": _ARTICLES if len(words) == 2 else ""}
    for kind, listed in forbidden.items():
        for word in words:
            if word in listed.split():
                yield Fault(f'invocation name "{name}" contains the {kind} word "{word}"')


@rule("names", "names of intents, slots and types", "letters, underscores, periods", UTTERANCES)
def _names(model: Model) -> Iterator[Fault]:
    for intent in intents(model):
        for name in (intent["name"], *(slot["name"] for slot in intent.get("slots", ()))):
            if not _NAME.fullmatch(name):
                yield Fault(f'name "{name}" should be letters, underscores and periods')
    for name in slot_types(model):
        if not _NAME.fullmatch(name):
            yield Fault(f'type name "{name}" should be letters, underscores and periods')


@rule("unique-names", "each intent and type has its own name", "1", SCHEMA)
def _unique_names(model: Model) -> Iterator[Fault]:
    for kind, items in (
        ("intent", intents(model)),
        ("type", language_model(model).get("types", ())),
    ):
        for name, times in Counter(item["name"] for item in items).items():
            if times > 1:
                yield Fault(f'{kind} "{name}" is defined {times} times')


@rule("built-ins", "built-in intents that listeners expect", "12", BUILT_IN)
def _built_ins(model: Model) -> Iterator[Fault]:
    names = {intent["name"] for intent in intents(model)}
    for name in _EXPECTED.split():
        if f"AMAZON.{name}Intent" not in names:
            yield Fault(f"the built-in intent AMAZON.{name}Intent is missing")


@rule("intent-count", "number of intents", "250", LIMITS, confirmed=False)
def _intent_count(model: Model) -> Iterator[Fault]:
    count = len(intents(model))
    if count > 250:
        yield Fault(f"{count} intents, over 250")


@rule("model-size", "size of the model", "1.5 MB", LIMITS, confirmed=False)
def _model_size(model: Model) -> Iterator[Fault]:
    size = len(json.dumps(model).encode())
    if size > 1_500_000:
        yield Fault(f"{size} bytes, over 1,500,000")


@rule("value-length", "length of a slot value", "140 characters", LIMITS)
def _value_length(model: Model) -> Iterator[Fault]:
    for kind, name in value_names(model):
        if not 1 <= len(name) <= 140:
            yield Fault(f'{kind}: value "{name[:40]}" has {len(name)} characters, not 1 to 140')


@rule("value-count", "number of values and synonyms", "50,000", LIMITS, confirmed=False)
def _value_count(model: Model) -> Iterator[Fault]:
    count = sum(1 for _ in value_names(model))
    if count > 50_000:
        yield Fault(f"{count} values and synonyms, over 50,000")


@rule(
    "sample-characters",
    "characters of a sample",
    "letters, spaces, ' - . and {slots}",
    UTTERANCES,
    confirmed=False,
)
def _sample_characters(model: Model) -> Iterator[Fault]:
    for intent, sample in samples(model):
        if not _SAMPLE.fullmatch(sample):
            yield Fault(f'{intent}: sample "{sample}" has a character that samples may not have')


@rule("sample-length", "length of a sample", "200 characters", LIMITS, confirmed=False)
def _sample_length(model: Model) -> Iterator[Fault]:
    for intent, sample in samples(model):
        if len(sample) > 200:
            yield Fault(f'{intent}: sample "{sample[:40]}…" has {len(sample)} characters, over 200')


@rule("sample-slots", "samples use the slots that their intent declares", "-", SCHEMA)
def _sample_slots(model: Model) -> Iterator[Fault]:
    for intent in intents(model):
        known = {slot["name"] for slot in intent.get("slots", ())}
        used = {slot for sample in intent.get("samples", ()) for slot in SLOT.findall(sample)}
        for name in sorted(used - known):
            yield Fault(f'{intent["name"]}: a sample uses the slot "{name}", which is not declared')
        for name in sorted(known - used):
            yield Fault(f'{intent["name"]}: no sample uses the slot "{name}"')


@rule("slot-types", "every slot type is defined", "-", SCHEMA)
def _slot_types(model: Model) -> Iterator[Fault]:
    known = slot_types(model)
    for intent in intents(model):
        for slot in intent.get("slots", ()):
            if slot["type"] not in known and not slot["type"].startswith("AMAZON."):
                yield Fault(f'{intent["name"]}: slot type "{slot["type"]}" is not defined')


@rule("one-owner", "an utterance belongs to one intent", "1", UTTERANCES)
def _one_owner(model: Model) -> Iterator[Fault]:
    owners: dict[str, str] = {}
    for intent, sample, normalised in normalised_samples(model):
        other = owners.setdefault(normalised, intent)
        if other != intent:
            yield Fault(f'sample "{sample}" is in both {other} and {intent}')
    types = types_by_name(model)
    for intent, sample, normalised in normalised_samples(model):
        for filled in with_slots(normalised, types):
            other = owners.get(filled, intent)
            if other != intent:
                yield Fault(f'{intent}: sample "{sample}" is a sample of {other}, its slot filled')


@rule("search-query", "SearchQuery has a carrier phrase and no other slot", "-", SLOT_TYPES)
def _search_query(model: Model) -> Iterator[Fault]:
    for intent in intents(model):
        slots = intent.get("slots", ())
        queries = {slot["name"] for slot in slots if slot["type"] == "AMAZON.SearchQuery"}
        for sample in intent.get("samples", ()):
            used = SLOT.findall(sample)
            if not queries & set(used):
                continue
            if len(used) > 1:
                what = "has a SearchQuery and another slot"
                yield Fault(f'{intent["name"]}: sample "{sample}" {what}')
            if not SLOT.sub("", sample).strip():
                yield Fault(f'{intent["name"]}: sample "{sample}" has no carrier phrase')


@rule("fallback-samples", "the fallback intent has no samples", "0", BUILT_IN)
def _fallback_samples(model: Model) -> Iterator[Fault]:
    for intent, sample in samples(model):
        if intent == "AMAZON.FallbackIntent":
            yield Fault(f'AMAZON.FallbackIntent takes no samples; remove "{sample}"')


MODEL_RULES: tuple[Rule[Model], ...] = (
    *(_invocation_name, _names, _unique_names, _built_ins, _intent_count, _model_size),
    *(_value_length, _value_count, _sample_characters, _sample_length, _sample_slots),
    *(_slot_types, _one_owner, _search_query, _fallback_samples),
)
