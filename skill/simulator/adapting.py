"""Adapts PocketSphinx's means to eSpeak's voices: python -m skill.simulator.adapting

The expected utterances are spoken by fifty voices that the audition does not use, clean and in
noise; PocketSphinx aligns the clean speech with its phones, and each phone's means move towards
what was heard of it, by maximum a posteriori estimation (Gauvain and Lee, 1994). Variances, mixture
weights and all else stay. On two cores it takes some minutes.
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
from skill.simulator.acoustics import CONDITIONS, through
from skill.simulator.assemble import Speaker
from skill.simulator.audition_voices import VoicesByName
from skill.simulator.cepstra import Cepstra, cepstra
from skill.simulator.ears import cleaned, pronounceable
from skill.simulator.gaussians import PHONES, Gaussians, mixture_weights, stock
from skill.simulator.pronouncing import Pronunciations, entries, pronounce
from skill.simulator.sound import RATE
from skill.simulator.steering import expected_of
from skill.simulator.synthetic_voice import MEANS

ACCENTS = ("en-us", "en-gb", "en-gb-x-rp", "en-029", "en-gb-x-gbclan")
SPEAKERS = ("m1", "m2", "m3", "m4", "m5", "m7", "f1", "f2", "f4", "f5")
_NOISES = {"clean": 4, "20 dB": 3, "10 dB": 2, "slow": 1, "fast": 1}  # how often, of eleven
_SOUNDS = 3000
_PRIOR = 10.0  # frames that the old mean of a Gaussian counts as
_ROUNDS = 3
_PAUSE = np.zeros(RATE // 5, np.float32)
_TOGETHER = 25  # sounds that share a decoder
_BLOCK = 4000  # frames whose distances are held in memory together

Spoken = NDArray[np.int32]  # the phone and the senone of each frame, (frames, 2)
Aligned = tuple[Cepstra, Spoken]


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
    voices = [f"{accent}+{speaker}" for accent in ACCENTS for speaker in SPEAKERS]
    noises = random.Random(0).choices(tuple(_NOISES), tuple(_NOISES.values()), k=count)
    return [
        Sentence(source.choice(texts), source.choice(voices), noise, seed)
        for seed, noise in enumerate(noises)
    ]


def aligned(spoken: Sequence[Sentence], said: Pronunciations) -> Aligned:
    """The frames of some sentences, as the ears get them, and what is spoken in each."""
    conditions = {condition.name: condition for condition in CONDITIONS}
    voices = VoicesByName()
    frames: list[Cepstra] = [np.zeros((0, 39), np.float32)]
    spoken_there: list[Spoken] = [np.zeros((0, 2), np.int32)]
    with tempfile.TemporaryDirectory() as folder:
        dictionary = Path(folder) / "words.dict"
        dictionary.write_text("".join(entries(said)), encoding="utf-8")
        decoder = pocketsphinx.Decoder(
            lm=None, dict=str(dictionary), cmn="batch", bestpath=False, loglevel="FATAL"
        )
        for sentence in spoken:
            condition = conditions[sentence.condition]
            speech = voices.speak(sentence.text, sentence.voice, condition.words_a_minute)
            clean = np.concatenate([_PAUSE, speech, _PAUSE])
            found = _align(decoder, sentence.text, clean)
            if found is None:
                continue
            heard = cepstra(_as_heard(through(condition, clean, sentence.seed)))
            length = min(len(found), len(heard))
            frames.append(heard[:length])
            spoken_there.append(found[:length])
    return np.concatenate(frames), np.concatenate(spoken_there)


def _as_heard(speech: NDArray[np.float32]) -> NDArray[np.float32]:
    return cleaned((np.clip(speech, -1, 1) * 32_767).astype(np.float32))


def _align(decoder: pocketsphinx.Decoder, text: str, speech: NDArray[np.float32]) -> Spoken | None:
    """What is spoken in each frame; none where the words cannot be found in the sound."""
    pcm = _as_heard(speech).astype("<i2").tobytes()
    try:
        decoder.set_align_text(text)
        _listen(decoder, pcm)
        decoder.set_alignment()
        _listen(decoder, pcm)
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


def _listen(decoder: pocketsphinx.Decoder, pcm: bytes) -> None:
    decoder.reinit_feat()
    decoder.start_utt()
    decoder.process_raw(pcm, full_utt=True)
    decoder.end_utt()


def adapt(frames: Cepstra, spoken: Spoken) -> Gaussians:
    """The stock means, moved towards frames in which this is spoken."""
    old, variances = stock()
    weights = mixture_weights()
    means = old.copy()
    for _ in range(_ROUNDS):
        for phone in np.unique(spoken[:, 0]):
            here = spoken[:, 0] == phone
            senones = spoken[here, 1]
            for stream, part in enumerate(np.split(frames[here], means.shape[1], axis=1)):
                counts, sums = _responsible(
                    part, means[phone, stream], variances[phone, stream], weights[stream].T, senones
                )
                means[phone, stream] = (_PRIOR * old[phone, stream] + sums) / (_PRIOR + counts)
    return means


def _responsible(
    frames: Cepstra,
    means: Gaussians,
    variances: Gaussians,
    weights: NDArray[np.float32],
    senones: NDArray[np.int32],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """For each Gaussian how many frames are its own, (Gaussians, 1), and their sum."""
    counts, sums = np.zeros((len(means), 1)), np.zeros(means.shape)
    widths = np.log(variances).sum(axis=1)
    for start in range(0, len(frames), _BLOCK):
        block = frames[start : start + _BLOCK]
        far = ((block[:, None] - means) ** 2 / variances).sum(axis=2) + widths
        likely = weights[senones[start : start + _BLOCK]] - 0.5 * far
        share = np.exp(likely - likely.max(axis=1, keepdims=True))
        share /= share.sum(axis=1, keepdims=True)
        counts += share.sum(axis=0)[:, None]
        sums += share.T @ block
    return counts, sums


def gather(wanted: Sequence[Sentence], said: Pronunciations) -> Iterator[Aligned]:
    """Speak and align them, on all cores."""
    groups = [wanted[start : start + _TOGETHER] for start in range(0, len(wanted), _TOGETHER)]
    with ProcessPoolExecutor(os.cpu_count()) as workers:
        yield from workers.map(partial(aligned, said=said), groups)


def save(path: Path, means: Gaussians) -> None:
    """Half precision is finer than the means are known."""
    np.savez_compressed(path, means=means.astype(np.float16))


@click.command(help=__doc__)
@click.option(
    "--sounds",
    default=_SOUNDS,
    show_default=True,
    type=click.IntRange(min=1),
    help="How many sentences to speak.",
)
@click.option("--to", default=MEANS, show_default=True, type=click.Path(path_type=Path))
def main(sounds: int, to: Path) -> None:
    """Speak, align, adapt, save."""
    speaker = Speaker(find_settings(None, None, None, None, None), NoMemory())
    given = speaker.article.pronunciations
    texts = sorted(pronounceable(expected_of(speaker), given))
    wanted = sentences(texts, sounds)
    said = pronounce({word for each in wanted for word in each.text.split()}, given)
    steps = -(-len(wanted) // _TOGETHER)
    with click.progressbar(gather(wanted, said), steps, "Speaking and aligning") as groups:
        try:
            found: Iterable[Aligned] = list(groups)
        except AskableError as error:
            raise click.ClickException(str(error)) from error
    frames, spoken = (np.concatenate(part) for part in zip(*found, strict=True))
    click.echo(f"Adapting to {len(frames):,} frames ...")
    save(to, adapt(frames, spoken))
    click.echo(f"Wrote {to}.")


if __name__ == "__main__":
    main()
