"""What phones sound like to the ears: said by people, by people in noise, and by eSpeak.

PocketSphinx's model learned from people in quiet rooms. `adapting.py` makes two more of its means:
moved as noise, and the filter that takes it out, move cepstra; and adapted to eSpeak, which makes
speech of formants, as no person does. Variances, mixture weights and all else are shared.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import numpy as np

from skill.errors import EngineError
from skill.speech.recognition.adaptation import NoiseMaps, in_noise
from skill.speech.recognition.cepstra import cepstra
from skill.speech.recognition.denoise import Samples
from skill.speech.recognition.gaussians import SHAPE, STOCK, Gaussians, Likelihood, stock, write

FILE = Path(__file__).with_name("acoustic_models.npz")
_FRAMES = 60  # loud ones, evenly spread: enough to tell a voice, and few to count
# A word alone is mostly silence, a sentence mostly speech: which frames are speech is told by how
# loud they are, from the quietest (0) to the loudest (1), but for outliers, in percent.
_SPEECH, _OUTLIERS = 0.3, (5, 98)
# docs/speech.md tells how far apart the voices and the noises are.
_QUIET = 30.0  # dB of loud frames over quiet ones, from which no noise is heard
_NOISY = 13.5  # dB below which the noise model hears better
# Log likelihood a frame by which eSpeak's model fits its voices better: in quiet, in noise, and
# where it is noisy. In noise people, too, are unlike those whom their model was made of.
_ESPEAK, _ESPEAK_IN_NOISE, _ESPEAK_WHERE_NOISY = 2.7, 5.3, 5.7
_LEVEL_FRAME = 480  # samples, 30 ms


class Voice(StrEnum):
    """Whose speech it is."""

    PEOPLE = "people"
    IN_NOISE = "people in noise"
    ESPEAK = "eSpeak"


class AcousticModels:
    """The means of each voice."""

    def __init__(self, means: Mapping[Voice, Gaussians]) -> None:
        _, variances = stock()
        self._means = means
        self._people = Likelihood(means[Voice.PEOPLE], variances)
        self._espeak = Likelihood(means[Voice.ESPEAK], variances)

    def voice_of(self, samples: Samples, cleaned: Samples) -> Voice:
        """Whose a sound (mono, 16 kHz, of 32,767) is; `cleaned` is the same without noise."""
        level, fit = over_noise(samples), self.fit(cleaned)
        if level < _NOISY:
            return Voice.ESPEAK if fit > _ESPEAK_WHERE_NOISY else Voice.IN_NOISE
        bar = _ESPEAK_IN_NOISE if level < _QUIET else _ESPEAK
        return Voice.ESPEAK if fit > bar else Voice.PEOPLE

    def fit(self, cleaned: Samples) -> float:
        """How much better a sound fits eSpeak's voices than people's.

        In log likelihood a frame; 0 for a sound shorter than a frame.
        """
        frames = cepstra(cleaned)
        if not len(frames):
            return 0.0
        least, most = np.percentile(frames[:, 0], _OUTLIERS)
        loud = frames[frames[:, 0] >= least + _SPEECH * (most - least)]
        some = loud[:: -(-len(loud) // _FRAMES)]
        return float(np.mean(self._espeak.of(some) - self._people.of(some)))

    def write(self, voice: Voice, folder: Path) -> None:
        """A model for PocketSphinx, without its noise removal: `denoise.py` has done that."""
        for file in STOCK.iterdir():
            (folder / file.name).symlink_to(file)
        (folder / "means").unlink()
        write(folder / "means", self._means[voice])
        (folder / "feat.params").unlink()
        told = (STOCK / "feat.params").read_text(encoding="utf-8")
        (folder / "feat.params").write_text(told.replace("-remove_noise yes", "-remove_noise no"))


def over_noise(samples: Samples) -> float:
    """Decibels by which a sound's loud frames are above its quiet ones."""
    count = len(samples) // _LEVEL_FRAME
    frames = samples[: count * _LEVEL_FRAME].reshape(count, _LEVEL_FRAME)
    if not count:
        return np.inf
    quiet, loud = np.percentile((frames.astype(np.float64) ** 2).mean(axis=1), (10, 90))
    return float(10 * np.log10((loud + 1) / (quiet + 1)))


@lru_cache(maxsize=1)
def acoustic_models() -> AcousticModels:
    """Those that come with the skill; raises EngineError where they are damaged."""
    return read_models(FILE)


def save_models(path: Path, espeak: Gaussians, noise: NoiseMaps) -> None:
    """Half precision is finer than the means are known."""
    np.savez_compressed(path, espeak=espeak.astype(np.float16), noise=noise.astype(np.float32))


def read_models(path: Path) -> AcousticModels:
    """What `save_models` wrote; raises EngineError."""
    people, _ = stock()
    try:
        with np.load(path) as file:
            espeak, noise = (np.asarray(file[name], np.float32) for name in ("espeak", "noise"))
        quiet = in_noise(people, noise)
        if espeak.shape != SHAPE or not (np.isfinite(espeak).all() and np.isfinite(quiet).all()):
            raise ValueError("it has other numbers than it should")
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise EngineError(
            f"{path}: the acoustic models cannot be read: {error}; make them again: make voices"
        ) from error
    return AcousticModels({Voice.PEOPLE: people, Voice.IN_NOISE: quiet, Voice.ESPEAK: espeak})
