"""Tells eSpeak's voices from people's, and knows what its phones sound like.

eSpeak makes speech of formants, as no person does, and PocketSphinx's model, which learned from
people, mishears it. So the ears have the model's means once more, adapted to eSpeak
(`adapting.py`), for sounds that fit these better by far; every other sound is heard as it was.
"""

from __future__ import annotations

import zipfile
from functools import lru_cache
from pathlib import Path

import numpy as np

from skill.errors import EngineError
from skill.simulator.cepstra import cepstra
from skill.simulator.denoise import Samples
from skill.simulator.gaussians import SHAPE, STOCK, Gaussians, Likelihood, stock, write

MEANS = Path(__file__).with_name("espeak_means.npz")
_FRAMES = 60  # loud ones, evenly spread: enough to tell, and few to count
_QUIETEST = 30  # percent of frames, which hold silence and noise
_BETTER = 4.6  # log likelihood a frame; docs/speech.md tells how far apart the voices are


class SyntheticVoice:
    """The voices of eSpeak."""

    def __init__(self, means: Gaussians) -> None:
        people, variances = stock()
        self.means = means
        self._people = Likelihood(people, variances)
        self._synthetic = Likelihood(means, variances)

    def write_model(self, folder: Path) -> None:
        """PocketSphinx's model for these voices.

        The means were adapted to cepstra without its noise removal, which ours makes needless.
        """
        for file in STOCK.iterdir():
            (folder / file.name).symlink_to(file)
        (folder / "means").unlink()
        write(folder / "means", self.means)
        (folder / "feat.params").unlink()
        told = (STOCK / "feat.params").read_text(encoding="utf-8")
        (folder / "feat.params").write_text(told.replace("-remove_noise yes", "-remove_noise no"))

    def fit(self, samples: Samples) -> float:
        """How much better a sound (mono, 16 kHz, of 32,767) fits eSpeak's voices than people's.

        In log likelihood a frame; 0 for a sound shorter than a frame.
        """
        frames = cepstra(samples)
        if not len(frames):
            return 0.0
        loud = frames[frames[:, 0] >= np.percentile(frames[:, 0], _QUIETEST)]
        some = loud[:: -(-len(loud) // _FRAMES)]
        return float(np.mean(self._synthetic.of(some) - self._people.of(some)))

    def speaks(self, samples: Samples) -> bool:
        """Whether the sound is one of these voices."""
        return self.fit(samples) > _BETTER


@lru_cache(maxsize=1)
def synthetic_voice() -> SyntheticVoice:
    """The adapted means that come with the skill; raises EngineError where they are damaged."""
    return SyntheticVoice(read_means(MEANS))


def read_means(path: Path) -> Gaussians:
    """What `adapting.py` wrote; raises EngineError."""
    try:
        with np.load(path) as file:
            means = np.asarray(file["means"], np.float32)
        if means.shape != SHAPE or not np.isfinite(means).all():
            raise ValueError("it has other numbers than it should")
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise EngineError(
            f"{path}: the means of synthetic voices cannot be read: {error}; "
            "make them again with: make voices"
        ) from error
    return means
