"""Speech -> text by Whisper, the extra `askable[whisper]`: any words, and several hearings of them.

Whisper knows all of English and nothing of the skill, so it is told what names to expect.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from skill.content.model import Article
from skill.content.text import normalise
from skill.errors import EngineError
from skill.settings import cache_folder
from skill.simulator.runtime import Runtime
from skill.speech.audio import RATE, SHORTEST, Audio
from skill.speech.recognition.sphinx import Recognition, is_quiet
from skill.speech.recognition.transcript import utterance_of
from skill.speech.recognition.whisper_model import find_model

_HYPOTHESES = 5
# Whisper fills every sound up with silence to half a minute, which then takes it a second or two.
# With half of that, 25 questions were heard as well and in less than half the time; with a third of
# it, Whisper says things twice.
_LONGEST, _WINDOW, _AFTER = 30.0, 15.0, 5.0  # seconds
_LEAD = 0.2  # seconds of silence put before a sound: else Whisper mistakes what begins at once
_FRAMES = 100  # a second
_TOKENS, _TOKENS_A_SECOND = 12, 8  # more than anyone says; in noise Whisper may go on and on
# Where nobody speaks Whisper says back what it was told, or "you". Not told anything, it holds
# silence, hiss, hum, clicks and music for no speech with 0.58 to 0.77, and words alone with 0.43 at
# most; told, these come nearer to each other, and differently for each article.
_NOBODY = 0.5
_DOUBTFUL, _UNLIKELY = 0.3, -1.0  # no speech, and the mean logarithm of a token's likelihood
_MOST_NAMES = 50  # of four tokens each, nearly; Whisper reads 223
_ROUND_AND_ROUND = re.compile(r"\b(\w+(?: \w+){0,5})(?: \1){3,}\b")


class WhisperRecognizer:
    """Hears any words. Nothing is downloaded."""

    def __init__(
        self, folder: Path, prompt: str, is_ours: Callable[[str], bool], threads: int = 0
    ) -> None:
        """`is_ours` knows the skill's own words; 0 threads are one for each core."""
        # Of the extra, and half a second to import: only who chose Whisper pays for it.
        from faster_whisper import WhisperModel
        from faster_whisper.tokenizer import Tokenizer

        self._is_ours = is_ours
        try:
            # A folder's path, never the name of a model: nothing is looked for on the network.
            self._whisper: Any = WhisperModel(
                str(folder.resolve()),
                device="cpu",
                compute_type="int8",
                cpu_threads=threads or len(os.sched_getaffinity(0)),
                local_files_only=True,
            )
            self._tokenizer: Any = Tokenizer(
                self._whisper.hf_tokenizer,
                self._whisper.model.is_multilingual,
                task="transcribe",
                language="en",
            )
            self._told, self._untold = self._prompt(prompt), self._prompt("")
            # Parts of a model that do not fit together show when they are first used.
            list(self._hypotheses(np.zeros(RATE, np.float32)))
        except Exception as error:  # neither CTranslate2 nor tokenizers raises a narrower one
            why = " ".join(str(error).split())
            raise EngineError(
                f"{folder}: is no Whisper model that CTranslate2 can use ({why}); name another one "
                "by --whisper-model"
            ) from error

    def recognize(self, audio: Audio) -> Recognition:
        """What its first half minute says, in any words; silence and noise say nothing."""
        samples = np.frombuffer(audio.pcm, "<i2").astype(np.float32)
        if audio.seconds < SHORTEST or is_quiet(samples):
            return Recognition((), audio.seconds)
        written = self._hypotheses(samples / np.float32(32_768))
        hypotheses = [utterance_of(text, self._is_ours) for text in written]
        return Recognition(tuple(dict.fromkeys(filter(None, hypotheses))), audio.seconds)

    def _hypotheses(self, samples: NDArray[np.float32]) -> Iterator[str]:
        samples = np.pad(samples, (round(_LEAD * RATE), 0))
        seconds = min(_LONGEST, len(samples) / RATE)
        features = self._whisper.feature_extractor(samples[: round(seconds * RATE)], padding=0)
        frames = round(_FRAMES * min(_LONGEST, max(_WINDOW, seconds + _AFTER)))
        features = np.pad(features, ((0, 0), (0, frames)))[:, :frames]
        encoded = self._whisper.encode(np.ascontiguousarray(features))
        nobody = self._generate(encoded, self._untold, 1).no_speech_prob
        if nobody > _NOBODY:
            return
        length = _TOKENS + round(_TOKENS_A_SECOND * seconds)
        found = self._generate(encoded, self._told, length, _HYPOTHESES)
        for tokens, score in zip(found.sequences_ids, found.scores, strict=True):
            text = self._tokenizer.decode(tokens)
            doubtful = nobody > _DOUBTFUL and score < _UNLIKELY
            if not doubtful and not _ROUND_AND_ROUND.search(normalise(text)):
                yield text

    def _generate(
        self, encoded: object, prompt: list[int], length: int, hypotheses: int = 1
    ) -> Any:
        (found,) = self._whisper.model.generate(
            encoded,
            [prompt],
            beam_size=hypotheses,
            num_hypotheses=hypotheses,
            max_length=len(prompt) + length,
            return_scores=True,
            return_no_speech_prob=True,
        )
        return found

    def _prompt(self, told: str) -> list[int]:
        tokens = self._tokenizer.encode(f" {told}") if told else []
        prompt: list[int] = self._whisper.get_prompt(
            self._tokenizer, tokens, without_timestamps=True
        )
        return prompt


def whisper_recognizer(runtime: Runtime, threads: int = 0) -> WhisperRecognizer:
    """Whisper, told of one skill; raises EngineError where the extra or the model is missing."""
    ours = {word for utterance in runtime.utterances() for word in utterance.split()}
    return WhisperRecognizer(
        model_of(runtime), prompt_of(runtime.article), ours.__contains__, threads=threads
    )


def model_of(runtime: Runtime) -> Path:
    """The folder of the model that a speaker listens with: found or put together, not loaded."""
    return find_model(runtime.whisper_model, cache_folder(), partial(click.echo, err=True))


def prompt_of(article: Article) -> str:
    """What Whisper is told: the names of things as they are spelt, last how the skill is called.

    No question: where it hears nothing Whisper says back what it was told, and that would be
    answered. What comes last weighs most, and the call is heard worst: of 15 spoken ones 7 without
    it, and all with it.
    """
    names = (name for term in article.terms.values() for _, name in term.names())
    known = {*article.fillers, *normalise(article.author).split()}
    told = []
    for name in (article.subject, *names, *article.pronunciations):
        words = normalise(name).split()
        if not known.issuperset(words):
            known.update(words)
            told.append(name)
    things = ", ".join(told[:_MOST_NAMES])
    return f"Someone asks {article.author} about {things}, or says: Ask {article.invocation_name}"
