"""The intents that every article's skill has, beside those of its answers. Pure data."""

from __future__ import annotations

MEDICAL_INTENT = "MedicalAdviceIntent"
DANGER_INTENT = "DangerIntent"
NOT_IN_ARTICLE_INTENT = "NotInArticleIntent"
SEARCH_INTENT = "SearchIntent"
WHY_INTENT = "WhyIntent"
FORGET_INTENT = "ForgetIntent"
SEARCH_SLOT = "query"
# What the dialogue knows to do when it is said to the skill itself.
COMMAND_INTENTS = (
    "AMAZON.HelpIntent",
    "AMAZON.StopIntent",
    "AMAZON.CancelIntent",
    "AMAZON.RepeatIntent",
    "AMAZON.MoreIntent",
    "AMAZON.NextIntent",
    "AMAZON.PreviousIntent",
    "AMAZON.YesIntent",
    "AMAZON.NoIntent",
    "AMAZON.StartOverIntent",
    WHY_INTENT,
    "TopicsIntent",
    "ReadArticleIntent",
    FORGET_INTENT,
)
OWN_INTENTS = (
    *COMMAND_INTENTS,
    MEDICAL_INTENT,
    DANGER_INTENT,
    NOT_IN_ARTICLE_INTENT,
    SEARCH_INTENT,
)
