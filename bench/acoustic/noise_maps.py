"""How noise moves the means of an acoustic model.

One linear map for all phones and one for silence, by least squares from speech in quiet to the same
speech in noise.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bench.acoustic.cepstra import Cepstra
from bench.acoustic.gaussians import PHONES, SHAPE, Gaussians

States = NDArray[np.int32]  # the phone of each frame
NoiseMaps = NDArray[np.float32]  # of phones and of silence, (2, streams, cepstra + 1, cepstra)
SILENT = tuple(PHONES.index(name) for name in ("+NSN+", "+SPN+", "SIL"))
_RIDGE = 1e-3


def noise_maps(quiet: Cepstra, noisy: Cepstra, spoken: States) -> NoiseMaps:
    """Fit the maps from frames in quiet to the same frames in noise."""
    silent = np.isin(spoken, SILENT)
    return np.stack([_maps(quiet[~silent], noisy[~silent]), _maps(quiet[silent], noisy[silent])])


def _maps(quiet: Cepstra, noisy: Cepstra) -> NDArray[np.float32]:
    found = []
    for before, after in zip(*(np.split(f, SHAPE[1], axis=1) for f in (quiet, noisy)), strict=True):
        known = np.column_stack([before, np.ones(len(before))]).astype(np.float64)
        ridge = np.diag([_RIDGE * len(known)] * SHAPE[3] + [0.0])
        found.append(np.linalg.solve(known.T @ known + ridge, known.T @ after))
    return np.stack(found).astype(np.float32)


def in_noise(means: Gaussians, maps: NoiseMaps) -> Gaussians:
    """Return the means as noise moves them."""
    moved = np.empty_like(means)
    for phone in range(len(means)):
        of_phone = maps[int(phone in SILENT)]
        moved[phone] = means[phone] @ of_phone[:, :-1] + of_phone[:, None, -1]
    return moved
