"""Running an audition: every sentence in every voice and condition, on all cores.

Recognitions are cached, so that interrupted auditions continue and unchanged ones are fast.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache, partial
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zlib import crc32

import numpy as np

from skill import __version__
from skill.errors import AskableError
from skill.memory import NoMemory
from skill.settings import Settings
from skill.simulator import (
    HypothesisReranker,
    Runtime,
    sphinx_recognizer,
    whisper_folder,
    whisper_recognizer,
)
from skill.speech import RATE, Audio
from skill.speech.recognition import CombinedRecognizer, Recognizer
from skill.tools.audition.cases import cases_to_ask, result_of
from skill.tools.audition.conditions import CONDITIONS, PIPER, Condition, speak, through
from skill.tools.audition.results import Audition, Outcome, TimedRecognition, Trial
from skill.tools.audition.spoken_answers import GeneralRecognizer, spoken_answers

RECOGNIZERS = ("default", "whisper")
_GENERAL = "general"  # transcribes answers
_PACKAGES = ("pocketsphinx", "faster-whisper", "piper-tts")
_LEAD = 0.2  # seconds of silence around a sentence, as voice activity detection leaves it
_CHUNK = 8  # tasks that a process gets at once: mostly the conditions of one sentence


@dataclass(frozen=True)
class Plan:
    """What to audition."""

    recognizer: str  # one of RECOGNIZERS
    voices: Sequence[str]
    conditions: Sequence[Condition]
    questions: Sequence[Path] = ()
    sample: int | None = None  # at most so many of each group
    answers: bool = True
    jobs: int | None = None  # processes; one a core by default


@dataclass(frozen=True)
class _Task:
    """A sentence to speak and to recognize."""

    text: str
    voice: str
    condition: Condition
    recognizer: str


class RecognitionCache:
    """A file with one recognition a line, which grows."""

    def __init__(self, folder: Path) -> None:
        """Open or create the cache.

        Raises:
            AskableError: The folder cannot be written.
        """
        self._path = folder / "recognitions.jsonl"
        self._found: dict[str, TimedRecognition] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._path.touch()
            lines = self._path.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError as error:
            raise AskableError(f"--cache {folder}: cannot be written: {error}") from error
        for line in lines:
            # An interrupted or older line: recognize that sound again.
            with suppress(ValueError, TypeError, KeyError, AttributeError):
                key, entry = json.loads(line)
                lists = {name: tuple(entry[name]) for name in ("hypotheses", "secondary")}
                self._found[key] = TimedRecognition(**{**entry, **lists})

    def get(self, key: str) -> TimedRecognition | None:
        """Return a recognition if it is cached."""
        return self._found.get(key)

    def put(self, key: str, found: TimedRecognition) -> None:
        """Add a recognition and write it at once."""
        self._found[key] = found
        with self._path.open("a", encoding="utf-8") as file:
            file.write("\n" + json.dumps((key, asdict(found))))


def run_audition(
    settings: Settings, plan: Plan, cached: RecognitionCache, progress: Callable[[int, int], None]
) -> Audition:
    """Speak, recognize, answer and count.

    Args:
        settings: The skill to audition.
        plan: What to ask, and how.
        cached: Recognitions of earlier runs; gets the new ones.
        progress: Called with how many sounds are recognized, and of how many.
    """
    runtime = Runtime(settings, NoMemory())
    trials = [
        Trial(case, group, voice, condition)
        for case, group in cases_to_ask(runtime, plan.questions, plan.sample)
        for voice in plan.voices
        for condition in plan.conditions
    ]
    asked = [_Task(each.case.text, each.voice, each.condition, plan.recognizer) for each in trials]
    parts = [
        (answer.id, number, " ".join(sentence.text for sentence in sentences))
        for answer in runtime.article.answers.values()
        for number, sentences in enumerate(answer.parts)
    ]
    answered = [
        (part, _Task(part[2], voice, CONDITIONS[0], _GENERAL))
        for part in (parts[: plan.sample] if plan.answers else ())
        for voice in plan.voices
        if voice in (plan.voices[0], PIPER)
    ]
    tasks = [*asked, *(task for _, task in answered)]
    found = _recognize_all(runtime, plan.jobs, tasks, cached, progress)
    reranker = HypothesisReranker(runtime)
    outcomes = tuple(
        outcome_of(runtime, reranker, trial, found[task])
        for trial, task in zip(trials, asked, strict=True)
    )
    answers = spoken_answers((*part, task.voice, found[task]) for part, task in answered)
    return Audition(plan.recognizer, outcomes, tuple(answers))


def outcome_of(
    runtime: Runtime, reranker: HypothesisReranker, trial: Trial, heard: TimedRecognition
) -> Outcome:
    """Return what the skill makes of one recognition."""
    text = reranker.best(heard).text
    return Outcome(trial, heard, text, result_of(runtime, trial.case, text))


def recognize(
    recognizer: Recognizer, text: str, voice: str, condition: Condition
) -> TimedRecognition:
    """Speak a text in one voice and condition, and recognize it."""
    speech = speak(text, voice, condition.words_a_minute)
    padded = np.pad(speech, round(_LEAD * RATE))
    samples = through(condition, padded, crc32(f"{text}|{voice}".encode()))
    audio = Audio((np.clip(samples, -1, 1) * 32_767).astype("<i2").tobytes(), RATE)
    started = time.process_time()
    found = recognizer.recognize(audio)
    spent = time.process_time() - started
    return TimedRecognition(**asdict(found), seconds=len(speech) / RATE, processor_seconds=spent)


def _recognize_all(
    runtime: Runtime,
    jobs: int | None,
    tasks: Sequence[_Task],
    cached: RecognitionCache,
    progress: Callable[[int, int], None],
) -> dict[_Task, TimedRecognition]:
    """Return all recognitions, from the cache or made now."""
    identities = {name: _identity(runtime, name) for name in {task.recognizer for task in tasks}}
    keys = {
        task: sha256(f"{task}\0{identities[task.recognizer]}".encode()).hexdigest()[:24]
        for task in tasks
    }
    found = {task: known for task, key in keys.items() if (known := cached.get(key))}
    missing = [task for task in keys if task not in found]
    new = _in_processes(runtime.settings, jobs, missing)
    for done, (task, recognition) in enumerate(zip(missing, new, strict=True), start=1):
        cached.put(keys[task], recognition)
        found[task] = recognition
        progress(done, len(missing))
    return found


def _identity(runtime: Runtime, recognizer: str) -> str:
    """Return what a recognition depends on, besides the sound.

    It does not cover changes of the code between two versions; use another cache then.
    """
    installed = []
    for package in _PACKAGES:
        with suppress(PackageNotFoundError):
            installed.append(f"{package} {version(package)}")
    folder = whisper_folder(runtime) if recognizer == "whisper" else ""
    return f"{__version__} {runtime.digest} {recognizer} {folder} {installed}"


def _in_processes(
    settings: Settings, jobs: int | None, tasks: Sequence[_Task]
) -> Iterator[TimedRecognition]:
    if not tasks:
        return
    jobs = min(jobs or len(os.sched_getaffinity(0)), len(tasks))
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        try:
            yield from pool.map(partial(_perform, settings), tasks, chunksize=_CHUNK)
        except BaseException:  # Ctrl-C too: do not finish the tasks that wait
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _perform(settings: Settings, task: _Task) -> TimedRecognition:
    recognizer = _recognizer(settings, task.recognizer)
    return recognize(recognizer, task.text, task.voice, task.condition)


@cache  # each process opens a recognizer once
def _recognizer(settings: Settings, name: str) -> Recognizer:
    if name == _GENERAL:
        return GeneralRecognizer()
    runtime = Runtime(settings, NoMemory())
    sphinx = sphinx_recognizer(runtime)
    if name == "whisper":
        return CombinedRecognizer(whisper_recognizer(runtime, threads=1), sphinx)
    return sphinx
