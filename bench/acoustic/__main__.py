"""Adapts PocketSphinx's model to eSpeak's voices and to noise: make voices

The expected utterances are spoken by fifty voices that the audition does not use, clean and in
noise; PocketSphinx aligns the clean speech with its phones, and the means of its model move towards
what was heard of each. On two cores it takes four minutes.
"""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click
import numpy as np
import pocketsphinx
from numpy.typing import NDArray

from skill.errors import AskableError
from skill.memory import NoMemory
from skill.settings import find_settings
from skill.simulator.runtime import Runtime
from skill.simulator.language_model_file import expected_of
from skill.speech.audio import RATE
from skill.speech.recognition.acoustic_models import FILE, save_models
from skill.speech.recognition.adaptation import Spoken, noise_maps, to_voice
from skill.speech.recognition.cepstra import Cepstra, cepstra
from skill.speech.recognition.denoise import Samples
from skill.speech.recognition.gaussians import PHONES
from skill.speech.recognition.lexicon import Pronunciations, entries, pronounce
from skill.speech.recognition.sphinx import cleaned, decode, pronounceable
from skill.tools.audition.conditions import CONDITIONS, through
from skill.tools.audition.voices import VoicesByName

ACCENTS = ("en-us", "en-gb", "en-gb-x-rp", "en-029", "en-gb-x-gbclan")
SPEAKERS = ("m1", "m2", "m3", "m4", "m5", "m7", "f1", "f2", "f4", "f5")
_NOISES = {"clean": 4, "20 dB": 3, "10 dB": 2, "slow": 1, "fast": 1}  # how often, of eleven
_SOUNDS = 3000
_PAUSE = np.zeros(RATE // 5, np.float32)
_TOGETHER = 25  # sounds that share a decoder
_NOISY = "10 dB"  # the noise that people's speech is mapped to


@dataclass(frozen=True)
class Aligned:
    """Frames of some sentences."""

    heard: Cepstra
    quiet: Cepstra  # the same without noise
    spoken: Spoken
    noisy: NDArray[np.bool_]  # whether `heard` is in the noise to map to


@dataclass(frozen=True)
class Sentence:
    """What is spoken, how, and in what noise."""

    text: str
    voice: str
    condition: str
    seed: int


def sentences(texts: Sequence[str], count: int) -> list[Sentence]:
    """As many as wanted, drawn at random, the same each time."""
    source = random.Random(0)
    voices = [f"{accent}+{runtime}" for accent in ACCENTS for runtime in SPEAKERS]
    noises = random.Random(0).choices(tuple(_NOISES), tuple(_NOISES.values()), k=count)
    return [
        Sentence(source.choice(texts), source.choice(voices), noise, seed)
        for seed, noise in enumerate(noises)
    ]


def aligned(wanted: Sequence[Sentence], said: Pronunciations) -> Aligned:
    """Some sentences' frames, as the ears get them, and what is spoken in each."""
    conditions = {condition.name: condition for condition in CONDITIONS}
    voices = VoicesByName()
    nothing = np.zeros((0, 39), np.float32)
    found = [(nothing, nothing, np.zeros((0, 2), np.int32), np.zeros(0, np.bool_))]
    with tempfile.TemporaryDirectory() as folder:
        dictionary = Path(folder) / "words.dict"
        dictionary.write_text("".join(entries(said)), encoding="utf-8")
        decoder = pocketsphinx.Decoder(
            lm=None, dict=str(dictionary), cmn="batch", bestpath=False, loglevel="FATAL"
        )
        for sentence in wanted:
            condition = conditions[sentence.condition]
            speech = voices.speak(sentence.text, sentence.voice, condition.words_a_minute)
            clean = np.concatenate([_PAUSE, speech, _PAUSE])
            spoken = _align(decoder, sentence.text, _as_heard(clean))
            if spoken is None:
                continue
            quiet = cepstra(_as_heard(clean))
            heard = cepstra(_as_heard(through(condition, clean, sentence.seed)))
            length = min(len(spoken), len(heard))
            noisy = np.full(length, condition.name == _NOISY)
            found.append((heard[:length], quiet[:length], spoken[:length], noisy))
    return _joined(found)


def _joined(parts: Iterable[tuple[Cepstra, Cepstra, Spoken, NDArray[np.bool_]]]) -> Aligned:
    heard, quiet, spoken, noisy = zip(*parts, strict=True)
    frames = np.concatenate(heard), np.concatenate(quiet)
    return Aligned(*frames, np.concatenate(spoken), np.concatenate(noisy))


def _as_heard(speech: Samples) -> Samples:
    return cleaned((np.clip(speech, -1, 1) * 32_767).astype(np.float32))


def _align(decoder: pocketsphinx.Decoder, text: str, speech: Samples) -> Spoken | None:
    """What is spoken in each frame; none where the words cannot be found in the sound."""
    try:
        decoder.set_align_text(text)
        decode(decoder, speech)
        decoder.set_alignment()
        decode(decoder, speech)
    except RuntimeError:
        return None
    rows = [
        np.tile(
            np.array([PHONES.index(phone.name), int(state.name)], np.int32), (state.duration, 1)
        )
        for word in decoder.get_alignment()
        for phone in word
        for state in phone
    ]
    return np.concatenate(rows)


def gather(wanted: Sequence[Sentence], said: Pronunciations) -> Iterator[Aligned]:
    """Speak and align them, on all cores."""
    groups = [wanted[start : start + _TOGETHER] for start in range(0, len(wanted), _TOGETHER)]
    with ProcessPoolExecutor(os.cpu_count()) as workers:
        yield from workers.map(partial(aligned, said=said), groups)


@click.command(help=__doc__)
@click.option(
    "--sounds",
    default=_SOUNDS,
    show_default=True,
    type=click.IntRange(min=25),
    help="How many sentences to speak.",
)
@click.option("--to", default=FILE, show_default=True, type=click.Path(path_type=Path))
def main(chunks: int, to: Path) -> None:
    """Speak, align, adapt, save."""
    runtime = Runtime(find_settings(None, None, None, None, None), NoMemory())
    given = runtime.article.pronunciations
    texts = sorted(pronounceable(expected_of(runtime), given))
    wanted = sentences(texts, chunks)
    said = pronounce({word for each in wanted for word in each.text.split()}, given)
    steps = -(-len(wanted) // _TOGETHER)
    with click.progressbar(gather(wanted, said), steps, "Speaking and aligning") as groups:
        try:
            found = _joined((each.heard, each.quiet, each.spoken, each.noisy) for each in groups)
        except AskableError as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"Adapting to {len(found.heard):,} frames ...")
    noisy = found.noisy
    maps = noise_maps(found.quiet[noisy], found.heard[noisy], found.spoken[noisy])
    try:
        save_models(to, to_voice(found.heard, found.spoken), maps)
    except OSError as error:
        raise click.ClickException(f"--to {to}: cannot be written: {error}") from error
    click.echo(f"Wrote {to}.")


if __name__ == "__main__":
    main()
