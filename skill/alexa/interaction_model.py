"""Alexa's interaction model of an article, as JSON data."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from skill.content import (
    FALLBACK_INTENT,
    NOT_IN_ARTICLE_INTENT,
    SEARCH_INTENT,
    SEARCH_SLOT,
    SEARCH_TYPE,
    Article,
    Rules,
    Term,
    slots_in,
)
from skill.errors import StaleError

MODEL_FILE = "en.json"  # every English locale has the same model

# Every skill has these; they take no samples.
_WITHOUT_SAMPLES = (FALLBACK_INTENT, "AMAZON.NavigateHomeIntent")


def compile_model(article: Article) -> dict[str, object]:
    """The interaction model of an article; the same article gives the same model.

    https://developer.amazon.com/en-US/docs/alexa/smapi/interaction-model-schema.html
    """
    rules = Rules(article.rules)
    gaps = [template for gap in article.known_gaps for template in gap.asks]
    templates = [
        *((answer.intent, answer.templates) for answer in article.answers.values()),
        *((choice.intent, choice.asks) for choice in article.choices),
        *(((NOT_IN_ARTICLE_INTENT, gaps),) if gaps else ()),
        *((command.intent, command.asks) for command in article.commands),
        (SEARCH_INTENT, article.carrier_phrases),
        *((intent, ()) for intent in _WITHOUT_SAMPLES),
    ]
    samples: dict[str, dict[str, None]] = {}  # ordered sets
    for name, asks in templates:
        found = samples.setdefault(name, {})
        for template in asks:
            found.update(dict.fromkeys(rules.samples(template)))
    used = {slot for of_intent in samples.values() for s in of_intent for slot in slots_in(s)}
    return {
        "interactionModel": {
            "languageModel": {
                "invocationName": article.invocation_name,
                "modelConfiguration": {"fallbackIntentSensitivity": {"level": "LOW"}},
                "intents": [_intent(name, found, article) for name, found in samples.items()],
                "types": [_type(term) for name, term in article.terms.items() if name in used],
            }
        }
    }


def to_json(model: object) -> str:
    """The model as the text of its file: one sample on each line, so that diffs are readable."""
    return json.dumps(model, indent=1, ensure_ascii=False) + "\n"


def _intent(name: str, samples: Iterable[str], article: Article) -> dict[str, object]:
    slots = dict.fromkeys(slot for sample in samples for slot in slots_in(sample))
    intent: dict[str, object] = {"name": name}
    if not name.startswith("AMAZON."):
        intent["slots"] = [{"name": slot, "type": _type_name(slot, article)} for slot in slots]
    intent["samples"] = list(samples)
    return intent


def _type_name(slot: str, article: Article) -> str:
    return SEARCH_TYPE if slot == SEARCH_SLOT else article.slots[slot].type_name


def _type(term: Term) -> dict[str, object]:
    values = [
        {"id": value, "name": {"value": names[0], "synonyms": list(names[1:])}}
        for value, names in term.values.items()
    ]
    return {"name": term.type_name, "values": values}


def load_interaction_model(models: Path) -> Any:
    """The compiled interaction model, as JSON data.

    Raises:
        StaleError: The file is missing or is not JSON.
    """
    path = models / MODEL_FILE
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise StaleError(f"{path}: is missing; run `askable build`") from error
    except (OSError, ValueError) as error:
        raise StaleError(
            f"{path}: cannot be read as JSON ({error}); run `askable build`"
        ) from error
