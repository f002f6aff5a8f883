"""Conversations of several listeners, straight with the skill."""

from __future__ import annotations

from typing import Any

from ask_sdk_core.attributes_manager import AbstractPersistenceAdapter

from skill.alexa import Skill
from skill.conversation import from_ssml
from skill.simulator import Runtime

ANN, BOB = "amzn1.ask.account.ANN", "amzn1.ask.account.BOB"
OURS = "amzn1.ask.skill.ours"


class Listening:
    """One session of one listener."""

    def __init__(self, skill: Any, user: str = ANN) -> None:
        self._skill = skill
        self._user = user
        self.attributes: dict[str, Any] = {}

    def launch(self) -> str:
        return self._turn({"type": "LaunchRequest"})

    def say(self, intent: str) -> str:
        return self._turn({"type": "IntentRequest", "locale": "en-US", "intent": {"name": intent}})

    def _turn(self, request: dict[str, Any]) -> str:
        known = {"user": {"userId": self._user}, "application": {"applicationId": OURS}}
        session = {**known, "attributes": self.attributes}
        envelope = {"session": session, "context": {"System": known}, "request": request}
        response = self._skill(envelope)
        self.attributes = response["sessionAttributes"]
        return from_ssml(response["response"]["outputSpeech"]["ssml"])


def skill_of(runtime: Runtime, memory: AbstractPersistenceAdapter) -> Any:
    return Skill(runtime.article, lambda: runtime.matcher, memory).respond


def reads_two_parts(skill: Any, user: str = ANN) -> None:
    listening = Listening(skill, user)
    listening.say("ReadArticleIntent")
    listening.say("AMAZON.NextIntent")


def is_known(skill: Any, user: str = ANN) -> bool:
    return "stopped after part 2" in Listening(skill, user).say("ReadArticleIntent")
