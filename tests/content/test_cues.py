"""The tables that the content, the dialogue and the evaluation agree on."""

from __future__ import annotations

from skill.content import (
    BUILT_IN_TYPES,
    COMMAND_SLOTS,
    CUES,
    OWN_INTENTS,
    PROMPTS,
    REFUSAL_KINDS,
    REFUSALS,
    Cue,
    refusal_of_intent,
)


def test_every_cue_has_one_row_whose_prompts_exist() -> None:
    assert set(CUES) == set(Cue)
    for row in CUES.values():
        assert not row.prompt or row.prompt in PROMPTS
        assert not row.reprompt or row.reprompt in PROMPTS
        assert row.prompt or not row.reprompt


def test_every_kind_of_refusal_has_its_own_name_intent_and_prompts() -> None:
    assert len({refusal.name for refusal in REFUSALS}) == len(REFUSALS)
    assert len({refusal.intent for refusal in REFUSALS}) == len(REFUSALS)
    for refusal in REFUSALS:
        assert {*refusal.prompts, refusal.reprompt} - {""} <= PROMPTS.keys()
        assert refusal.prompts
        assert 0 < refusal.threshold < 1
        assert refusal_of_intent(refusal.intent) is refusal
        assert refusal.intent in OWN_INTENTS
    assert refusal_of_intent("AMAZON.HelpIntent") is None


def test_a_question_file_can_expect_every_kind_of_refusal() -> None:
    assert REFUSAL_KINDS == ("outside", "not_understood", "danger", "medical")


def test_the_slots_of_commands_have_types_with_names() -> None:
    used = {kind for slots in COMMAND_SLOTS.values() for kind in slots.values()}
    assert used <= BUILT_IN_TYPES.keys()
    for values in BUILT_IN_TYPES.values():
        assert all(names for names in values.values())
    assert BUILT_IN_TYPES["AMAZON.NUMBER"]["20"] == ("twenty",)
