"""Adapts PocketSphinx's means to eSpeak's voices: python -m skill.simulator.adapting

The expected utterances are spoken by sixty voices that the audition does not use, clean and in
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

from skill.memory import NoMemory
from skill.settings import find_settings
from skill.simulator.acoustics import CONDITIONS, through
from skill.simulator.assemble import Speaker
from skill.simulator.audition_voices import VoicesByName
from skill.simulator.cepstra import Cepstra, cepstra
from skill.simulator.ears import cleaned, pronounceable
from skill.simulator.gaussians import PHONES, Gaussians, stock
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

Aligned = tuple[Cepstra, NDArray[np.int32]]  # frames, and the phone of each


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
    """The frames of some sentences, as the ears get them, and what phone is spoken in each."""
    conditions = {condition.name: condition for condition in CONDITIONS}
    voices = VoicesByName()
    frames: list[Cepstra] = [np.zeros((0, 39), np.float32)]
    phones: list[NDArray[np.int32]] = [np.zeros(0, np.int32)]
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
            phones.append(found[:length])
    return np.concatenate(frames), np.concatenate(phones)


def _as_heard(speech: NDArray[np.float32]) -> NDArray[np.float32]:
    return cleaned((np.clip(speech, -1, 1) * 32_767).astype(np.float32))


def _align(
    decoder: pocketsphinx.Decoder, text: str, speech: NDArray[np.float32]
) -> NDArray[np.int32] | None:
    """The phone of each frame; none where the words cannot be found in the sound."""
    pcm = _as_heard(speech).astype("<i2").tobytes()
    try:
        decoder.set_align_text(text)
        _listen(decoder, pcm)
        decoder.set_alignment()
        _listen(decoder, pcm)
    except RuntimeError:
        return None
    found = np.full(decoder.n_frames(), PHONES.index("SIL"), np.int32)
    for word in decoder.get_alignment():
        for phone in word:
            found[phone.start : phone.start + phone.duration] = PHONES.index(phone.name)
    return found


def _listen(decoder: pocketsphinx.Decoder, pcm: bytes) -> None:
    decoder.reinit_feat()
    decoder.start_utt()
    decoder.process_raw(pcm, full_utt=True)
    decoder.end_utt()


def adapt(frames: Cepstra, phones: NDArray[np.int32]) -> Gaussians:
    """The stock means, moved towards frames of these phones."""
    old, variances = stock()
    means = old.copy()
    for _ in range(_ROUNDS):
        for phone in np.unique(phones):
            of_phone = frames[phones == phone]
            for stream, part in enumerate(np.split(of_phone, means.shape[1], axis=1)):
                counts, sums = _responsible(part, means[phone, stream], variances[phone, stream])
                means[phone, stream] = (_PRIOR * old[phone, stream] + sums) / (_PRIOR + counts)
    return means


def _responsible(
    frames: Cepstra, means: Gaussians, variances: Gaussians
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """For each Gaussian how many frames are its own, (Gaussians, 1), and their sum."""
    counts, sums = np.zeros((len(means), 1)), np.zeros(means.shape)
    for start in range(0, len(frames), _BLOCK):
        block = frames[start : start + _BLOCK]
        far = ((block[:, None] - means) ** 2 / variances + np.log(variances)).sum(axis=2)
        share = np.exp(-0.5 * (far - far.min(axis=1, keepdims=True)))
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
@click.option("--sounds", default=_SOUNDS, show_default=True, help="How many sentences to speak.")
@click.option("--to", default=MEANS, show_default=True, type=click.Path(path_type=Path))
def main(sounds: int, to: Path) -> None:
    """Speak, align, adapt, save."""
    speaker = Speaker(find_settings(None, None, None, None, None), NoMemory())
    given = speaker.article.pronunciations
    texts = sorted(pronounceable(expected_of(speaker), given))
    wanted = sentences(texts, sounds)
    said = pronounce({word for each in wanted for word in each.text.split()}, given)
    label = "Speaking and aligning"
    with click.progressbar(gather(wanted, said), len(wanted) // _TOGETHER, label) as groups:
        found: Iterable[Aligned] = list(groups)
    frames, phones = (np.concatenate(part) for part in zip(*found, strict=True))
    click.echo(f"Adapting to {len(frames):,} frames ...")
    save(to, adapt(frames, phones))
    click.echo(f"Wrote {to}.")


if __name__ == "__main__":
    main()
