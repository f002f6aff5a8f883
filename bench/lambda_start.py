"""Times the Lambda function, cold and warm, and weighs the zip; prints two tables.

.venv/bin/python -m bench.lambda_start [--runs 15]

Each run is a fresh Python with only the unpacked zip on its path (-I -S) and with what Lambda's own
bootstrap has imported already (json, logging, traceback). The clock runs from our first import to
the first response, then over each further request. The kinds of run take turns, so that a busy
machine slows them alike. Targets: a cold launch and a cold intent take at most 1.5 times as long as
a hello world on ask-sdk-core; the first free words 1 s; warm free words 20 ms.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from skill.alexa import requests
from skill.alexa.requests import IntentMatch
from skill.aws import SKILL_ID, TABLE, make_lambda_zip, trial_requests
from skill.content.loader import load_article
from skill.settings import Settings, find_settings

_START = """
import json, logging, sys, time, traceback
sys.path[:0] = sys.argv[1].split(":")
first, *others = json.loads(sys.argv[2])
times = [time.perf_counter()]
"""
_END = """
handler(first, None)
times.append(time.perf_counter())
for event in others:
    handler(event, None)
    times.append(time.perf_counter())
print(json.dumps([(end - start) * 1000 for start, end in zip(times, times[1:])]))
"""
_OURS = f"{_START}\nimport skill.aws\nhandler = skill.aws.handler\n{_END}"
_HELLO = """
from ask_sdk_core.skill_builder import CustomSkillBuilder
from ask_sdk_core.utils import is_request_type
builder = CustomSkillBuilder(persistence_adapter=memory)
@builder.request_handler(can_handle_func=is_request_type("LaunchRequest"))
def hello(handler_input):
    return handler_input.response_builder.speak("Hello").response
handler = builder.lambda_handler()
"""
_HELLO_WORLD = f"{_START}\nmemory = None\n{_HELLO}\n{_END}"
_HELLO_DYNAMODB = f"""{_START}
from ask_sdk_dynamodb.adapter import DynamoDbAdapter
memory = DynamoDbAdapter("none")
{_HELLO}\n{_END}"""


@dataclass
class _Kind:
    """One kind of cold start: what runs, and the milliseconds of every run."""

    command: list[str]
    environ: dict[str, str] = field(default_factory=dict)
    cold: list[float] = field(default_factory=list)
    next: list[float] = field(default_factory=list)  # the second request
    warm: list[float] = field(default_factory=list)  # all later ones

    def run(self) -> None:
        """Run once and keep the times."""
        environ = {**os.environ, **self.environ}
        done = subprocess.run(self.command, env=environ, check=True, capture_output=True, text=True)
        cold, *others = json.loads(done.stdout)
        self.cold.append(cold)
        self.next += others[:1]
        self.warm += others[1:]


def main() -> None:
    """Make the zip, run everything in turns, and print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    runs: int = parser.parse_args().runs
    settings = find_settings()
    with tempfile.TemporaryDirectory() as scratch:
        made = make_lambda_zip(settings, Path(scratch) / "lambda.zip", "x86_64")
        folder = Path(scratch) / "unpacked"
        with ZipFile(made.path) as packed:
            packed.extractall(folder)
        kinds = _kinds(settings, folder)
        for run in range(runs + 1):
            for kind in kinds.values():
                kind.run()
                if not run:  # the first run only warms the disk
                    kind.cold, kind.next, kind.warm = [], [], []
    print("| cold start | min ms | median ms | × hello world |\n|---|---|---|---|")
    hello = statistics.median(next(iter(kinds.values())).cold)
    for name, kind in kinds.items():
        median = statistics.median(kind.cold)
        print(f"| {name} | {min(kind.cold):.0f} | {median:.0f} | {median / hello:.2f} |")
    print("\n| free words | median ms | max ms |\n|---|---|---|")
    after = kinds["launch, then free words"]
    for name, times in ("first, after a launch", after.next), ("later, each new", after.warm):
        print(f"| {name} | {statistics.median(times):.1f} | {max(times):.1f} |")
    print(f"\nzip: {made.size / 1e6:.1f} MB, unzipped {made.unzipped / 1e6:.1f} MB")
    print(f"load average: {os.getloadavg()[0]:.2f}")


def _kinds(settings: Settings, folder: Path) -> dict[str, _Kind]:
    """The kinds by name; the first is what the others are compared with."""
    article = load_article(settings.content)
    launch, free_words = trial_requests(article, settings.locale)
    moment = requests.RequestContext("bench", "2026-01-01T00:00:00Z", settings.locale)
    intent = IntentMatch(next(iter(article.intent_answers)), (), "exact", 1.0)
    question = requests.intent_request(intent, requests.Session("bench"), moment)
    later = [
        _with_query(free_words, f"so what would {article.subject} do {where}")
        for where in ("for me", "in the morning", "to my friends", "at the age of seventy")
    ]

    def command(code: str, path: str, *events: object) -> list[str]:
        return [sys.executable, "-I", "-S", "-c", code, path, json.dumps(events)]

    ours = {SKILL_ID: requests.SKILL_ID}
    zipped = str(folder)
    kinds = {
        "hello world on ask-sdk-core": _Kind(command(_HELLO_WORLD, zipped, launch)),
        "launch, then free words": _Kind(command(_OURS, zipped, launch, free_words, *later), ours),
        "question by its intent": _Kind(command(_OURS, zipped, question), ours),
        "question in free words": _Kind(command(_OURS, zipped, free_words), ours),
    }
    boto3 = find_spec("boto3")
    if boto3 and boto3.origin:
        # Lambda's Python has it; here no table answers, which takes no time on this machine.
        path = f"{folder}:{Path(boto3.origin).parent.parent}"
        aws = {
            TABLE: "none",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "none",
            "AWS_SECRET_ACCESS_KEY": "none",
            "AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:9",
        }
        kinds["hello world with the SDK's DynamoDB"] = _Kind(
            command(_HELLO_DYNAMODB, path, launch), aws
        )
        kinds["launch with DynamoDB"] = _Kind(command(_OURS, path, launch), {**ours, **aws})
    return kinds


def _with_query(request: Any, query: str) -> object:
    changed = json.loads(json.dumps(request))
    for slot in changed["request"]["intent"]["slots"].values():
        slot["value"] = query
    return changed


if __name__ == "__main__":
    main()
