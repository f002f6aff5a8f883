"""Where a dialogue can stand, and the prompts that are spoken there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from skill.content.refusals import REFUSALS


class Cue(StrEnum):
    """What was said last; the reply follows from it and the rest of the state."""

    NONE = ""
    WELCOME_FIRST = "welcome_first"
    WELCOME = "welcome"
    PART = "part"  # one part of an answer
    NO_MORE = "no_more"
    NO_REASON = "no_reason"
    NO_PREVIOUS = "no_previous"
    NOTHING_TO_REPEAT = "nothing_to_repeat"
    NOTHING_OFFERED = "nothing_offered"
    DECLINED = "declined"
    TOPICS = "topics"
    WHICH = "which"  # asks for the missing slot of a choice
    DID_YOU_MEAN = "did_you_mean"
    NOT_IN_ARTICLE = "not_in_article"
    NOT_IN_ARTICLE_NEAR = "not_in_article_near"
    REFUSED = "refused"  # by the kind of refusal in the state
    READING = "reading"
    READING_RESUME = "reading_resume"
    HELP = "help"
    FALLBACK_1 = "fallback_1"
    FALLBACK_2 = "fallback_2"
    FALLBACK_3 = "fallback_3"
    UNKNOWN_REQUEST = "unknown_request"
    TROUBLE = "trouble"
    FORGOTTEN = "forgotten"
    NOT_FORGOTTEN = "not_forgotten"
    GOODBYE = "goodbye"


@dataclass(frozen=True)
class CueRow:
    """What holds for one cue.

    `prompt` and `reprompt` are the words of a cue that needs no others; without a reprompt the
    session closes. The cues without a prompt are worded in `skill.conversation.prompts`.
    """

    prompt: str = ""
    reprompt: str = ""
    refusal: str = ""  # the kind of refusal that it is, as question files call it
    takes_offer: bool = False  # "more" and "next" accept the offer that was made
    offers_unheard: bool = False  # the offer passes on to an answer that was not heard yet


_ANYTHING = "anything_else_reprompt"
CUES: Mapping[Cue, CueRow] = {
    Cue.NONE: CueRow("welcome", "welcome_reprompt"),
    Cue.WELCOME_FIRST: CueRow("welcome_first", "welcome_reprompt"),
    Cue.WELCOME: CueRow("welcome", "welcome_reprompt"),
    Cue.PART: CueRow(offers_unheard=True),
    Cue.NO_MORE: CueRow(offers_unheard=True),
    Cue.NO_REASON: CueRow(refusal="outside", offers_unheard=True),
    Cue.NO_PREVIOUS: CueRow(),
    Cue.NOTHING_TO_REPEAT: CueRow("nothing_to_repeat", _ANYTHING),
    Cue.NOTHING_OFFERED: CueRow("nothing_offered", _ANYTHING),
    Cue.DECLINED: CueRow("declined", _ANYTHING),
    Cue.TOPICS: CueRow(),
    Cue.WHICH: CueRow(),
    Cue.DID_YOU_MEAN: CueRow(),
    Cue.NOT_IN_ARTICLE: CueRow("not_in_article", _ANYTHING, refusal="outside"),
    Cue.NOT_IN_ARTICLE_NEAR: CueRow(refusal="outside", takes_offer=True),
    Cue.REFUSED: CueRow(takes_offer=True),
    Cue.READING: CueRow(),
    Cue.READING_RESUME: CueRow(takes_offer=True),
    Cue.HELP: CueRow(),
    Cue.FALLBACK_1: CueRow("fallback_1", "fallback_reprompt", refusal="not_understood"),
    Cue.FALLBACK_2: CueRow("fallback_2", "fallback_reprompt", refusal="not_understood"),
    Cue.FALLBACK_3: CueRow(refusal="not_understood", takes_offer=True, offers_unheard=True),
    Cue.UNKNOWN_REQUEST: CueRow("unknown_request", _ANYTHING),
    Cue.TROUBLE: CueRow("trouble", _ANYTHING),
    Cue.FORGOTTEN: CueRow("forgotten", _ANYTHING),
    Cue.NOT_FORGOTTEN: CueRow("not_forgotten", _ANYTHING),
    Cue.GOODBYE: CueRow("goodbye"),
}
# Every kind of refusal that a question file can expect.
_ALL_KINDS = (*(row.refusal for row in CUES.values()), *(refusal.name for refusal in REFUSALS))
REFUSAL_KINDS = tuple(dict.fromkeys(filter(None, _ALL_KINDS)))

PHONES = frozenset(["emergency", "lifeline"])
_EXAMPLES = "example_1 example_2"
# Places in braces -> the prompts of a locale that may use them.
_PROMPTS_BY_PLACES = {
    f"title author {_EXAMPLES}": "welcome_first welcome help_start",
    f"title {_EXAMPLES}": "fallback_1 fallback_2",
    _EXAMPLES: "welcome_reprompt",
    "title": "anything_else anything_else_reprompt declined nothing_to_repeat nothing_offered"
    " help_reprompt fallback_reprompt trouble forgotten not_forgotten goodbye",
    "title author": "reading_end not_in_article unknown_request",
    "title author topic": "not_in_article_near",
    "title author locators": "card_source",
    "title topic": "fallback_3",
    "topic": "offer_more offer_topic no_more help_answer",
    "topic author": "no_reason",
    "topic other": "did_you_mean did_you_mean_reprompt",
    "topics": "topics_first topics_next topics_last",
    "offer": "offer_reprompt",
    "number count": "reading_part reading_on reading_reprompt reading_resume help_reading",
    "count title author": "reading_start",
    "": "no_previous topics_reprompt",
}
_REFUSAL_PLACES = frozenset(["title", "author", *_EXAMPLES.split(), *PHONES])
# Every prompt of a locale, with the places that it may use.
PROMPTS: Mapping[str, frozenset[str]] = {
    **{
        name: frozenset(places.split())
        for places, names in _PROMPTS_BY_PLACES.items()
        for name in names.split()
    },
    **{
        name: _REFUSAL_PLACES
        for refusal in REFUSALS
        for name in filter(None, (*refusal.prompts, refusal.reprompt))
    },
}
