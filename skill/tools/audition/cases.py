"""What an audition asks: every sample of the interaction model, short words, files of questions."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from skill.alexa import load_interaction_model
from skill.content import (
    BUILT_IN_TYPES,
    NOT_IN_ARTICLE_INTENT,
    REFUSALS,
    SEARCH_TYPE,
    normalise,
)
from skill.simulator import Runtime
from skill.tools.audition.results import CONTROL, OUTSIDE, SAMPLE, SHORT, SHORT_WORDS, group_of
from skill.tools.evaluate import Case, received
from skill.tools.questions import read_questions

_SEED = 4
_SLOT = re.compile(r"\{([^{}]*)\}")
_REFUSALS = (NOT_IN_ARTICLE_INTENT, *(refusal.intent for refusal in REFUSALS))


def cases_to_ask(
    runtime: Runtime, questions: Sequence[Path] = (), limit: int | None = None
) -> list[tuple[Case, str]]:
    """Return the cases with their groups.

    Args:
        runtime: The skill to ask.
        questions: Files of questions, as `askable eval` reads them.
        limit: At most so many cases of each group, the same ones every time.
    """
    found: dict[str, dict[str, Case | None]] = {SHORT: dict.fromkeys(SHORT_WORDS)}
    model = load_interaction_model(runtime.settings.models)
    article = runtime.article
    facts = {*article.intent_answers, *(choice.intent for choice in article.choices)}
    for intent, text in _samples(model["interactionModel"]["languageModel"]):
        group = SAMPLE if intent in facts else OUTSIDE if intent in _REFUSALS else CONTROL
        if text not in SHORT_WORDS:
            found.setdefault(group, {})[text] = None
    for path in questions:
        for case in read_questions(path, article):
            is_sample = runtime.nlu.understand(case.text).match in ("exact", "slot")
            found.setdefault(group_of(case, is_sample), {})[case.text] = case
    chosen = []
    for group, cases in found.items():
        texts = list(cases)
        if limit is not None and len(texts) > limit:
            texts = random.Random(_SEED).sample(texts, limit)
        chosen += [(cases[text] or _as_typed(runtime, text), group) for text in texts]
    return chosen


def result_of(runtime: Runtime, case: Case, utterance: str) -> str:
    """Return what the skill does if it recognizes the case as this utterance."""
    device = runtime.device()
    device.launch()
    for earlier in case.before:
        device.say(earlier)
    return received(device.say(utterance))


def _as_typed(runtime: Runtime, text: str) -> Case:
    """Return a case that expects the result of the same words when they are typed."""
    return Case(text, (result_of(runtime, Case(text, ()), text),))


def _samples(language: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the intent and utterance of every sample; the values of a slot take turns."""
    values = {
        name: [spoken for names in kind.values() for spoken in names]
        for name, kind in BUILT_IN_TYPES.items()
    }
    for kind in language.get("types", ()):
        named = [value["name"] for value in kind["values"]]
        values[kind["name"]] = [
            spoken for name in named for spoken in (name["value"], *name.get("synonyms", ()))
        ]
    turns = count()
    for intent in language["intents"]:
        types = {slot["name"]: slot["type"] for slot in intent.get("slots", ())}
        if SEARCH_TYPE in types.values():
            continue
        choices = {slot: values[kind] for slot, kind in types.items()}
        for sample in intent.get("samples", ()):
            yield intent["name"], normalise(_filled(sample, choices, next(turns)))


def _filled(sample: str, choices: Mapping[str, Sequence[str]], turn: int) -> str:
    return _SLOT.sub(lambda slot: choices[slot[1]][turn % len(choices[slot[1]])], sample)
