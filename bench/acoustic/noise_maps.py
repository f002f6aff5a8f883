"""Moves the means of PocketSphinx's model to other voices, and to noise. Pure, but for the model.

To a voice: each Gaussian's mean towards the frames that are its own, by maximum a posteriori
estimation (Gauvain and Lee, 1994). To noise: the same linear map for all phones, and one for
silence, by least squares from speech in quiet to the same speech in noise; it does not depend on
who speaks, so it is learned from eSpeak and applied to people.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from skill.speech.recognition.cepstra import Cepstra
from skill.speech.recognition.gaussians import PHONES, SHAPE, Gaussians, mixture_weights, stock

Spoken = NDArray[np.int32]  # the phone and the senone of each frame, (frames, 2)
NoiseMaps = NDArray[np.float32]  # of phones and of silence, (2, streams, cepstra + 1, cepstra)
_PRIOR = 10.0  # frames that the old mean of a Gaussian counts as
_ROUNDS = 3
_BLOCK = 4000  # frames whose distances are held in memory together
_RIDGE = 1e-3
SILENT = tuple(PHONES.index(name) for name in ("+NSN+", "+SPN+", "SIL"))


def to_voice(frames: Cepstra, spoken: Spoken) -> Gaussians:
    """The stock means, moved towards frames in which this is spoken."""
    old, variances = stock()
    weights = mixture_weights()
    means = old.copy()
    for _ in range(_ROUNDS):
        for phone in np.unique(spoken[:, 0]):
            here = spoken[:, 0] == phone
            senones = spoken[here, 1]
            for stream, part in enumerate(np.split(frames[here], SHAPE[1], axis=1)):
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


def noise_maps(quiet: Cepstra, noisy: Cepstra, spoken: Spoken) -> NoiseMaps:
    """From frames in quiet to the same frames in noise."""
    silent = np.isin(spoken[:, 0], SILENT)
    return np.stack([_maps(quiet[~silent], noisy[~silent]), _maps(quiet[silent], noisy[silent])])


def _maps(quiet: Cepstra, noisy: Cepstra) -> NDArray[np.float32]:
    found = []
    for before, after in zip(*(np.split(f, SHAPE[1], axis=1) for f in (quiet, noisy)), strict=True):
        known = np.column_stack([before, np.ones(len(before))]).astype(np.float64)
        ridge = np.diag([_RIDGE * len(known)] * SHAPE[3] + [0.0])
        found.append(np.linalg.solve(known.T @ known + ridge, known.T @ after))
    return np.stack(found).astype(np.float32)


def in_noise(means: Gaussians, maps: NoiseMaps) -> Gaussians:
    """The means as noise moves them; raises ValueError where the maps have another shape."""
    if maps.shape != (2, SHAPE[1], SHAPE[3] + 1, SHAPE[3]):
        raise ValueError("it has other maps than it should")
    moved = np.empty_like(means)
    for phone in range(len(means)):
        of_phone = maps[int(phone in SILENT)]
        moved[phone] = means[phone] @ of_phone[:, :-1] + of_phone[:, None, -1]
    return moved
