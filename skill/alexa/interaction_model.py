"""Article -> Alexa's interaction model as JSON data. Pure, and the same bytes every time."""

from __future__ import annotations

import json

from skill.content.intents import NOT_IN_ARTICLE_INTENT, SEARCH_INTENT, SEARCH_SLOT
from skill.content.model import Article, Term
from skill.content.templates import Rules, slots_in

# These belong to every skill and take no samples of ours.
_BARE_BUILT_INS = ("AMAZON.FallbackIntent", "AMAZON.NavigateHomeIntent")


def compile_model(article: Article) -> dict[str, object]:
    """The interaction model of an article, as the smapi schema has it.

    https://developer.amazon.com/en-US/docs/alexa/smapi/interaction-model-schema.html
    """
    rules = Rules(article.rules)
    silent = [template for known_gap in article.known_gaps for template in known_gap.asks]
    asked = [
        *((answer.intent, answer.templates) for answer in article.answers.values()),
        *((choice.intent, choice.asks) for choice in article.choices),
        *(((NOT_IN_ARTICLE_INTENT, silent),) if silent else ()),
        *((control.intent, control.asks) for control in article.commands),
        (SEARCH_INTENT, article.carrier_phrases),
        *((intent, ()) for intent in _BARE_BUILT_INS),
    ]
    samples = {
        name: tuple(dict.fromkeys(s for template in templates for s in rules.samples(template)))
        for name, templates in asked
    }
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
    """The model's file: one sample a line, so that a change shows in a diff."""
    return json.dumps(model, indent=1, ensure_ascii=False) + "\n"


def _intent(name: str, samples: tuple[str, ...], article: Article) -> dict[str, object]:
    slots = dict.fromkeys(slot for sample in samples for slot in slots_in(sample))
    intent: dict[str, object] = {"name": name}
    if not name.startswith("AMAZON."):
        intent["slots"] = [{"name": slot, "type": _type_name(slot, article)} for slot in slots]
    intent["samples"] = list(samples)
    return intent


def _type_name(slot: str, article: Article) -> str:
    return "AMAZON.SearchQuery" if slot == SEARCH_SLOT else article.terms[slot].type_name


def _type(term: Term) -> dict[str, object]:
    values = [
        {"id": value, "name": {"value": names[0], "synonyms": list(names[1:])}}
        for value, names in term.values.items()
    ]
    return {"name": term.type_name, "values": values}
