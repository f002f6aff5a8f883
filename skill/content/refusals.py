"""The kinds of questions that are refused whatever the article says.

A new kind is one row here. Its words stand under `refusals` in `locales/en.yaml` (samples) and
`examples.yaml` (training data), its prompts under `prompts`; CONTRIBUTING.md has the recipe.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """One kind of refusal.

    `threshold` is the probability from which an utterance is refused so; it was tuned on
    tests/oxytocin/questions_dev.yaml, and `python -m bench.thresholds` tunes it again. Without a
    `reprompt` the session closes and the conversation starts over.
    """

    name: str  # in content, in question files (`refuse: medical`) and in labels
    intent: str
    threshold: float
    prompts: tuple[str, ...]  # spoken one after another
    reprompt: str
    offers_topics: bool  # whether the prompts end in an offer of topics
    explanation: str  # what `askable explain` says of it


DANGER = Refusal(
    name="danger",
    intent="DangerIntent",
    threshold=0.3,
    prompts=("danger", "danger_helpline"),
    reprompt="",
    offers_topics=False,
    explanation="the listener hears where to get help",
)
MEDICAL = Refusal(
    name="medical",
    intent="MedicalAdviceIntent",
    threshold=0.4,
    prompts=("medical",),
    reprompt="medical_reprompt",
    offers_topics=True,
    explanation="personal medical advice is refused",
)
# The first whose threshold is met decides.
REFUSALS = (DANGER, MEDICAL)


def refusal_named(name: str) -> Refusal | None:
    """The refusal of that name, if there is one."""
    return next((refusal for refusal in REFUSALS if refusal.name == name), None)


def refusal_of_intent(intent: str) -> Refusal | None:
    """The refusal that an intent asks for, if it is one of theirs."""
    return next((refusal for refusal in REFUSALS if refusal.intent == intent), None)
