"""Times Lambda's cold start beside a bare ask-sdk-core hello world, and weighs the zip; two tables.

.venv/bin/python bench/lambda_start.py [--runs 15]

Each run is a fresh Python with only the unpacked zip on its path (-I -S) and what Lambda's own
bootstrap has imported already (json, logging, traceback). The clock runs from the first import of
ours to the first answer. Runs of all kinds take turns, so that a busy machine slows them alike.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from zipfile import ZipFile

from skill.alexa import requests
from skill.alexa.requests import IntentMatch
from skill.aws.bundle import make_lambda_zip
from skill.aws.endpoint import SKILL_ID, TABLE
from skill.aws.trial import trial_events
from skill.content.loader import load_article
from skill.settings import Settings, find_settings

_START = """
import json, logging, sys, time, traceback
sys.path[:0] = sys.argv[1].split(":")
event = json.loads(sys.argv[2])
wall, cpu = time.perf_counter(), time.process_time()
"""
_END = """
handler(event, None)
print(time.perf_counter() - wall, time.process_time() - cpu)
"""
_OURS = f"{_START}\nfrom skill.aws.lambda_function import handler\n{_END}"
_HELLO = """
from ask_sdk_core.skill_builder import CustomSkillBuilder
from ask_sdk_core.utils import is_request_type
builder = CustomSkillBuilder(persistence_adapter=memory)
@builder.request_handler(can_handle_func=is_request_type("LaunchRequest"))
def hello(handler_input):
    return handler_input.response_builder.speak("Hello").response
handler = builder.lambda_handler()
"""
_BARE = f"{_START}\nmemory = None\n{_HELLO}\n{_END}"
_BARE_DYNAMODB = f"""{_START}
from ask_sdk_dynamodb.adapter import DynamoDbAdapter
memory = DynamoDbAdapter("none")
{_HELLO}\n{_END}"""


def main() -> None:
    """Make the zip, run everything in turns, and print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    runs: int = parser.parse_args().runs
    settings = find_settings(None, None, None, None, None)
    with tempfile.TemporaryDirectory() as scratch:
        made = make_lambda_zip(settings, Path(scratch) / "lambda.zip")
        folder = Path(scratch) / "unpacked"
        with ZipFile(made.path) as packed:
            packed.extractall(folder)
        print("| cold start | wall, min ms | median ms | CPU, min ms | median ms | × hello world |")
        print("|---|---|---|---|---|---|")
        hello = 0.0
        for name, times in _measure(_kinds(settings, folder), runs).items():
            walls, cpus = zip(*times, strict=True)
            # The least disturbed run; a busy machine stretches processor time as well.
            least = min(cpus)
            hello = hello or least
            print(
                f"| {name} | {min(walls):.0f} | {statistics.median(walls):.0f} |"
                f" {least:.0f} | {statistics.median(cpus):.0f} | {least / hello:.2f} |"
            )
        print("\n| zip | MB |\n|---|---|")
        print(f"| ask-sdk-core and what it needs | {(made.size - made.own_size) / 1e6:.2f} |")
        print(f"| ours beside it | {made.own_size / 1e6:.2f} |")


def _kinds(settings: Settings, folder: Path) -> dict[str, tuple[list[str], dict[str, str]]]:
    """Command and environment by name; the first is what the others are compared with."""
    article = load_article(settings.content)
    launch, free_words = trial_events(article, settings.locale)
    moment = requests.RequestContext("bench", "2026-01-01T00:00:00Z", settings.locale)
    intent = IntentMatch(next(iter(article.intent_answers())), (), "exact", 1.0)
    question = requests.intent_request(intent, requests.Session("bench"), moment)
    ours = {SKILL_ID: requests.SKILL_ID}

    def command(code: str, path: str, event: object) -> list[str]:
        return [sys.executable, "-I", "-S", "-c", code, path, json.dumps(event)]

    kinds = {
        "hello world on ask-sdk-core": (command(_BARE, str(folder), launch), {}),
        "launch": (command(_OURS, str(folder), launch), ours),
        "question by its intent": (command(_OURS, str(folder), question), ours),
        "question in free words": (command(_OURS, str(folder), free_words), ours),
    }
    boto3 = find_spec("boto3")
    if boto3 and boto3.origin:
        # Lambda's Python has it; here no table answers, which takes no time on this machine.
        installed = Path(boto3.origin).parent.parent
        aws = {
            TABLE: "none",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "none",
            "AWS_SECRET_ACCESS_KEY": "none",
            "AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:9",
        }
        path = f"{folder}:{installed}"
        kinds["hello world with the SDK's DynamoDB"] = (command(_BARE_DYNAMODB, path, launch), aws)
        kinds["launch with DynamoDB"] = (command(_OURS, path, launch), {**ours, **aws})
    return kinds


def _measure(
    kinds: dict[str, tuple[list[str], dict[str, str]]], runs: int
) -> dict[str, list[tuple[float, float]]]:
    """(wall, CPU) of every run in milliseconds; a first one warms the disk."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in kinds}
    for run in range(runs + 1):
        for name, (command, environ) in kinds.items():
            done = subprocess.run(
                command, env={**os.environ, **environ}, check=True, capture_output=True, text=True
            )
            wall, cpu = (float(seconds) * 1000 for seconds in done.stdout.split())
            if run:
                times[name].append((wall, cpu))
    return times


if __name__ == "__main__":
    main()
