"""What an audition asks: every sample of the interaction model, short words, files of questions."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from skill.alexa import load_interaction_model, model_reader
from skill.content import BUILT_IN_TYPES, NOT_IN_ARTICLE_INTENT, REFUSALS, SEARCH_TYPE, normalise
from skill.simulator import Runtime
from skill.tools.audition.results import CONTROL, OUTSIDE, SAMPLE, SHORT, SHORT_WORDS, group_of
from skill.tools.evaluate import Case, received
from skill.tools.questions import read_questions

_SEED = 4
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
    article = runtime.article
    facts = {*article.intent_answers, *(choice.intent for choice in article.choices)}
    for intent, text in _samples(load_interaction_model(runtime.settings.models)):
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


def _samples(model: model_reader.Model) -> Iterator[tuple[str, str]]:
    """Yield the intent and utterance of every sample; the values of a slot take turns."""
    values: dict[str, list[str]] = defaultdict(list)
    for slot_type, sent_values in BUILT_IN_TYPES.items():
        values[slot_type] += [spoken for names in sent_values.values() for spoken in names]
    for slot_type, name in model_reader.value_names(model):
        values[slot_type].append(name)
    turn = 0
    for intent, _, text in model_reader.normalised_samples(model):
        if SEARCH_TYPE not in text:
            filled = text
            for slot_type, spoken in values.items():
                filled = filled.replace(f"{{{slot_type}}}", spoken[turn % len(spoken)])
            yield intent, normalise(filled)
            turn += 1
