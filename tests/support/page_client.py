"""Requests to the simulator's page, as the page itself sends them."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from skill.simulator.web import TOKEN_HEADER

TOKEN = "the page's token"
OWN = {TOKEN_HEADER: TOKEN, "Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}


def open_tab(client: FlaskClient, query: str = "") -> str:
    """Open a tab, and return its id."""
    opened = post(client, f"/tabs{query}")
    assert opened.status_code == 200, opened.text
    return str(opened.get_json()["tab"])


def post(client: FlaskClient, path: str, body: str | bytes = b"") -> TestResponse:
    """Post as the page does."""
    return client.post(path, data=body, headers=OWN)


def say(client: FlaskClient, tab: str, text: str) -> Any:
    """Say something, and return the turn."""
    answered = post(client, f"/tabs/{tab}/say", text)
    assert answered.status_code == 200, answered.text
    return answered.get_json()


def answer_of(turn: Any) -> str:
    """The id of the answer in a turn; "" for none."""
    return str(turn["response"]["sessionAttributes"]["told"]["answer"])


def sentence_of(response: TestResponse) -> str:
    """The one sentence of an error."""
    record = response.get_json()
    assert list(record) == ["error"]
    sentence = str(record["error"])
    assert "Traceback" not in sentence
    assert "\n" not in sentence
    return sentence
