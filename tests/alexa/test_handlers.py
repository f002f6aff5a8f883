from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from ask_sdk_core.attributes_manager import AbstractPersistenceAdapter
from ask_sdk_core.exceptions import PersistenceException
from ask_sdk_model import RequestEnvelope

from skill.alexa import Skill
from skill.content import Article, Label
from skill.conversation import (
    Listener,
    from_ssml,
    listener_from_attributes,
    listener_to_attributes,
)
from skill.memory import NoMemory
from skill.understanding import Candidate, Ranking

LAUNCH = {"type": "LaunchRequest"}
DISABLED = {"type": "AlexaSkillEvent.SkillDisabled"}


class Remembers(AbstractPersistenceAdapter):
    """A memory of one listener that can be told to fail."""

    def __init__(self, listener: Listener | None = None, fails: str = "") -> None:
        self.attributes: dict[str, object] = listener_to_attributes(listener) if listener else {}
        self.saves = 0
        self._fails = fails

    @property
    def listener(self) -> Listener:
        return listener_from_attributes(self.attributes)

    def get_attributes(self, request_envelope: RequestEnvelope) -> dict[str, object]:
        self._fail("read")
        return dict(self.attributes)

    def save_attributes(
        self, request_envelope: RequestEnvelope, attributes: dict[str, object]
    ) -> None:
        self._fail("write")
        self.saves += 1
        self.attributes = attributes

    def delete_attributes(self, request_envelope: RequestEnvelope) -> None:
        self._fail("delete")
        self.attributes = {}

    def _fail(self, operation: str) -> None:
        if operation == self._fails:
            raise PersistenceException("the password is secret") from ConnectionError("secret")


class Ranks:
    """In place of a matcher: every utterance has one label."""

    def __init__(self, label: str = "out_of_domain", score: float = 0.9) -> None:
        self._candidate = Candidate(Label.parse(label), score)

    def rank(self, utterance: str) -> Ranking:
        in_scope = self._candidate.score if self._candidate.label.kind == "answer" else 0.0
        return Ranking(utterance, (self._candidate,), in_scope)


def _skill(
    article: Article,
    memory: AbstractPersistenceAdapter | None = None,
    matcher: Any = None,
    note: Callable[[str], None] | None = None,
) -> Skill:
    found: Any = matcher or Ranks()
    return Skill(article, lambda: found, memory or NoMemory(), note)


def _respond(skill: Skill, request: object, attributes: object = None) -> Any:
    return skill.respond({"session": {"attributes": attributes}, "request": request})


def _intent(name: str, **slots: str) -> dict[str, object]:
    sent = {slot: {"name": slot, "value": value} for slot, value in slots.items()}
    return {"type": "IntentRequest", "locale": "en-US", "intent": {"name": name, "slots": sent}}


def _speech(response: Any) -> str:
    return from_ssml(response["response"]["outputSpeech"]["ssml"])


def test_an_answer_has_speech_a_card_a_reprompt_and_session_attributes(article: Article) -> None:
    response = _respond(_skill(article), _intent("BlackTeaIntent"))
    assert response["version"] == "1.0"
    assert "left to brown" in _speech(response)
    assert response["response"]["card"]["type"] == "Simple"
    assert response["response"]["card"]["title"] == "Black tea"
    assert response["response"]["shouldEndSession"] is False
    assert "hear more" in response["response"]["reprompt"]["outputSpeech"]["ssml"]
    attributes = response["sessionAttributes"]
    assert attributes["told"] == {"answer": "black", "sources": ["p1.s2"]}
    assert (attributes["cue"], attributes["offer"]) == ("part", "more")


def test_the_session_attributes_lead_on(article: Article) -> None:
    skill = _skill(article)
    first = _respond(skill, _intent("BlackTeaIntent"))
    second = _respond(skill, _intent("AMAZON.YesIntent"), first["sessionAttributes"])
    assert "keeps for long" in _speech(second)


def test_goodbye_closes_the_session_without_a_card(article: Article) -> None:
    response = _respond(_skill(article), _intent("AMAZON.StopIntent"))["response"]
    assert response["shouldEndSession"] is True
    assert set(response) == {"outputSpeech", "shouldEndSession"}


