from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from skill.aws import SKILL_ID, TABLE, make_handler
from skill.conversation import from_ssml
from skill.errors import AskableError, RefusedError
from skill.settings import Settings
from tests.support.listening import OURS, Listening, is_known, reads_two_parts

LAUNCH = {"type": "LaunchRequest"}


@pytest.fixture(scope="module")
def root(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The article and its models as they lie in the zip."""
    folder = tmp_path_factory.mktemp("zip")
    shutil.copytree(settings.content, folder / "content" / "tea")
    shutil.copytree(settings.models, folder / "interaction_model")
    return folder


@pytest.fixture(scope="module")
def handler(root: Path) -> Callable[[object, object], Any]:
    return make_handler(root, {SKILL_ID: OURS})


def _event(skill_id: object, request: object, session_id: object = OURS) -> dict[str, object]:
    return {
        "session": {"application": {"applicationId": session_id}},
        "context": {"System": {"application": {"applicationId": skill_id}}},
        "request": request,
    }


def test_a_request_for_this_skill_is_answered(handler: Callable[[object, object], Any]) -> None:
    response = handler(_event(OURS, LAUNCH), None)
    assert "Welcome to" in from_ssml(response["response"]["outputSpeech"]["ssml"])


def test_a_question_in_free_words_is_answered(handler: Callable[[object, object], Any]) -> None:
    slots = {"query": {"name": "query", "value": "is black tea a tea"}}
    intent = {"name": "SearchIntent", "slots": slots}
    request = {"type": "IntentRequest", "locale": "en-US", "intent": intent}
    response = handler(_event(OURS, request), None)
    assert "left to brown" in from_ssml(response["response"]["outputSpeech"]["ssml"])


@pytest.mark.parametrize(
    "event",
    [
        _event("amzn1.ask.skill.other", LAUNCH),
        _event(OURS, LAUNCH, session_id="amzn1.ask.skill.other"),
        _event("amzn1.ask.skill.other", LAUNCH, session_id=OURS),
        _event(None, LAUNCH),
        {"request": LAUNCH},
        {},
        None,
    ],
)
def test_a_request_for_another_skill_raises(
    handler: Callable[[object, object], Any], event: object
) -> None:
    with pytest.raises(RefusedError, match="ASKABLE_SKILL_ID"):
        handler(event, None)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just("LaunchRequest"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(event=_JSON)
@examples(max_examples=40)
def test_anything_that_is_not_a_request_for_us_raises(
    handler: Callable[[object, object], Any], event: object
) -> None:
    with pytest.raises(RefusedError):
        handler(event, None)


@given(request=_JSON)
@examples(max_examples=40)
def test_any_request_for_this_skill_is_answered(
    handler: Callable[[object, object], Any], request: object
) -> None:
    assert handler(_event(OURS, request), None)["response"]["outputSpeech"]


def test_a_function_without_a_skill_id_does_not_start(root: Path) -> None:
    with pytest.raises(AskableError, match="ASKABLE_SKILL_ID: is not set"):
        make_handler(root, {})


def test_the_function_remembers_listeners_where_a_table_is_named(root: Path, table: Any) -> None:
    environ = {SKILL_ID: OURS, TABLE: table.name}
    first = make_handler(root, environ)
    reads_two_parts(lambda event: first(event, None))
    second = make_handler(root, environ)
    assert is_known(lambda event: second(event, None))


def test_the_function_remembers_nobody_without_a_table(
    handler: Callable[[object, object], Any],
) -> None:
    reads_two_parts(lambda event: handler(event, None))
    assert not is_known(lambda event: handler(event, None))
    assert "not medical advice" in Listening(lambda event: handler(event, None)).launch()
