"""Tries an unpacked Lambda function in a Python that has nothing else: a launch and a question."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from skill.alexa import requests
from skill.alexa.requests import IntentMatch, SlotValue
from skill.aws.endpoint import SKILL_ID
from skill.content.intents import SEARCH_INTENT, SEARCH_SLOT
from skill.content.loader import load_article
from skill.content.model import Article
from skill.conversation.replies import from_ssml
from skill.errors import AskableError
from skill.settings import Settings

_SECONDS = 60
_TRY = """
import json, sys
sys.path.insert(0, sys.argv[1])
import os
os.environ[sys.argv[2]] = sys.argv[3]
from skill.aws.lambda_function import handler
print(json.dumps([handler(event, None) for event in json.load(sys.stdin)]))
"""


def try_handler(folder: Path, settings: Settings) -> tuple[str, ...]:
    """What the function says to each of two requests; raises AskableError unless it answers."""
    article = load_article(settings.content)
    events = list(trial_events(article, settings.locale))
    # -I and -S: no installed packages, no environment, nothing of this folder.
    command = [sys.executable, "-I", "-S", "-c", _TRY, str(folder), SKILL_ID, requests.SKILL_ID]
    try:
        done = subprocess.run(
            command, input=json.dumps(events), capture_output=True, text=True, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise AskableError(f"the zip gave no answer in {_SECONDS} s; try it by hand") from error
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise AskableError(f"the zip does not answer on its own: {reason}")
    launched, asked = json.loads(done.stdout)
    if not asked["sessionAttributes"]["told"]["answer"]:
        raise AskableError("the zip answers a question of the article's own with no answer")
    return _said(launched), _said(asked)


def trial_events(article: Article, locale: str) -> Iterator[dict[str, object]]:
    """A launch, and one of the article's example phrases in free words, as Alexa sends them."""
    moment = requests.RequestContext("trial", "2026-01-01T00:00:00Z", locale)
    session = requests.Session("trial")
    yield requests.launch_request(session, moment)
    query = SlotValue(SEARCH_SLOT, article.example_phrases[1], "AMAZON.SearchQuery")
    yield requests.intent_request(
        IntentMatch(SEARCH_INTENT, (query,), "search", 1.0), session, moment
    )


def _said(response: Any) -> str:
    return from_ssml(response["response"]["outputSpeech"]["ssml"])
