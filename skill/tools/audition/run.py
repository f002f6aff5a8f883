"""Running an audition: every sentence in every voice and condition, on all cores.

Recognitions are cached, so that interrupted auditions continue and unchanged ones are fast.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, replace
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Self
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
from skill.speech.recognition import CombinedRecognizer, Recognition, Recognizer
from skill.tools.audition.answers import (
    AnswerPart,
    GeneralRecognizer,
    answer_parts,
    first_pronunciations,
    judged,
)
from skill.tools.audition.cases import cases_to_ask, result_of
from skill.tools.audition.conditions import (
    CONDITIONS,
    PIPER,
    Condition,
    SpeakingVoices,
    through,
)
from skill.tools.audition.results import Audition, Heard, Outcome, Trial

RECOGNIZERS = ("default", "whisper")
_GENERAL = "general"  # transcribes answers
_PACKAGES = ("pocketsphinx", "faster-whisper", "piper-tts")
_LEAD = 0.2  # seconds of silence around a sentence, as voice activity detection leaves it
Progress = Callable[[int, int], None]  # called with how many sentences are done, and of how many


@dataclass(frozen=True)
class Plan:
    """What to audition."""

    recognizer: str  # one of RECOGNIZERS
    voices: tuple[str, ...]
    conditions: tuple[Condition, ...] = CONDITIONS
    questions: tuple[Path, ...] = ()
    sample: int | None = None  # at most so many of each group
    answers: bool = True
    jobs: int | None = None  # processes; one a core by default


@dataclass(frozen=True)
class _Task:
    """One sentence in one voice, in each of several conditions."""

    text: str
    voice: str
    recognizer: str
    conditions: tuple[Condition, ...]


class RecognitionCache:
    """A file with one recognition a line, which grows."""

    def __init__(self, folder: Path) -> None:
        """Open or create the cache.

        Raises:
            AskableError: The folder cannot be written.
        """
        self._found: dict[str, Heard] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = (folder / "recognitions.jsonl").open("a+", encoding="utf-8")
        except OSError as error:
            raise AskableError(f"--cache {folder}: cannot be written: {error}") from error
        self._file.seek(0)
        for line in self._file:
            try:
                entry = json.loads(line)
                key = str(entry.pop("key"))
                lists = {name: tuple(entry[name]) for name in ("hypotheses", "secondary")}
                self._found[key] = Heard(**{**entry, **lists})
            except (ValueError, TypeError, KeyError, AttributeError):
                continue  # an interrupted line: recognize that sound again

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def get(self, key: str) -> Heard | None:
        """Return a recognition if it is cached."""
        return self._found.get(key)

    def put(self, key: str, heard: Heard) -> None:
        """Add a recognition and write it at once."""
        self._found[key] = heard
        self._file.write("\n" + json.dumps({"key": key, **asdict(heard)}))
        self._file.flush()


_Heard = dict[tuple[str, str, str, str], Heard]  # by text, voice, recognizer and condition


def run_audition(
    settings: Settings, plan: Plan, cached: RecognitionCache, progress: Progress
) -> Audition:
    """Speak, recognize, answer and count."""
    runtime = Runtime(settings, NoMemory())
    cases = cases_to_ask(runtime, plan.questions, plan.sample)
    parts = list(_parts(runtime, plan))
    tasks = [
        _Task(case.text, voice, plan.recognizer, plan.conditions)
        for case, _ in cases
        for voice in plan.voices
    ]
    tasks += [_Task(part.text, voice, _GENERAL, CONDITIONS[:1]) for part, voice in parts]
    heard = _recognize_all(runtime, plan, tasks, cached, progress)
    reranker = HypothesisReranker(runtime)
    outcomes = tuple(
        outcome_of(
            runtime,
            reranker,
            Trial(case, group, voice, condition.name),
            heard[case.text, voice, plan.recognizer, condition.name],
        )
        for case, group in cases
        for voice in plan.voices
        for condition in plan.conditions
    )
    pronunciations = first_pronunciations()
    answers = tuple(
        judged(part, voice, heard[part.text, voice, _GENERAL, CONDITIONS[0].name], pronunciations)
        for part, voice in parts
    )
    return Audition(plan.recognizer, outcomes, answers)


def outcome_of(
    runtime: Runtime, reranker: HypothesisReranker, trial: Trial, heard: Heard
) -> Outcome:
    """Return what the skill makes of one recognition."""
    recognition = Recognition(heard.hypotheses, heard.sound_seconds, heard.noisy, heard.secondary)
    text = reranker.best(recognition).text
    return Outcome(trial, heard, text, result_of(runtime, trial.case, text))


def recognize(
    recognizer: Recognizer, voices: SpeakingVoices, text: str, voice: str, condition: Condition
) -> Heard:
    """Speak a text in one voice and condition, and recognize it."""
    speech = voices.speak(text, voice, condition.words_a_minute)
    silence = np.zeros(round(_LEAD * RATE), np.float32)
    padded = np.concatenate([silence, speech, silence])
    samples = through(condition, padded, crc32(f"{text}|{voice}".encode()))
    audio = Audio((np.clip(samples, -1, 1) * 32_767).astype("<i2").tobytes(), RATE)
    started = time.process_time()
    found = recognizer.recognize(audio)
    spent = time.process_time() - started
    return Heard(found.hypotheses, len(speech) / RATE, spent, found.secondary, found.noisy)


def _parts(runtime: Runtime, plan: Plan) -> Iterator[tuple[AnswerPart, str]]:
    """Yield the parts of answers to speak, each with a voice: the first one, and Piper's."""
    if not plan.answers:
        return
    voices = [plan.voices[0], *(voice for voice in plan.voices[1:] if voice == PIPER)]
    for part in list(answer_parts(runtime.article))[: plan.sample]:
        for voice in voices:
            yield part, voice


