"""Runs an audition: every sentence spoken in every voice and condition, on all cores."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from skill.content.model import Answer
from skill.memory import NoMemory
from skill.settings import Settings
from skill.simulator.speech_pipeline import HypothesisReranker
from skill.simulator.runtime import Runtime
from skill.speech.audio import RATE, Audio
from skill.speech.recognition.sphinx import Recognizer
from skill.tools.audition.cache import HearingCache, key_of
from skill.tools.audition.cases import Plan, cases_to_ask, got_by
from skill.tools.audition.conditions import CONDITIONS, Condition, through
from skill.tools.audition.readability import hard_words, reading_ease
from skill.tools.audition.recognizers import digest, open_kind, pronouncing_dictionary
from skill.tools.audition.results import (
    Audition,
    Heard,
    Outcome,
    Spoken,
    Trial,
    word_error_rate,
)
from skill.tools.audition.voices import PIPER, VoicesByName

Progress = Callable[[int, int], None]
_LEAD = 0.2  # seconds of silence around a sentence, as an endpointer leaves


@dataclass(frozen=True)
class _Task:
    """One sentence in one voice, in each of several conditions."""

    text: str
    voice: str
    recognizer: str
    conditions: tuple[Condition, ...]


def audition(settings: Settings, plan: Plan, cache: HearingCache, progress: Progress) -> Audition:
    """Speak, listen, match and count."""
    runtime = Runtime(settings, NoMemory())
    cases = cases_to_ask(runtime, settings, plan)
    asked = [
        _Task(case.text, voice, plan.recognizer, plan.conditions)
        for case, _ in cases
        for voice in plan.voices
    ]
    told = list(_answers(runtime, plan))
    spoken = [_Task(text, voice, "general", (CONDITIONS[0],)) for _, _, text, voice in told]
    heard = _hear_all(settings, plan, [*asked, *spoken], cache, progress)
    sense = HypothesisReranker(runtime)
    outcomes = tuple(
        _outcome(
            runtime,
            sense,
            Trial(case, group, voice, condition.name),
            heard[case.text, voice, plan.recognizer, condition.name],
        )
        for case, group in cases
        for voice in plan.voices
        for condition in plan.conditions
    )
    dictionary = pronouncing_dictionary()
    return Audition(
        plan.recognizer,
        outcomes,
        tuple(
            _as_spoken(
                answer.id,
                part,
                voice,
                text,
                heard[text, voice, "general", CONDITIONS[0].name],
                dictionary,
            )
            for answer, part, text, voice in told
        ),
    )


def _outcome(runtime: Runtime, sense: HypothesisReranker, trial: Trial, heard: Heard) -> Outcome:
    text = sense.best(heard.hypotheses, heard.beside, heard.voice).text
    return Outcome(trial, heard, text, got_by(runtime, trial.case, text))


def _answers(runtime: Runtime, plan: Plan) -> Iterator[tuple[Answer, int, str, str]]:
    if not plan.answers:
        return
    voices = [plan.voices[0], *(voice for voice in plan.voices[1:] if voice == PIPER)]
    parts = [
        (answer, number, part)
        for answer in runtime.article.answers.values()
        for number, part in enumerate(answer.parts)
    ]
    for answer, number, part in parts[: plan.sample]:
        for voice in voices:
            yield answer, number, " ".join(sentence.text for sentence in part), voice


def _as_spoken(
    answer: str, part: int, voice: str, text: str, heard: Heard, dictionary: dict[str, str]
) -> Spoken:
    return Spoken(
        answer,
        part,
        voice,
        heard.sound_seconds,
        reading_ease(text, dictionary),
        hard_words(text, dictionary),
        word_error_rate(text, heard.hypotheses[0] if heard.hypotheses else ""),
    )


def _hear_all(
    settings: Settings, plan: Plan, tasks: Sequence[_Task], cache: HearingCache, progress: Progress
) -> dict[tuple[str, str, str, str], Heard]:
    """What is heard by (text, voice, ears, condition), from the cache or anew."""
    digests = {kind: digest(kind, settings) for kind in {task.recognizer for task in tasks}}
    found: dict[tuple[str, str, str, str], Heard] = {}
    missing: list[_Task] = []

    def key(task: _Task, condition: Condition) -> str:
        return key_of(task.text, task.voice, condition, digests[task.recognizer])

    for task in tasks:
        left = []
        for condition in task.conditions:
            kept = cache.get(key(task, condition))
            if kept:
                found[task.text, task.voice, task.recognizer, condition.name] = kept
            else:
                left.append(condition)
        if left:
            missing.append(_Task(task.text, task.voice, task.recognizer, tuple(left)))
    for done, (task, heard) in enumerate(_listen(settings, plan, missing), start=1):
        for condition, one in zip(task.conditions, heard, strict=True):
            cache.keep(key(task, condition), one)
            found[task.text, task.voice, task.recognizer, condition.name] = one
        progress(done, len(missing))
    return found


def _listen(
    settings: Settings, plan: Plan, tasks: Sequence[_Task]
) -> Iterable[tuple[_Task, tuple[Heard, ...]]]:
    if not tasks:
        return
    jobs = min(plan.jobs or len(os.sched_getaffinity(0)), len(tasks))
    with ProcessPoolExecutor(
        jobs, multiprocessing.get_context("spawn"), _Worker.open, (settings,)
    ) as pool:
        coming = {pool.submit(_Worker.run, task): task for task in tasks}
        try:
            for future in as_completed(coming):
                yield coming[future], future.result()
        except BaseException:  # Ctrl-C too: what still waits must not be spoken first
            pool.shutdown(wait=False, cancel_futures=True)
            raise


class _Worker:
    """What each process has: voices, and ears by kind, made when first needed."""

    current: _Worker

    def __init__(self, settings: Settings) -> None:
        self._runtime = Runtime(settings, NoMemory())
        self._voices = VoicesByName()
        self._ears: dict[str, Recognizer] = {}

    @classmethod
    def open(cls, settings: Settings) -> None:
        """Called once in each process: what follows there has no other way to find it."""
        cls.current = cls(settings)

    @classmethod
    def run(cls, task: _Task) -> tuple[Heard, ...]:
        """One task, in the process that `open` made ready."""
        return tuple(cls.current._hear(task, condition) for condition in task.conditions)

    def _hear(self, task: _Task, condition: Condition) -> Heard:
        ears = self._ears.get(task.recognizer)
        if ears is None:
            ears = self._ears[task.recognizer] = open_kind(task.recognizer, self._runtime)
        speech = self._voices.speak(task.text, task.voice, condition.words_a_minute)
        silence = np.zeros(round(_LEAD * RATE), np.float32)
        padded = np.concatenate([silence, speech, silence])
        samples = through(condition, padded, crc32(f"{task.text}|{task.voice}".encode()))
        sound = Audio((np.clip(samples, -1, 1) * 32_767).astype("<i2").tobytes(), RATE)
        started = time.process_time()
        heard = ears.recognize(sound)
        spent = time.process_time() - started
        return Heard(heard.hypotheses, len(speech) / RATE, spent, heard.secondary, heard.voice)
