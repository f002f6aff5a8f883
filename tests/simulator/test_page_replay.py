from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from skill.alexa import SKILL_ID
from skill.errors import AskableError
from skill.simulator.replay import read_replay, write_replay
from tests.support.page_client import answer_of, open_tab, post, say, sentence_of


def test_a_record_is_what_ask_cli_replays(client: FlaskClient) -> None:
    tab = open_tab(client, "?locale=en-GB")
    for utterance in ("what is black tea", "yes", "stop", "Ask Tea Guide what is sencha"):
        say(client, tab, utterance)
    record = client.get(f"/tabs/{tab}/record")
    assert "attachment" in record.headers["Content-Disposition"]
    assert record.get_json() == {
        "skillId": SKILL_ID,
        "locale": "en-GB",
        "type": "text",
        "userInput": [
            "ask tea guide what is black tea",
            "yes",
            "stop",
            "Ask Tea Guide what is sencha",
        ],
    }
    replay = post(client, "/replays", record.data).get_json()
    assert replay["locale"] == "en-GB"
    assert replay["utterances"] == record.get_json()["userInput"]
    again = open_tab(client)
    answers = [answer_of(say(client, again, line)) for line in replay["utterances"]]
    assert answers == ["black", "black", "", "green"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"locale": None}, "replay:locale:"),
        ({"locale": "xx-XX"}, "replay:locale:"),
        ({"userInput": []}, "replay:userInput:"),
        ({"userInput": ["yes", ""]}, "replay:userInput[1]:"),
        ({"userInput": [".record x", "yes"]}, "replay:userInput[0]:"),
        ({"userInput": ["\ud83d"]}, "replay:userInput[0]:"),
        ({"userInput": ["a" * 2_001]}, "replay:userInput[0]:"),
        ({"userInput": ["a"] * 501}, "replay:userInput:"),
    ],
)
def test_a_malformed_replay_is_refused_with_its_field(
    client: FlaskClient, change: dict[str, object], field: str
) -> None:
    replay = {"skillId": "x", "locale": "en-US", "type": "text", "userInput": ["yes"], **change}
    refused = post(client, "/replays", json.dumps(replay))
    assert refused.status_code == 400
    assert sentence_of(refused).startswith(field)


_JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)
_REPLAYS = st.fixed_dictionaries(
    {}, optional={"locale": _JSON | st.just("en-US"), "userInput": _JSON | st.lists(st.text())}
)


@given(st.binary(max_size=60) | (_REPLAYS | _JSON).map(lambda data: json.dumps(data).encode()))
def test_any_bytes_are_a_replay_or_one_error(data: bytes) -> None:
    try:
        replay = read_replay(data)
    except AskableError as error:
        assert str(error).startswith("replay:")  # noqa: PT017  # both outcomes are right
    else:
        assert all(line.strip() for line in replay.utterances)


_LINES = st.lists(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
    .map(str.strip)
    .filter(lambda line: line and not line.startswith(".")),
    min_size=1,
    max_size=8,
)


@given(_LINES)
def test_what_is_recorded_is_read_back(lines: list[str]) -> None:
    written = write_replay("x", "en-US", [(line, False) for line in lines], "tea guide")
    assert list(read_replay(written.encode()).utterances) == lines
