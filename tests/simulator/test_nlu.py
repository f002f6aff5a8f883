from __future__ import annotations

from typing import Any

import pytest

from skill.alexa.requests import SlotValue
from skill.simulator import AlexaNlu, IntentGuess, Runtime

NUMBERS = {"AMAZON.NUMBER": {"2": ("two",), "12": ("twelve", "a dozen")}}


def _intent(name: str, slots: dict[str, str], *samples: str) -> dict[str, Any]:
    listed = [{"name": slot, "type": kind} for slot, kind in slots.items()]
    return {"name": name, "slots": listed, "samples": list(samples)}


MODEL = {
    "interactionModel": {
        "languageModel": {
            "invocationName": "tea guide",
            "intents": [
                _intent("PartIntent", {"number": "AMAZON.NUMBER"}, "read part {number}"),
                _intent("DateIntent", {"day": "AMAZON.DATE"}, "what about {day}"),
                _intent(
                    "MixIntent",
                    {"first": "TEA", "second": "TEA"},
                    "may i mix {first} with {second}",
                ),
                _intent(
                    "SearchIntent",
                    {"query": "AMAZON.SearchQuery"},
                    "how {query}",
                    "how does {query}",
                    "tell me how {query} works",
                ),
                {"name": "AMAZON.HelpIntent", "samples": []},
            ],
            "types": [
                {
                    "name": "TEA",
                    "values": [
                        {"id": "green", "name": {"value": "green tea", "synonyms": ["Sencha"]}},
                        {"id": "black", "name": {"value": "black tea"}},
                    ],
                }
            ],
        }
    }
}


def _nlu(guess: IntentGuess | None = None) -> AlexaNlu:
    return AlexaNlu(MODEL, lambda _: guess or IntentGuess("", 0.1), NUMBERS)


@pytest.mark.parametrize(
    ("said", "value"),
    [("read part two", "2"), ("read part a dozen", "12"), ("read part 12", "12")],
)
def test_a_built_in_slot_carries_its_value_and_no_resolution(said: str, value: str) -> None:
    match = _nlu().understand(said)
    assert (match.intent, match.match) == ("PartIntent", "slot")
    assert match.slots == (SlotValue("number", value, "AMAZON.NUMBER"),)


def test_a_built_in_type_without_values_is_never_filled() -> None:
    assert _nlu().by_sample("what about monday") is None
    assert "DateIntent" not in {intent for intent, _ in _nlu().utterances()}


def test_the_samples_hold_each_name_of_each_slot() -> None:
    utterances = dict.fromkeys(utterance for _, utterance in _nlu().utterances())
    assert "read part a dozen" in utterances
    assert "read part 12" not in utterances  # nobody speaks digits
    assert "may i mix sencha with black tea" in utterances
    assert not [utterance for utterance in utterances if "{" in utterance]


def test_two_slots_of_one_type_keep_their_order() -> None:
    match = _nlu().by_sample("may i mix black tea with sencha")
    assert match is not None
    assert [(slot.name, slot.spoken, slot.value_id) for slot in match.slots] == [
        ("first", "black tea", "black"),
        ("second", "sencha", "green"),
    ]


@pytest.mark.parametrize(
    ("said", "query"),
    [
        ("how does it keep", "it keep"),
        ("tell me how a kettle works", "a kettle"),
        ("how strong", "strong"),
    ],
)
def test_a_carrier_phrase_leaves_the_rest_to_the_skill(said: str, query: str) -> None:
    match = _nlu().understand(said)
    assert (match.intent, match.match) == ("SearchIntent", "search")
    assert match.slots[0].spoken.endswith(query)


def test_a_certain_guess_goes_before_a_carrier_unless_it_depends_on_the_conversation() -> None:
    certain = IntentGuess("PartIntent", 0.9, certain=True)
    depends = IntentGuess("PartIntent", 0.9, certain=True, depends=True)
    assert _nlu(certain).understand("how does it keep").intent == "PartIntent"
    assert _nlu(depends).understand("how does it keep").intent == "SearchIntent"
    assert _nlu(depends).understand("the second one of it").intent == "PartIntent"


def test_words_that_fit_nothing_are_free_text_and_noise_is_the_fallback() -> None:
    words = _nlu(IntentGuess("", 0.1, words=True)).understand("kettles and cups")
    assert (words.intent, words.match) == ("SearchIntent", "near")
    assert words.slots == (SlotValue("query", "kettles and cups", "AMAZON.SearchQuery"),)
    noise = _nlu().understand("blargle")
    assert (noise.intent, noise.match) == ("AMAZON.FallbackIntent", "none")


@pytest.mark.parametrize(
    ("said", "invocation", "rest"),
    [
        ("Alexa, open tea guide", "alexa open tea guide", ""),
        ("open tea guide and read part two", "open tea guide and", "read part two"),
        ("please ask Tea Guide about sencha", "please ask tea guide about", "sencha"),
        ("alexa help me", "", "help me"),
        ("ask my aunt about sencha", "", "ask my aunt about sencha"),
    ],
)
def test_the_invocation_is_split_from_what_is_asked(said: str, invocation: str, rest: str) -> None:
    assert _nlu().split_invocation(said) == (invocation, rest)


def test_alexas_own_words_for_its_intents_need_no_samples() -> None:
    match = _nlu().understand("can you help me")
    assert (match.intent, match.match) == ("AMAZON.HelpIntent", "exact")


def test_every_sample_of_the_article_is_matched_as_its_intent(runtime: Runtime) -> None:
    for intent, utterance in runtime.nlu.utterances():
        assert runtime.nlu.understand(utterance).intent == intent, utterance
