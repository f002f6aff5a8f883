"""Speech to text by PocketSphinx, with a language model of what the skill may be asked."""

from __future__ import annotations

import gzip
import tempfile
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pocketsphinx

from skill.speech.audio import Audio
from skill.speech.recognition.denoise import DENOISING, Denoising, Samples, without_noise
from skill.speech.recognition.language_model import words_in
from skill.speech.recognition.lexicon import Pronunciations, dictionary_lines, pronounce
from skill.speech.recognition.recognizer import Recognition, is_quiet

# The means of PocketSphinx's English model as noise moves them, in its own format, gzipped.
# `python -m bench.acoustic` makes the file.
NOISE_MEANS = Path(__file__).with_name("noise_means.gz")
_LEVEL_FRAME = 480  # samples, 30 ms
_HYPOTHESES = 20


@dataclass(frozen=True)
class Search:
    """PocketSphinx's parameters; `python -m bench.recognition search` tunes them again.

    The default beams lose short words, and the last words in noise. The language model weighs more
    than usual because it holds these questions only; that saves some of the time that wider beams
    take.
    """

    beam: float = 1e-80
    wbeam: float = 1e-60
    pbeam: float = 1e-80
    lpbeam: float = 1e-60
    lponlybeam: float = 1e-40
    lw: float = 10.0
    fwdflatlw: float = 12.0
    bestpathlw: float = 13.0


SEARCH = Search()


class SphinxRecognizer:
    """Recognizes what the skill may be asked, offline."""

    def __init__(
        self,
        arpa: str,
        pronunciations: Pronunciations,
        search: Search = SEARCH,
        denoising: Denoising = DENOISING,
    ) -> None:
        """Prepare a decoder.

        Args:
            arpa: The language model; see `to_arpa`.
            pronunciations: The content's own entries of the lexicon.
            search: PocketSphinx's parameters.
            denoising: How noise is removed.
        """
        self._arpa = arpa
        self._search = asdict(search)
        self._denoising = denoising
        self._dictionary = "".join(dictionary_lines(pronounce(words_in(arpa), pronunciations)))
        self._decoder = self._open(noisy=False)

    def recognize(self, audio: Audio) -> Recognition:
        """Return what the sound says, in words of the skill; silence and noise say nothing."""
        samples = np.frombuffer(audio.pcm, "<i2").astype(np.float32)
        if is_quiet(samples):
            return Recognition(())
        noisy = is_noisy(samples, self._denoising)
        decoder = self._decoder_for_noise if noisy else self._decoder
        decode(decoder, cleaned(samples, self._denoising))
        others = zip(range(_HYPOTHESES), decoder.nbest() or (), strict=False)
        found = [decoder.hyp(), *(other for _, other in others)]
        texts = (" ".join(hypothesis.hypstr.split()) for hypothesis in found if hypothesis)
        return Recognition(tuple(dict.fromkeys(filter(None, texts))), noisy)

    @cached_property
    def _decoder_for_noise(self) -> pocketsphinx.Decoder:
        return self._open(noisy=True)

    def _open(self, *, noisy: bool) -> pocketsphinx.Decoder:
        with tempfile.TemporaryDirectory() as folder:
            path, words, model = (Path(folder) / name for name in ("lm.arpa", "words.dict", "hmm"))
            path.write_text(self._arpa, encoding="utf-8")
            words.write_text(self._dictionary, encoding="utf-8")
            write_acoustic_model(model, noisy=noisy)
            return pocketsphinx.Decoder(
                hmm=str(model),
                lm=str(path),
                dict=str(words),
                cmn="batch",
                loglevel="FATAL",
                **self._search,
            )


def write_acoustic_model(folder: Path, *, noisy: bool) -> None:
    """Write PocketSphinx's acoustic model to a new folder, with other means for noise.

    PocketSphinx's own noise removal is off, because `cleaned` removes noise. Of 420 development
    questions (Piper, en-us, en-gb; clean and at 20 dB), 318 were answered right and 15 wrongly;
    with both removals 301 and 19.
    """
    folder.mkdir()
    stock = Path(pocketsphinx.get_model_path("en-us")) / "en-us"
    for file in stock.iterdir():
        if file.name == "feat.params":
            parameters = file.read_text(encoding="utf-8")
            without = parameters.replace("-remove_noise yes", "-remove_noise no")
            (folder / file.name).write_text(without, encoding="utf-8")
        elif file.name == "means" and noisy:
            (folder / file.name).write_bytes(gzip.decompress(NOISE_MEANS.read_bytes()))
        else:
            (folder / file.name).symlink_to(file)


def is_noisy(samples: Samples, denoising: Denoising = DENOISING) -> bool:
    """Return whether 16-bit samples need the model for noise."""
    return estimated_snr(samples) < denoising.noisy


def estimated_snr(samples: Samples) -> float:
    """Return the decibels by which a sound's loud frames are above its quiet ones."""
    count = len(samples) // _LEVEL_FRAME
    if not count:
        return np.inf
    frames = samples[: count * _LEVEL_FRAME].reshape(count, _LEVEL_FRAME)
    quiet, loud = np.percentile((frames.astype(np.float64) ** 2).mean(axis=1), (10, 90))
    return float(10 * np.log10((loud + 1) / (quiet + 1)))


def decode(decoder: pocketsphinx.Decoder, samples: Samples) -> None:
    """Run a decoder over a whole sound of 16-bit samples; the decoder keeps the result."""
    # Otherwise the state of the sound before changes the result, most of all for a short one.
    decoder.reinit_feat()
    decoder.start_utt()
    # In one piece, so that the cepstral mean is that of this sound.
    decoder.process_raw(samples.astype("<i2").tobytes(), full_utt=True)
    decoder.end_utt()


def cleaned(samples: Samples, denoising: Denoising = DENOISING) -> Samples:
    """Return 16-bit samples as PocketSphinx gets them: without steady noise, and dithered."""
    quiet = without_noise(samples, denoising)
    # A fixed seed: the same sound is recognized the same way every time.
    noise = np.random.default_rng(0).normal(0.0, denoising.dither, len(quiet))
    return np.clip(quiet + noise, -32_768, 32_767).astype(np.float32)
