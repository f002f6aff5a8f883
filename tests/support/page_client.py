"""Ways to ask the page's routes as the page itself does."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from skill.simulator.web.guard import TOKEN_HEADER

TOKEN = "the page's own"
OWN = {TOKEN_HEADER: TOKEN, "Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}


def open_tab(client: FlaskClient, query: str = "") -> str:
    """The id of a new tab."""
    opened = post(client, f"/tabs{query}")
    assert opened.status_code == 200, opened.text
    return str(opened.get_json()["tab"])


def post(client: FlaskClient, path: str, body: str | bytes = b"") -> TestResponse:
    """A post as the page makes it."""
    return client.post(path, data=body, headers=OWN)


def say(client: FlaskClient, tab: str, text: str) -> Any:
    """The turn that an utterance brings."""
    answered = post(client, f"/tabs/{tab}/say", text)
    assert answered.status_code == 200, answered.text
    return answered.get_json()


def answer_of(turn: Any) -> str:
    """The id of the answer that a turn told."""
    return str(turn["response"]["sessionAttributes"]["told"]["answer"])


def sentence_of(response: TestResponse) -> str:
    """The one sentence of a refusal."""
    told = response.get_json()
    assert list(told) == ["error"]
    sentence = str(told["error"])
    assert "Traceback" not in sentence
    assert "\n" not in sentence
    return sentence
