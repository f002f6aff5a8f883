"""The ears that can be auditioned: the skill's own, and baselines that know less of it."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from hashlib import file_digest, sha256
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import numpy as np
import pocketsphinx

from skill.errors import AskableError
from skill.memory import NoMemory
from skill.settings import Settings
from skill.simulator import speech_pipeline as listening
from skill.simulator.speech_pipeline import sphinx_recognizer
from skill.simulator.runtime import Runtime
from skill.speech.audio import Audio
from skill.speech.recognition import (
    acoustic_models,
    adaptation,
    british,
    cepstra,
    denoise,
    gaussians,
    language_model,
    transcript,
)
from skill.speech.recognition import combined as both_ears
from skill.speech.recognition import lexicon as pronouncing
from skill.speech.recognition import sphinx as own_ears
from skill.speech.recognition import whisper as whisper_recognizer
from skill.speech.recognition.combined import CombinedRecognizer
from skill.speech.recognition.sphinx import Recognition, Recognizer
from skill.tools.audition import word_graph
from skill.tools.audition.word_graph import to_fsg

KINDS = ("default", "general", "grammar", "whisper")
_DITHER = 60  # as the skill's own ears have it


class PlainSphinx:
    """PocketSphinx as it comes: its general English model, or a grammar in place of it."""

    def __init__(self, grammar: str = "", words: Mapping[str, str] | None = None) -> None:
        if not grammar:
            self._decoder = pocketsphinx.Decoder(loglevel="FATAL", cmn="batch")
            return
        with tempfile.TemporaryDirectory() as folder:
            path, said = Path(folder) / "skill.fsg", Path(folder) / "words.dict"
            path.write_text(grammar, encoding="utf-8")
            used = set(grammar.split())
            said.write_text(
                "".join(f"{word} {way}\n" for word, way in (words or {}).items() if word in used)
            )
            self._decoder = pocketsphinx.Decoder(
                lm=None,
                fsg=str(path),
                dict=str(said),
                loglevel="FATAL",
                cmn="batch",
                bestpath=False,
            )

    def recognize(self, sound: Audio) -> Recognition:
        """The one best hearing."""
        samples = np.frombuffer(sound.pcm, "<i2")
        noise = np.random.default_rng(0).normal(0.0, _DITHER, len(samples))
        pcm = np.clip(samples + noise, -32_768, 32_767).astype("<i2").tobytes()
        self._decoder.start_utt()
        self._decoder.process_raw(pcm, full_utt=True)
        self._decoder.end_utt()
        best = self._decoder.hyp()
        return Recognition((best.hypstr,) if best and best.hypstr else (), sound.seconds)


def open_kind(kind: str, runtime: Runtime) -> Recognizer:
    """One of KINDS."""
    if kind == "default":
        return sphinx_recognizer(runtime)
    if kind == "general":
        return PlainSphinx()
    if kind == "grammar":
        words = pronouncing_dictionary()
        words |= {word: ways[0] for word, ways in runtime.article.pronunciations.items()}
        utterances = runtime.utterances()
        return PlainSphinx(to_fsg(u for u in utterances if words.keys() >= set(u.split())), words)
    if kind == "whisper":
        # Each process has one core.
        return CombinedRecognizer(
            whisper_recognizer.whisper_recognizer(runtime, threads=1), sphinx_recognizer(runtime)
        )
    raise AskableError(f"--ears {kind}: is not known; choose one of {', '.join(KINDS)}")


def digest(kind: str, settings: Settings) -> str:
    """What the hearings of these ears depend on: another digest, another hearing."""
    runtime = Runtime(settings, NoMemory())
    told = [kind, *map(str, sorted(runtime.utterances().items()))]
    told += _of_sphinx(runtime)
    if kind == "whisper":
        told += _of_whisper(runtime)
    if kind in ("general", "grammar"):
        told += _code(word_graph, sys.modules[__name__])
    return sha256("\n".join(told).encode()).hexdigest()[:16]


def _of_sphinx(runtime: Runtime) -> list[str]:
    told = [version("pocketsphinx")]
    told += map(str, sorted(runtime.article.pronunciations.items()))
    told += [line for lines in runtime.examples().by_label.values() for line in lines]
    told.append(sha256(acoustic_models.FILE.read_bytes()).hexdigest())
    steered = (language_model, listening, pronouncing, british)
    return told + _code(
        own_ears, denoise, cepstra, gaussians, acoustic_models, adaptation, *steered
    )


def _of_whisper(runtime: Runtime) -> list[str]:
    with (whisper_recognizer.model_of(runtime) / "model.bin").open("rb") as weights:
        model = file_digest(weights, "sha256").hexdigest()
    told = [version("faster-whisper"), model, whisper_recognizer.prompt_of(runtime.article)]
    return told + _code(whisper_recognizer, transcript, both_ears)


def _code(*modules: ModuleType) -> list[str]:
    return [Path(str(module.__file__)).read_text(encoding="utf-8") for module in modules]


def pronouncing_dictionary() -> dict[str, str]:
    """Word -> its first pronunciation in ARPAbet, as PocketSphinx brings it."""
    path = Path(pocketsphinx.get_model_path("en-us")) / "cmudict-en-us.dict"
    entries = (line.partition(" ") for line in path.read_text(encoding="utf-8").splitlines())
    return {word: way.strip() for word, _, way in entries if "(" not in word}