def _recognize_all(
    runtime: Runtime,
    plan: Plan,
    tasks: Sequence[_Task],
    cached: RecognitionCache,
    progress: Progress,
) -> _Heard:
    """Return all recognitions, from the cache or made now."""
    identities = {name: _identity(runtime, name) for name in {task.recognizer for task in tasks}}
    found: _Heard = {}
    missing: list[_Task] = []

    def key(task: _Task, condition: Condition) -> str:
        depends = (task.text, task.voice, str(condition), identities[task.recognizer])
        return sha256("\0".join(depends).encode()).hexdigest()[:24]

    for task in tasks:
        left = []
        for condition in task.conditions:
            known = cached.get(key(task, condition))
            if known:
                found[task.text, task.voice, task.recognizer, condition.name] = known
            else:
                left.append(condition)
        if left:
            missing.append(replace(task, conditions=tuple(left)))
    for done, (task, heard) in enumerate(_in_processes(runtime.settings, plan, missing), start=1):
        for condition, one in zip(task.conditions, heard, strict=True):
            cached.put(key(task, condition), one)
            found[task.text, task.voice, task.recognizer, condition.name] = one
        progress(done, len(missing))
    return found


def _identity(runtime: Runtime, recognizer: str) -> str:
    """Return what a recognition depends on, besides the sound.

    It does not cover changes of the code between two versions; use another cache then.
    """
    installed = []
    for package in _PACKAGES:
        try:
            installed.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    folder = whisper_folder(runtime) if recognizer == "whisper" else ""
    return f"{__version__} {runtime.digest} {recognizer} {folder} {installed}"


def _in_processes(
    settings: Settings, plan: Plan, tasks: Sequence[_Task]
) -> Iterable[tuple[_Task, tuple[Heard, ...]]]:
    if not tasks:
        return
    jobs = min(plan.jobs or len(os.sched_getaffinity(0)), len(tasks))
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        pending = {pool.submit(_perform, settings, task): task for task in tasks}
        try:
            for future in as_completed(pending):
                yield pending[future], future.result()
        except BaseException:  # Ctrl-C too: do not finish the tasks that wait
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _perform(settings: Settings, task: _Task) -> tuple[Heard, ...]:
    recognizer = _recognizer(settings, task.recognizer)
    return tuple(
        recognize(recognizer, _voices(), task.text, task.voice, condition)
        for condition in task.conditions
    )


# Each process opens these once, when they are first needed.


@cache
def _voices() -> SpeakingVoices:
    return SpeakingVoices()


@cache
def _recognizer(settings: Settings, name: str) -> Recognizer:
    if name == _GENERAL:
        return GeneralRecognizer()
    runtime = Runtime(settings, NoMemory())
    sphinx = sphinx_recognizer(runtime)
    if name == "whisper":
        return CombinedRecognizer(whisper_recognizer(runtime, threads=1), sphinx)
    return sphinx
