"""The intents that every article's skill has besides those of its answers."""

from __future__ import annotations

from collections.abc import Mapping

from skill.content.refusals import REFUSALS

NOT_IN_ARTICLE_INTENT = "NotInArticleIntent"
SEARCH_INTENT = "SearchIntent"
WHY_INTENT = "WhyIntent"
FORGET_INTENT = "ForgetIntent"
FALLBACK_INTENT = "AMAZON.FallbackIntent"
SEARCH_SLOT = "query"
SEARCH_TYPE = "AMAZON.SearchQuery"
# What the dialogue can do when it is said to the skill itself, and the slots that it takes: slot
# name -> one of BUILT_IN_TYPES.
COMMAND_SLOTS: Mapping[str, Mapping[str, str]] = {
    "AMAZON.HelpIntent": {},
    "AMAZON.StopIntent": {},
    "AMAZON.CancelIntent": {},
    "AMAZON.RepeatIntent": {},
    "AMAZON.MoreIntent": {},
    "AMAZON.NextIntent": {},
    "AMAZON.PreviousIntent": {},
    "AMAZON.YesIntent": {},
    "AMAZON.NoIntent": {},
    "AMAZON.StartOverIntent": {},
    WHY_INTENT: {},
    "TopicsIntent": {},
    "ReadArticleIntent": {},
    FORGET_INTENT: {},
}
COMMAND_INTENTS = tuple(COMMAND_SLOTS)
OWN_INTENTS = (
    *COMMAND_INTENTS,
    *(refusal.intent for refusal in REFUSALS),
    NOT_IN_ARTICLE_INTENT,
    SEARCH_INTENT,
)
_NUMBERS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    *("nineteen", "twenty"),
)
# Alexa's own slot types: the value that a slot arrives with -> how it is said. Alexa knows more
# values; these are for training, the simulator and the language model.
# https://developer.amazon.com/en-US/docs/alexa/custom-skills/slot-type-reference.html
BUILT_IN_TYPES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "AMAZON.NUMBER": {str(number): (name,) for number, name in enumerate(_NUMBERS, start=1)},
}
