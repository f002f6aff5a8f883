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

_CHUNK = 3_200  # bytes, 100 ms: fed whole, the cepstral mean is that of the wrong part
_DITHER = 30  # standard deviation, of 32,767: clean synthetic speech is too clean for the model
_QUIET = 120.0  # root mean square, of 32,767: below it nobody speaks
_HYPOTHESES = 20


@dataclass(frozen=True)
class Heard:
    """What was understood."""

    text: str  # "" when nothing was
    alternatives: tuple[str, ...]  # best first, without repeats
    seconds: float  # length of the sound


class Ears(Protocol):
    """Anything that turns a sound into text."""

    def hear(self, sound: Sound) -> Heard:
        """What the sound says."""


class SphinxEars:
    """Hears what the skill may be asked. Nothing is downloaded; the wheel brings its model."""

    def __init__(
        self, utterances: Iterable[str], pronunciations: Mapping[str, Sequence[str]]
    ) -> None:
        lines = sorted(set(utterances))
        words = {word for line in lines for word in line.split()}
        said = _pronounced(words, pronunciations)
        self.unhearable = tuple(sorted(words - set(said)))
        lost = set(self.unhearable)
        hearable = [line for line in lines if not lost & set(line.split())]
        self._known = frozenset(hearable)
        self._last_words = frozenset(line.rpartition(" ")[2] for line in hearable)
        with tempfile.TemporaryDirectory() as folder:
            model = Path(folder) / "model.arpa"
            model.write_text(to_arpa(hearable), encoding="utf-8")
            dictionary = Path(folder) / "words.dict"
            dictionary.write_text("".join(_entries(said)), encoding="utf-8")
            self._decoder = pocketsphinx.Decoder(
                lm=str(model), dict=str(dictionary), loglevel="FATAL"
            )

    def hear(self, sound: Sound) -> Heard:
        """What the sound says, in words of the skill; silence and noise say nothing."""
        samples = np.frombuffer(sound.pcm, "<i2").astype(np.float32)
        if float(np.sqrt(np.mean(samples**2))) < _QUIET:
            return Heard("", (), sound.seconds)
        # A fixed seed: the same sound is heard the same way every time.
        noise = np.random.default_rng(0).normal(0.0, _DITHER, len(samples))
        pcm = np.clip(samples + noise, -32_768, 32_767).astype("<i2").tobytes()
        self._decoder.start_utt()
        for start in range(0, len(pcm), _CHUNK):
            self._decoder.process_raw(pcm[start : start + _CHUNK])
        self._decoder.end_utt()
        best = self._decoder.hyp()
        text = " ".join(best.hypstr.split()) if best and best.hypstr else ""
        others = [text]
        for _, other in zip(range(_HYPOTHESES), self._decoder.nbest() or (), strict=False):
            others.append(" ".join(other.hypstr.split()))
        heard = tuple(dict.fromkeys(filter(None, others)))
        return Heard(self._choose(heard), heard, sound.seconds)

    def _choose(self, heard: tuple[str, ...]) -> str:
        """The best hearing that someone would say: a known utterance, or else a whole one.

        A trigram model can stop in the middle ("how does oxytocin change the"); acting on half a
        question would tell a wrong fact, so it is taken for not understood.
        """
        for text in heard:
            if text in self._known:
                return text
        whole = [text for text in heard[:1] if text.split()[-1] in self._last_words]
        return whole[0] if whole else ""


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
