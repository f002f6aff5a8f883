"""Speech -> text by PocketSphinx, steered to the utterances of the compiled model."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import pocketsphinx

from skill.simulator.language_model import to_arpa
from skill.simulator.sound import Sound

_DITHER = 60  # standard deviation, of 32,767: clean synthetic speech is too clean for the model
_QUIET = 120.0  # root mean square, of 32,767: below it nobody speaks
_HYPOTHESES = 20
# Wider than PocketSphinx's own, which lose short words at the end: of 216 samples in three voices
# 191 became 199 right, a fifth more time.
_BEAMS = {"beam": 1e-80, "wbeam": 1e-60, "pbeam": 1e-80}


@dataclass(frozen=True)
class Heard:
    """What was understood."""

    hearings: tuple[str, ...]  # best first, without repeats; none when nothing was understood
    seconds: float  # length of the sound


class Ears(Protocol):
    """Anything that turns a sound into text."""

    def hear(self, sound: Sound) -> Heard:
        """What the sound says."""


class SphinxEars:
    """Hears what the skill may be asked. Nothing is downloaded; the wheel brings its model."""

    def __init__(
        self, utterances: Mapping[str, int], pronunciations: Mapping[str, Sequence[str]]
    ) -> None:
        words = {word for line in utterances for word in line.split()}
        said = _pronounced(words, pronunciations)
        self.unhearable = tuple(sorted(words - set(said)))
        lost = set(self.unhearable)
        hearable = {
            line: times for line, times in utterances.items() if not lost & set(line.split())
        }
        with tempfile.TemporaryDirectory() as folder:
            model = Path(folder) / "model.arpa"
            model.write_text(to_arpa(hearable), encoding="utf-8")
            dictionary = Path(folder) / "words.dict"
            dictionary.write_text("".join(_entries(said)), encoding="utf-8")
            self._decoder = pocketsphinx.Decoder(
                lm=str(model), dict=str(dictionary), cmn="batch", loglevel="FATAL", **_BEAMS
            )

    def hear(self, sound: Sound) -> Heard:
        """What the sound says, in words of the skill; silence and noise say nothing."""
        samples = np.frombuffer(sound.pcm, "<i2").astype(np.float32)
        if float(np.sqrt(np.mean(samples**2))) < _QUIET:
            return Heard((), sound.seconds)
        # A fixed seed: the same sound is heard the same way every time.
        noise = np.random.default_rng(0).normal(0.0, _DITHER, len(samples))
        pcm = np.clip(samples + noise, -32_768, 32_767).astype("<i2").tobytes()
        self._decoder.start_utt()
        # Whole, so that the cepstral mean is this sound's own and no earlier one's.
        self._decoder.process_raw(pcm, full_utt=True)
        self._decoder.end_utt()
        hearings = [self._decoder.hyp()]
        hearings += [found for _, found in zip(range(_HYPOTHESES), self._nbest(), strict=False)]
        texts = (" ".join(found.hypstr.split()) for found in hearings if found)
        heard = tuple(dict.fromkeys(filter(None, texts)))
        return Heard(heard, sound.seconds)

    def _nbest(self) -> Iterable[pocketsphinx.Hypothesis]:
        return self._decoder.nbest() or ()


def _pronounced(words: set[str], given: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Every pronunciation of each word that has one."""
    found = {word: list(ways) for word, ways in given.items() if word in words}
    path = Path(pocketsphinx.get_model_path("en-us")) / "cmudict-en-us.dict"
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            word, _, way = line.partition(" ")
            word = word.partition("(")[0]
            if word in words:
                ways = found.setdefault(word, [])
                if way.strip() not in ways:
                    ways.append(way.strip())
    return found


def _entries(said: Mapping[str, Sequence[str]]) -> Iterable[str]:
    for word in sorted(said):
        for number, way in enumerate(said[word], start=1):
            yield f"{word} {way}\n" if number == 1 else f"{word}({number}) {way}\n"
