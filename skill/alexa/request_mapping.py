"""Alexa's requests as turns of the dialogue."""

from __future__ import annotations

from ask_sdk_model import Intent, IntentRequest, LaunchRequest, Slot
from ask_sdk_model.request import Request
from ask_sdk_model.slu.entityresolution import StatusCode

from skill.content import FALLBACK_INTENT, SEARCH_INTENT, SEARCH_SLOT, Article, normalise
from skill.conversation import AskAnswer, AskChoice, Command, FreeText, Launch, Turn


def to_turn(article: Article, request: Request | None) -> Turn:
    """What the listener wants; a request without an intent is a command that nobody knows."""
    if isinstance(request, LaunchRequest):
        return Launch()
    if isinstance(request, IntentRequest) and request.intent:
        return _intent_turn(article, request.intent)
    return Command("")


def _intent_turn(article: Article, intent: Intent) -> Turn:
    slots: dict[str, Slot] = intent.slots or {}
    if intent.name == SEARCH_INTENT:
        query = slots[SEARCH_SLOT].value if SEARCH_SLOT in slots else None
        return FreeText(query) if query else Command(FALLBACK_INTENT)
    resolved = {name: _resolve(article, name, slot) for name, slot in slots.items() if slot.value}
    # Alexa fills a slot with any word in its place: "what is coffee" can arrive as the intent of
    # "what is tea". A value that is no name of the term must never get that answer.
    for name, value in resolved.items():
        if value is None and name in article.terms:
            return FreeText(str(slots[name].value), name_alone=True)
    for choice in article.choices:
        if choice.intent == intent.name:
            value = resolved.get(choice.term)
            return AskAnswer(choice.answers[value]) if value else AskChoice(choice.id)
    answer = article.intent_answers.get(intent.name or "")
    if answer:
        return AskAnswer(answer)
    return Command(intent.name or "", {name: value for name, value in resolved.items() if value})


def _resolve(article: Article, name: str, slot: Slot) -> str | None:
    """The value id that the slot's value stands for; None for an unknown value or slot."""
    term = article.slots.get(name)
    if term is None:
        return None
    if term.built_in:
        return slot.value
    if slot.resolutions and slot.resolutions.resolutions_per_authority:
        for authority in slot.resolutions.resolutions_per_authority:
            if authority.status and authority.status.code == StatusCode.ER_SUCCESS_MATCH:
                for wrapper in authority.values or []:
                    if wrapper.value and wrapper.value.id in term.values:
                        return str(wrapper.value.id)
    spoken = normalise(slot.value or "")
    for value, known in term.names():
        if normalise(known) == spoken:
            return value
    return None
