"""Speech -> text by PocketSphinx, steered to what the skill may be asked."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import pocketsphinx

from skill.speech.audio import Audio
from skill.speech.recognition.acoustic_models import Voice, acoustic_models
from skill.speech.recognition.denoise import Samples, without_noise
from skill.speech.recognition.language_model import to_arpa, words_in
from skill.speech.recognition.lexicon import Pronunciations, entries, pronounce

_DITHER = 60  # standard deviation, of 32,767: clean synthetic speech is too clean for the model
_QUIET = 120.0  # root mean square, of 32,767: below it nobody speaks
_HYPOTHESES = 20
# PocketSphinx's own beams lose short words, and in noise the last of any. The language model weighs
# more than usual, since it is of these questions and no others, which makes up for some of the
# time that wider ones take.
_SEARCH = {
    **{"beam": 1e-80, "wbeam": 1e-60, "pbeam": 1e-80, "lpbeam": 1e-60, "lponlybeam": 1e-40},
    **{"lw": 10.0, "fwdflatlw": 12.0, "bestpathlw": 13.0},
}


@dataclass(frozen=True)
class Recognition:
    """What was understood."""

    hypotheses: tuple[str, ...]  # best first, without repeats; none when nothing was understood
    seconds: float  # length of the sound
    voice: Voice | None = None  # whose speech it was taken for, by ears that tell
    secondary: tuple[str, ...] = ()  # what a second pair of ears heard, best first


class Recognizer(Protocol):
    """Anything that turns a sound into text."""

    def recognize(self, audio: Audio) -> Recognition:
        """What the sound says."""


class SphinxRecognizer:
    """Hears what the skill may be asked. Nothing is downloaded; the wheel brings its model."""

    def __init__(
        self, utterances: Mapping[str, int], pronunciations: Pronunciations, model: str = ""
    ) -> None:
        """`model` is a language model in ARPA format, in place of that of the utterances."""
        hearable = pronounceable(utterances, pronunciations)
        arpa = model or to_arpa(hearable)
        self._arpa = arpa
        self._dictionary = "".join(entries(pronounce(words_in(arpa), pronunciations)))
        self._models = acoustic_models()
        # The others when they are first needed: most who speak are people in a quiet room.
        self._decoders = {Voice.PEOPLE: self._open()}

    def recognize(self, audio: Audio) -> Recognition:
        """What the sound says, in words of the skill; silence and noise say nothing."""
        samples = np.frombuffer(audio.pcm, "<i2").astype(np.float32)
        if is_quiet(samples):
            return Recognition((), audio.seconds)
        clean = cleaned(samples)
        voice = self._models.voice_of(samples, clean)
        decoder = self._decoder_for(voice)
        decode(decoder, clean)
        others = zip(range(_HYPOTHESES), decoder.nbest() or (), strict=False)
        found = [decoder.hyp(), *(other for _, other in others)]
        texts = (" ".join(hypothesis.hypstr.split()) for hypothesis in found if hypothesis)
        return Recognition(tuple(dict.fromkeys(filter(None, texts))), audio.seconds, voice)

    def _decoder_for(self, voice: Voice) -> pocketsphinx.Decoder:
        if voice not in self._decoders:
            with tempfile.TemporaryDirectory() as folder:
                self._models.write(voice, Path(folder))
                self._decoders[voice] = self._open(hmm=folder)
        return self._decoders[voice]

    def _open(self, **model: str) -> pocketsphinx.Decoder:
        with tempfile.TemporaryDirectory() as folder:
            path, words = Path(folder) / "model.arpa", Path(folder) / "words.dict"
            path.write_text(self._arpa, encoding="utf-8")
            words.write_text(self._dictionary, encoding="utf-8")
            return pocketsphinx.Decoder(
                lm=str(path), dict=str(words), cmn="batch", loglevel="FATAL", **_SEARCH, **model
            )


def decode(decoder: pocketsphinx.Decoder, samples: Samples) -> None:
    """Have a whole sound (of 32,767) heard; the decoder keeps what it found."""
    # Else a sound is heard by what is left of the one before, most of all a short one.
    decoder.reinit_feat()
    decoder.start_utt()
    # Whole, so that the cepstral mean is this sound's own and no earlier one's.
    decoder.process_raw(samples.astype("<i2").tobytes(), full_utt=True)
    decoder.end_utt()


def cleaned(samples: Samples) -> Samples:
    """A sound (of 32,767) as PocketSphinx gets it: without steady noise, and dithered."""
    quiet = without_noise(samples)
    # A fixed seed: the same sound is heard the same way every time.
    noise = np.random.default_rng(0).normal(0.0, _DITHER, len(quiet))
    return np.clip(quiet + noise, -32_768, 32_767).astype(np.float32)


def is_quiet(samples: Samples) -> bool:
    """Whether nobody can be speaking there."""
    return float(np.sqrt(np.mean(samples**2))) < _QUIET


def pronounceable(utterances: Mapping[str, int], pronunciations: Pronunciations) -> dict[str, int]:
    """The utterances of which every word can be heard."""
    words = {word for line in utterances for word in line.split()}
    lost = words - set(pronounce(words, pronunciations))
    return {line: times for line, times in utterances.items() if not lost & set(line.split())}