@pytest.mark.parametrize("reason", ["USER_INITIATED", "ERROR", "EXCEEDED_MAX_REPROMPTS", "NEW"])
def test_the_end_of_a_session_gets_an_empty_response(reason: str, article: Article) -> None:
    request = {"type": "SessionEndedRequest", "reason": reason}
    assert _respond(_skill(article), request)["response"] == {}


def test_a_listener_who_disables_the_skill_is_forgotten(article: Article) -> None:
    memory = Remembers(Listener(welcomed=True))
    assert _respond(_skill(article, memory), DISABLED)["response"] == {}
    assert memory.listener == Listener()


def test_a_listener_is_remembered_only_where_something_changed(article: Article) -> None:
    memory = Remembers()
    skill = _skill(article, memory)
    _respond(skill, LAUNCH)
    assert memory.listener == Listener(welcomed=True)
    _respond(skill, LAUNCH)
    assert memory.saves == 1


def test_a_listener_who_asks_for_it_is_forgotten(article: Article) -> None:
    memory = Remembers(Listener(welcomed=True, reading=2))
    assert "I have deleted" in _speech(_respond(_skill(article, memory), _intent("ForgetIntent")))
    assert memory.listener == Listener()


@pytest.mark.parametrize(
    ("fails", "intent", "says", "warning"),
    [
        ("read", "BlackTeaIntent", "left to brown", "memory cannot be read: ConnectionError"),
        ("write", "BlackTeaIntent", "left to brown", "memory cannot be written: ConnectionError"),
        ("delete", "ForgetIntent", "could not delete", "memory cannot be erased: ConnectionError"),
    ],
)
def test_a_memory_that_fails_does_not_stop_a_response_and_is_logged_by_its_kind(
    fails: str,
    intent: str,
    says: str,
    warning: str,
    article: Article,
    caplog: pytest.LogCaptureFixture,
) -> None:
    memory = Remembers(Listener(reading=2), fails)
    assert says in _speech(_respond(_skill(article, memory), _intent(intent)))
    assert [record.getMessage() for record in caplog.records] == [warning]
    assert "secret" not in caplog.text
    assert memory.listener == Listener(reading=2)  # what could not be read is not written over


def test_only_questions_that_got_no_answer_are_noted(article: Article) -> None:
    noted: list[str] = []
    refused = _skill(article, note=noted.append)
    _respond(refused, _intent("SearchIntent", query="who grows tea"))
    _respond(refused, _intent("GreenTeaIntent", green_tea="coffee"))
    _respond(refused, _intent("NotInArticleIntent"))  # its words are not known
    answered = _skill(article, matcher=Ranks("answer:green"), note=noted.append)
    _respond(answered, _intent("SearchIntent", query="how green is it"))
    advice = _skill(article, matcher=Ranks("refusal:medical"), note=noted.append)
    _respond(advice, _intent("SearchIntent", query="will it cure me"))
    assert noted == ["who grows tea", "coffee"]


def test_a_note_that_cannot_be_written_does_not_stop_the_response(
    article: Article, caplog: pytest.LogCaptureFixture
) -> None:
    def full(question: str) -> None:
        raise OSError(28, "No space left on device")

    response = _respond(_skill(article, note=full), _intent("SearchIntent", query="who grows tea"))
    assert "nothing about that" in _speech(response)
    assert "OSError" in caplog.text
    assert "who grows tea" not in caplog.text


def test_an_error_of_ours_keeps_the_session_and_is_logged_without_words(
    article: Article, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def rank(self, utterance: str) -> Ranking:
            raise RuntimeError("index lost")

    caplog.set_level(logging.INFO)
    skill = _skill(article, matcher=Broken())
    response = _respond(skill, _intent("SearchIntent", query="are wounds red"))
    assert "went wrong" in _speech(response)
    assert response["response"]["shouldEndSession"] is False
    assert [record.getMessage() for record in caplog.records] == ["request failed: RuntimeError"]
    assert "wounds" not in caplog.text


@pytest.mark.parametrize(
    ("locale", "number"), [("en-US", "911"), ("en-GB", "999"), ("de-DE", ""), ("", "")]
)
def test_an_unknown_locale_has_no_number_of_a_country(
    locale: str, number: str, article: Article
) -> None:
    speech = _speech(_respond(_skill(article), {**_intent("DangerIntent"), "locale": locale}))
    if number:
        assert number in speech
    else:
        assert "your local emergency number" in speech
        assert not any(character.isdigit() for character in speech)
