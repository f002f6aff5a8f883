"""The ears that can be auditioned: the skill's own, and baselines that know less of it."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Mapping
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pocketsphinx

from skill.compiled import load_model
from skill.errors import AskableError
from skill.memory import NoMemory
from skill.settings import Settings
from skill.simulator import ears as own_ears
from skill.simulator import language_model
from skill.simulator.assemble import Speaker
from skill.simulator.cloud import SEARCH_TYPE
from skill.simulator.ears import Ears, Heard
from skill.simulator.listening import open_ears
from skill.simulator.sound import Sound
from skill.words import normalise

KINDS = ("default", "general", "grammar", "whisper")
_DITHER = 60  # as the skill's own ears have it
_END = ""
_SLOT = re.compile(r"\{([^{}]*)\}")


class PlainSphinx:
    """PocketSphinx as it comes: its general English model, or a grammar in place of it."""

    def __init__(self, grammar: str = "", words: Mapping[str, str] | None = None) -> None:
        if not grammar:
            self._decoder = pocketsphinx.Decoder(loglevel="FATAL", cmn="batch")
            return
        with tempfile.TemporaryDirectory() as folder:
            path, said = Path(folder) / "skill.gram", Path(folder) / "words.dict"
            path.write_text(grammar, encoding="utf-8")
            said.write_text("".join(f"{word} {way}\n" for word, way in (words or {}).items()))
            self._decoder = pocketsphinx.Decoder(
                lm=None,
                jsgf=str(path),
                dict=str(said),
                loglevel="FATAL",
                cmn="batch",
                bestpath=False,
                maxhmmpf=3_000,
            )

    def hear(self, sound: Sound) -> Heard:
        """The one best hearing."""
        samples = np.frombuffer(sound.pcm, "<i2")
        noise = np.random.default_rng(0).normal(0.0, _DITHER, len(samples))
        pcm = np.clip(samples + noise, -32_768, 32_767).astype("<i2").tobytes()
        self._decoder.start_utt()
        self._decoder.process_raw(pcm, full_utt=True)
        self._decoder.end_utt()
        best = self._decoder.hyp()
        return Heard((best.hypstr,) if best and best.hypstr else (), sound.seconds)


def open_kind(kind: str, speaker: Speaker, settings: Settings) -> Ears:
    """One of KINDS."""
    if kind == "default":
        return open_ears(speaker)
    if kind == "general":
        return PlainSphinx()
    if kind == "grammar":
        words = pronouncing_dictionary()
        words |= {word: ways[0] for word, ways in speaker.article.pronunciations.items()}
        model = load_model(settings.models, settings.locale)
        grammar = to_jsgf(model["interactionModel"]["languageModel"], words)
        used = {word: words[word] for word in re.findall(r"[a-z']+", grammar) if word in words}
        return PlainSphinx(grammar, used)
    raise AskableError(f"--ears {kind}: is not there yet; choose default, general or grammar")


def digest(kind: str, settings: Settings) -> str:
    """What the hearings of these ears depend on: another digest, another hearing."""
    speaker = Speaker(settings, NoMemory())
    told = [kind, version("pocketsphinx"), *map(str, sorted(speaker.utterances().items()))]
    told += map(str, sorted(speaker.article.pronunciations.items()))
    for module in (own_ears, language_model):
        told.append(Path(str(module.__file__)).read_text(encoding="utf-8"))
    return sha256("\n".join(told).encode()).hexdigest()[:16]


def pronouncing_dictionary() -> dict[str, str]:
    """Word -> its first pronunciation in ARPAbet, as PocketSphinx brings it."""
    path = Path(pocketsphinx.get_model_path("en-us")) / "cmudict-en-us.dict"
    entries = (line.partition(" ") for line in path.read_text(encoding="utf-8").splitlines())
    return {word: way.strip() for word, _, way in entries if "(" not in word}


def to_jsgf(language: Mapping[str, Any], words: Mapping[str, str]) -> str:
    """A grammar of the samples of an interaction model, as far as `words` has them."""
    rules = []
    for kind in language.get("types", ()):
        names = [
            normalise(name)
            for value in kind["values"]
            for name in (value["name"]["value"], *value["name"].get("synonyms", ()))
        ]
        rules.append(_rule(f"<{kind['name']}>", names, words))
    samples = []
    for intent in language["intents"]:
        types = {slot["name"]: slot["type"] for slot in intent.get("slots", ())}
        if SEARCH_TYPE not in types.values():
            for sample in intent.get("samples", ()):
                parts = _SLOT.split(sample)
                samples.append(
                    " ".join(
                        f"<{types[part]}>" if at % 2 else normalise(part)
                        for at, part in enumerate(parts)
                    ).strip()
                )
    return "\n".join(
        ["#JSGF V1.0;", "grammar skill;", *rules, _rule("public <said>", samples, words)]
    )


def _rule(name: str, choices: Iterable[str], words: Mapping[str, str]) -> str:
    """The choices by their common beginnings: side by side, a sentence takes 20 s to hear."""
    tree: dict[str, Any] = {}
    for choice in choices:
        parts = choice.split()
        if parts and all(part[0] == "<" or part in words for part in parts):
            branch = tree
            for part in parts:
                branch = branch.setdefault(part, {})
            branch[_END] = {}
    return f"{name} = {_branches(tree)};"


def _branches(tree: Mapping[str, Any]) -> str:
    ways = [f"{part} {_branches(rest)}".strip() for part, rest in tree.items() if part != _END]
    if not ways:
        return ""
    return f"[ {' | '.join(ways)} ]" if _END in tree else f"( {' | '.join(ways)} )"
