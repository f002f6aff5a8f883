"""Makes noise_means.gz, the means of PocketSphinx's acoustic model as noise moves them.

.venv/bin/python -m bench.acoustic

Fifty voices of espeak-ng, which `askable audition` does not use, speak what the skill may be asked.
PocketSphinx aligns the speech with its phones. Linear maps from the features in quiet to those at
10 dB of white noise are fitted, and move the means. They do not depend on who speaks, so maps
learned from espeak-ng serve people.
"""

from __future__ import annotations

import gzip
import os
import random
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click
import numpy as np
import pocketsphinx

from bench.acoustic.cepstra import Cepstra, cepstra
from bench.acoustic.gaussians import PHONES, as_bytes, stock_means
from bench.acoustic.noise_maps import States, in_noise, noise_maps
from skill.memory import NoMemory
from skill.settings import find_settings
from skill.simulator import Runtime, expected_utterances
from skill.speech import RATE
from skill.speech.recognition import cleaned, decode, pronounce, pronounceable
from skill.speech.recognition.lexicon import Pronunciations, dictionary_lines
from skill.speech.recognition.sphinx import NOISE_MEANS
from skill.tools.audition.conditions import CONDITIONS, Samples, speak, through

ACCENTS = ("en-us", "en-gb", "en-gb-x-rp", "en-029", "en-gb-x-gbclan")
SPEAKERS = ("m1", "m2", "m3", "m4", "m5", "m7", "f1", "f2", "f4", "f5")
NOISY = next(condition for condition in CONDITIONS if condition.name == "10 dB")
_PAUSE = np.zeros(RATE // 5, np.float32)
_GROUP = 25  # sentences that share a decoder


@dataclass(frozen=True)
class Sentence:
    """What is spoken, in which voice, with which noise."""

    text: str
    voice: str
    seed: int


Frames = tuple[Cepstra, Cepstra, States]  # in quiet, in noise, and what is spoken


@click.command(help=__doc__)
@click.option("--sentences", default=550, show_default=True, help="How many to speak.")
@click.option("--to", default=NOISE_MEANS, show_default=True, type=click.Path(path_type=Path))
def main(sentences: int, to: Path) -> None:
    """Speak, align, fit and write."""
    runtime = Runtime(find_settings(), NoMemory())
    own = runtime.article.pronunciations
    texts = sorted(pronounceable(expected_utterances(runtime), own))
    source = random.Random(0)
    voices = [f"{accent}+{speaker}" for accent in ACCENTS for speaker in SPEAKERS]
    wanted = [
        Sentence(source.choice(texts), source.choice(voices), seed) for seed in range(sentences)
    ]
    pronunciations = pronounce({word for each in wanted for word in each.text.split()}, own)
    groups = -(-len(wanted) // _GROUP)
    with click.progressbar(_gather(wanted, pronunciations), groups, "Speaking and aligning") as bar:
        frames = [each for group in bar for each in group]
    quiet, noisy, spoken = (np.concatenate(parts) for parts in zip(*frames, strict=True))
    click.echo(f"Fitting {len(quiet):,} frames ...")
    means = in_noise(stock_means(), noise_maps(quiet, noisy, spoken))
    # Half precision is finer than the means are known, and halves the file.
    content = as_bytes(means.astype(np.float16).astype(np.float32))
    to.write_bytes(gzip.compress(content, mtime=0))
    click.echo(f"Wrote {to}.")


def _gather(wanted: Sequence[Sentence], pronunciations: Pronunciations) -> Iterator[list[Frames]]:
    """Yield the frames of groups of sentences, made on all cores."""
    groups = [wanted[start : start + _GROUP] for start in range(0, len(wanted), _GROUP)]
    with ProcessPoolExecutor(os.cpu_count()) as workers:
        yield from workers.map(partial(_frames, pronunciations=pronunciations), groups)


def _frames(wanted: Sequence[Sentence], pronunciations: Pronunciations) -> list[Frames]:
    found = []
    with tempfile.TemporaryDirectory() as folder:
        dictionary = Path(folder) / "words.dict"
        dictionary.write_text("".join(dictionary_lines(pronunciations)), encoding="utf-8")
        decoder = pocketsphinx.Decoder(
            lm=None, dict=str(dictionary), cmn="batch", bestpath=False, loglevel="FATAL"
        )
        for sentence in wanted:
            speech = speak(sentence.text, sentence.voice, NOISY.words_a_minute)
            clean = np.concatenate([_PAUSE, speech, _PAUSE])
            spoken = _align(decoder, sentence.text, _as_recognized(clean))
            if spoken is None:
                continue
            quiet = cepstra(_as_recognized(clean))
            noisy = cepstra(_as_recognized(through(NOISY, clean, sentence.seed)))
            length = min(len(spoken), len(noisy))
            found.append((quiet[:length], noisy[:length], spoken[:length]))
    return found


def _as_recognized(speech: Samples) -> Samples:
    return cleaned((np.clip(speech, -1, 1) * 32_767).astype(np.float32))


def _align(decoder: pocketsphinx.Decoder, text: str, speech: Samples) -> States | None:
    """Return what is spoken in each frame; None if the words are not found in the sound."""
    try:
        decoder.set_align_text(text)
        decode(decoder, speech)
        decoder.set_alignment()
        decode(decoder, speech)
    except RuntimeError:
        return None
    phones = [
        np.full(phone.duration, PHONES.index(phone.name), np.int32)
        for word in decoder.get_alignment()
        for phone in word
    ]
    return np.concatenate(phones)


if __name__ == "__main__":
    main()
