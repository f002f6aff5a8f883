from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from skill.simulator import Device
from tests.support.conversations import check_conversation, read_conversations

CASES = read_conversations(Path(__file__).with_name("conversations.yaml"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_conversation_goes_as_written(case: dict[str, Any], device: Device) -> None:
    check_conversation(device, case["turns"])


def test_a_first_silence_brings_the_reprompt_and_a_second_ends_the_session(device: Device) -> None:
    assert device.stay_silent() == ""
    exchange = device.say("what is black tea")
    assert device.stay_silent() == exchange.reprompt_ssml != ""
    assert device.in_session
    assert device.stay_silent() == ""
    assert not device.in_session


def test_an_answer_between_two_silences_starts_the_count_again(device: Device) -> None:
    device.say("what is black tea")
    assert device.stay_silent()
    device.say("yes")
    assert device.stay_silent()
    assert device.in_session


def test_a_launch_in_a_session_starts_a_new_one(device: Device) -> None:
    first = device.say("what is black tea").request["session"]
    second = device.launch().request["session"]
    assert second["new"] is True
    assert second["sessionId"] != first["sessionId"]
    assert second["attributes"] == {}
