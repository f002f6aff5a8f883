from __future__ import annotations

import pytest

from skill.alexa.request_mapping import to_turn
from skill.alexa.skill import TolerantSerializer
from skill.content import FALLBACK_INTENT, Article
from skill.conversation import AskAnswer, AskChoice, Command, FreeText, Launch, Turn

NO_MATCH = {"status": {"code": "ER_SUCCESS_NO_MATCH"}}


def _resolved(value_id: str) -> dict[str, object]:
    values = [{"value": {"name": value_id, "id": value_id}}]
    return {"status": {"code": "ER_SUCCESS_MATCH"}, "values": values}


def _turn(article: Article, request: dict[str, object]) -> Turn:
    return to_turn(article, TolerantSerializer().read({"request": request}).request)


def _intent(article: Article, name: str, **slots: object) -> Turn:
    """The turn for an intent; a slot is its value, or its whole JSON data."""
    sent = {
        slot: value if isinstance(value, dict) else {"name": slot, "value": value}
        for slot, value in slots.items()
    }
    return _turn(article, {"type": "IntentRequest", "intent": {"name": name, "slots": sent}})


def _slot(value: str, *authorities: object) -> dict[str, object]:
    return {"value": value, "resolutions": {"resolutionsPerAuthority": list(authorities)}}


def test_a_launch(article: Article) -> None:
    assert _turn(article, {"type": "LaunchRequest"}) == Launch()


@pytest.mark.parametrize("kind", ["CanFulfillIntentRequest", "", None])
def test_an_unknown_request_is_a_command_that_nobody_knows(kind: object, article: Article) -> None:
    assert _turn(article, {"type": kind}) == Command("UnknownRequest")


def test_no_request_is_a_command_without_a_name(article: Article) -> None:
    assert to_turn(article, None) == Command("")


def test_the_intent_of_an_answer_asks_for_the_answer(article: Article) -> None:
    assert _intent(article, "BlackTeaIntent") == AskAnswer("black")
    assert _intent(article, "GreenTeaIntent", green_tea="sencha") == AskAnswer("green")


@pytest.mark.parametrize(
    ("slot", "answer"),
    [
        ("kids", "children"),
        ("Grown ups", "adults"),
        (_slot("the small ones", _resolved("children")), "children"),
        (_slot("kids", NO_MATCH, _resolved("adults")), "adults"),
        (_slot("kids", NO_MATCH), "children"),
        (_slot("kids", _resolved("dogs")), "children"),
    ],
)
def test_the_slot_of_a_choice_decides_between_its_answers(
    slot: object, answer: str, article: Article
) -> None:
    assert _intent(article, "TeaForWhomIntent", drinker=slot) == AskAnswer(answer)


@pytest.mark.parametrize("slots", [{}, {"drinker": None}, {"drinker": ""}])
def test_a_choice_without_its_slot_asks_for_it(slots: dict[str, object], article: Article) -> None:
    assert _intent(article, "TeaForWhomIntent", **slots) == AskChoice("tea_for")


@pytest.mark.parametrize(
    ("intent", "name", "slot"),
    [
        ("GreenTeaIntent", "green_tea", "coffee"),
        ("GreenTeaIntent", "green_tea", _slot("coffee", NO_MATCH)),
        ("GreenTeaIntent", "green_tea", _slot("coffee", _resolved("coffee"))),
        ("TeaForWhomIntent", "drinker", "coffee"),
    ],
)
def test_a_slot_value_that_is_no_name_of_the_term_is_free_text(
    intent: str, name: str, slot: object, article: Article
) -> None:
    assert _intent(article, intent, **{name: slot}) == FreeText("coffee", name_alone=True)


def test_a_slot_that_the_content_does_not_have_is_ignored(article: Article) -> None:
    assert _intent(article, "BlackTeaIntent", colour="red") == AskAnswer("black")
    assert _intent(article, "AMAZON.HelpIntent", colour="red") == Command("AMAZON.HelpIntent")


def test_a_search_is_free_text(article: Article) -> None:
    assert _intent(article, "SearchIntent", query="who grows tea") == FreeText("who grows tea")


@pytest.mark.parametrize("slots", [{}, {"query": None}, {"query": ""}, {"words": "tea"}])
def test_a_search_for_nothing_is_a_fallback(slots: dict[str, object], article: Article) -> None:
    assert _intent(article, "SearchIntent", **slots) == Command(FALLBACK_INTENT)


@pytest.mark.parametrize(
    "intent", [FALLBACK_INTENT, "AMAZON.YesIntent", "MedicalAdviceIntent", "SomeoneElsesIntent"]
)
def test_any_other_intent_is_a_command(intent: str, article: Article) -> None:
    assert _intent(article, intent) == Command(intent)


def test_a_command_has_the_values_of_its_slots(article_with_number: Article) -> None:
    turn = _intent(article_with_number, "ReadPartIntent", number="3")
    assert turn == Command("ReadPartIntent", {"number": "3"})
    assert _intent(article_with_number, "ReadPartIntent", number=None) == Command("ReadPartIntent")
