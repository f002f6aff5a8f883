"""What an audition asks: every sample of the compiled model, short words, files of questions."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from skill.alexa.requests import SEARCH_TYPE
from skill.content.intents import DANGER_INTENT, MEDICAL_INTENT, NOT_IN_ARTICLE_INTENT
from skill.content.text import normalise
from skill.settings import Settings
from skill.simulator.runtime import Runtime
from skill.tools.audition.conditions import CONDITIONS, Condition
from skill.tools.audition.results import CONTROL, OUTSIDE, SAMPLE, SHORT, SHORT_WORDS, group_of
from skill.tools.evaluation import Case, got_of
from skill.tools.examination import cases_of
from skill.understanding.compiled import load_model

_SEED = 4
_SLOT = re.compile(r"\{([^{}]*)\}")
_REFUSALS = (NOT_IN_ARTICLE_INTENT, MEDICAL_INTENT, DANGER_INTENT)


@dataclass(frozen=True)
class Plan:
    """What is to be auditioned."""

    recognizer: str
    voices: tuple[str, ...]
    conditions: tuple[Condition, ...] = CONDITIONS
    questions: tuple[Path, ...] = ()
    sample: int | None = None  # so many of each kind of question; all of them when there is none
    answers: bool = True
    jobs: int | None = None


def cases_to_ask(runtime: Runtime, settings: Settings, plan: Plan) -> list[tuple[Case, str]]:
    """Cases with their groups; of each group no more than were asked for."""
    found: dict[str, dict[str, Case | None]] = {SHORT: dict.fromkeys(SHORT_WORDS)}
    model = load_model(settings.models, settings.locale)
    facts = set(runtime.article.intent_answers()) | {c.intent for c in runtime.article.choices}
    for intent, text in _samples(model["interactionModel"]["languageModel"]):
        group = SAMPLE if intent in facts else OUTSIDE if intent in _REFUSALS else CONTROL
        if text not in SHORT_WORDS:
            found.setdefault(group, {})[text] = None
    for path in plan.questions:
        for case in cases_of(runtime, path):
            known = runtime.nlu.understand(case.text).match in ("exact", "slot")
            found.setdefault(group_of(case, known), {})[case.text] = case
    chosen = []
    for group, cases in found.items():
        texts = list(cases)
        if plan.sample is not None and len(texts) > plan.sample:
            texts = random.Random(_SEED).sample(texts, plan.sample)
        chosen += [(cases[text] or _as_typed(runtime, text), group) for text in texts]
    return chosen


def got_by(runtime: Runtime, case: Case, text: str) -> str:
    """What the skill does when `text` is what it takes the case for."""
    device = runtime.device()
    device.launch()
    for utterance in case.before:
        device.say(utterance)
    exchange = device.say(text)
    return got_of(exchange.answer, exchange.cue, exchange.name)


def _as_typed(runtime: Runtime, text: str) -> Case:
    """Right is what the same words get when they are typed."""
    return Case(text, (got_by(runtime, Case(text, ()), text),))


def _samples(language: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(intent, utterance) of every sample: names of things take turns in its slots."""
    names = {
        kind["name"]: [
            name
            for value in kind["values"]
            for name in (value["name"]["value"], *value["name"].get("synonyms", ()))
        ]
        for kind in language.get("types", ())
    }
    turns = count()
    for intent in language["intents"]:
        types = {slot["name"]: slot["type"] for slot in intent.get("slots", ())}
        if SEARCH_TYPE in types.values():
            continue
        choices = {slot: names[kind] for slot, kind in types.items()}
        for sample in intent.get("samples", ()):
            yield intent["name"], normalise(_filled(sample, choices, next(turns)))


def _filled(sample: str, choices: Mapping[str, Sequence[str]], turn: int) -> str:
    return _SLOT.sub(lambda slot: choices[slot[1]][turn % len(choices[slot[1]])], sample)
