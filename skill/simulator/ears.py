"""Speech -> text by PocketSphinx, steered to what the skill may be asked."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import pocketsphinx

from skill.simulator.denoise import Samples, without_noise
from skill.simulator.language_model import to_arpa, words_in
from skill.simulator.pronouncing import Pronunciations, entries, pronounce
from skill.simulator.sound import RATE, Sound

_DITHER = 60  # standard deviation, of 32,767: clean synthetic speech is too clean for the model
_QUIET = 120.0  # root mean square, of 32,767: below it nobody speaks
_HYPOTHESES = 20
# Wider than PocketSphinx's own, which lose short words, those at the end most: of 54 samples in the
# two hardest voices 48 became 51 right when the beams for last phones were widened too, for nearly
# twice the time.
_BEAMS = {"beam": 1e-80, "wbeam": 1e-60, "pbeam": 1e-80, "lpbeam": 1e-60, "lponlybeam": 1e-40}
# A word or two is over before the language model has helped: "stop", "yes", "next". Sounds with no
# more speech than this are also held against all utterances of so few words, nothing between.
_SHORT_SECONDS = 0.9
_SHORT_WORDS = 2
_SHORT = "short"


@dataclass(frozen=True)
class Heard:
    """What was understood."""

    hearings: tuple[str, ...]  # best first, without repeats; none when nothing was understood
    seconds: float  # length of the sound
    # Mean log10 likelihood of a word of the best hearing; none where the ears cannot tell.
    fluency: float | None = None


class Ears(Protocol):
    """Anything that turns a sound into text."""

    def hear(self, sound: Sound) -> Heard:
        """What the sound says."""


class SphinxEars:
    """Hears what the skill may be asked. Nothing is downloaded; the wheel brings its model."""

    def __init__(
        self, utterances: Mapping[str, int], pronunciations: Pronunciations, model: str = ""
    ) -> None:
        """`model` is a language model in ARPA format, in place of that of the utterances."""
        hearable = pronounceable(utterances, pronunciations)
        arpa = model or to_arpa(hearable)
        said = pronounce(words_in(arpa), pronunciations)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.arpa"
            path.write_text(arpa, encoding="utf-8")
            dictionary = Path(folder) / "words.dict"
            dictionary.write_text("".join(entries(said)), encoding="utf-8")
            self._decoder = pocketsphinx.Decoder(
                lm=str(path), dict=str(dictionary), cmn="batch", loglevel="FATAL", **_BEAMS
            )
        self._usual = self._decoder.current_search()
        self._model = self._decoder.get_lm(self._usual)
        short = {line: n for line, n in hearable.items() if line.count(" ") < _SHORT_WORDS}
        self._knows_short = bool(short)
        if short:
            self._decoder.add_jsgf_string(_SHORT, _grammar(short))

    def hear(self, sound: Sound) -> Heard:
        """What the sound says, in words of the skill; silence and noise say nothing."""
        samples = np.frombuffer(sound.pcm, "<i2").astype(np.float32)
        if is_quiet(samples):
            return Heard((), sound.seconds)
        cleaned = without_noise(samples)
        # A fixed seed: the same sound is heard the same way every time.
        noise = np.random.default_rng(0).normal(0.0, _DITHER, len(cleaned))
        pcm = np.clip(cleaned + noise, -32_768, 32_767).astype("<i2").tobytes()
        hearings = self._decode(self._usual, pcm)
        if self._knows_short and _spoken_seconds(cleaned) < _SHORT_SECONDS:
            hearings = [*self._decode(_SHORT, pcm)[:1], *hearings]
        fluency = self._fluency(hearings[0]) if hearings else None
        return Heard(tuple(dict.fromkeys(hearings)), sound.seconds, fluency)

    def _decode(self, search: str, pcm: bytes) -> list[str]:
        # Else a sound is heard by what is left of the one before, most of all a short one.
        self._decoder.reinit_feat()
        self._decoder.activate_search(search)
        self._decoder.start_utt()
        # Whole, so that the cepstral mean is this sound's own and no earlier one's.
        self._decoder.process_raw(pcm, full_utt=True)
        self._decoder.end_utt()
        found = [self._decoder.hyp()]
        found += [other for _, other in zip(range(_HYPOTHESES), self._nbest(), strict=False)]
        texts = (" ".join(hypothesis.hypstr.split()) for hypothesis in found if hypothesis)
        return list(filter(None, texts))

    def _fluency(self, hearing: str) -> float:
        """How likely the language model holds what the sound may have forced upon it."""
        words = ["<s>", *hearing.split(), "</s>"]
        logs = [
            # The word first, then what is before it, nearest first.
            self._model.prob(words[max(0, at - 2) : at + 1][::-1])
            for at in range(1, len(words))
        ]
        return float(self._decoder.get_logmath().log_to_log10(sum(logs)) / len(logs))

    def _nbest(self) -> Iterable[pocketsphinx.Hypothesis]:
        return self._decoder.nbest() or ()


def is_quiet(samples: Samples) -> bool:
    """Whether nobody can be speaking there."""
    return float(np.sqrt(np.mean(samples**2))) < _QUIET


def pronounceable(utterances: Mapping[str, int], pronunciations: Pronunciations) -> dict[str, int]:
    """The utterances of which every word can be heard."""
    words = {word for line in utterances for word in line.split()}
    lost = words - set(pronounce(words, pronunciations))
    return {line: times for line, times in utterances.items() if not lost & set(line.split())}


def _grammar(utterances: Mapping[str, int]) -> str:
    """Any one of the utterances, each as likely as it is often."""
    said = " | ".join(f"/{times}/ {line}" for line, times in sorted(utterances.items()))
    return f"#JSGF V1.0;\ngrammar {_SHORT};\npublic <said> = {said};\n"


def _spoken_seconds(samples: Samples) -> float:
    """From the first loud hundredth of a second to the last."""
    frame = RATE // 100
    frames = samples[: len(samples) // frame * frame].reshape(-1, frame)
    loudness = np.sqrt((frames**2).mean(axis=1))
    loud = np.flatnonzero(loudness > max(_QUIET, 0.08 * loudness.max(initial=0)))
    return (int(loud[-1]) - int(loud[0]) + 1) / 100 if len(loud) else 0.0
