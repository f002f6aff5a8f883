"""Spoken questions for the tests of ears."""

from __future__ import annotations

import subprocess
from collections import defaultdict
from pathlib import Path

from skill.simulator.runtime import Runtime


def say(text: str, voice: str, path: Path) -> Path:
    subprocess.run(["espeak-ng", "-v", voice, "-w", str(path), text], check=True)
    return path


def twenty_samples(runtime: Runtime) -> list[tuple[str, str]]:
    """Twenty samples, one of each second answer and two more: (utterance, answer id)."""
    answers = list(runtime.article.answers.values())
    samples = defaultdict(list)
    for intent, utterance in runtime.nlu.utterances():
        if 3 <= len(utterance.split()) <= 8:
            samples[intent].append(utterance)
    chosen = []
    for position, answer in enumerate([*answers[::2], answers[1], answers[3]]):
        asked = samples[answer.intent]
        chosen.append((asked[position * 37 % len(asked)], answer.id))
    return chosen
