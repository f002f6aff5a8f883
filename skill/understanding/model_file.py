"""What the matcher learnt from one article's content: made at build, stored beside the models."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from skill.errors import StaleError
from skill.understanding.classifier import Network, pooled
from skill.understanding.features import fingerprint, side_by_side
from skill.understanding.name_correction import NameCorrector
from skill.understanding.word_vectors import Vectors

VERSION = 3  # of the file and of how it is learnt; another one is stale


@dataclass(frozen=True)
class MatcherModel:
    """Networks, the labels they know, and the words that they were taught with."""

    digest: str  # of the content it was learnt from
    labels: tuple[str, ...]
    networks: tuple[Network, ...]
    names: tuple[str, ...]  # names of things, to be found again when they are misheard
    words: tuple[str, ...]  # every word of every template
    pairs: NDArray[np.uint32]  # features of neighbouring words, sorted
    samples: NDArray[np.uint64]  # hashes of whole lessons, sorted
    sample_labels: NDArray[np.signedinteger]  # as wide as the labels are many

    def name_corrector(self) -> NameCorrector:
        """Finds the names again that speech recognition mangled."""
        return NameCorrector(self.names, self.words, side_by_side(frozenset(self.pairs.tolist())))

    def label_of(self, utterance: str) -> str | None:
        """The label of an utterance that is itself a lesson."""
        key = np.uint64(fingerprint(utterance))
        at = int(np.searchsorted(self.samples, key))
        if at < len(self.samples) and self.samples[at] == key:
            return self.labels[int(self.sample_labels[at])]
        return None

    def probabilities(self, utterance: str, vectors: Vectors) -> list[float]:
        """How much each label is believed in, in the order of `labels`."""
        probabilities: list[float] = pooled(self.networks, len(self.labels), [utterance], vectors)[
            0
        ].tolist()
        return probabilities

    def save(self, path: Path) -> None:
        """Write the file, whole or not at all."""
        arrays: dict[str, NDArray[np.generic]] = {
            "version": np.array(VERSION),
            "digest": np.array(self.digest),
            "labels": _text(self.labels),
            "names": _text(self.names),
            "words": _text(self.words),
            "pairs": self.pairs,
            "samples": self.samples,
            "sample_labels": self.sample_labels,
            "networks": np.array(len(self.networks)),
        }
        for number, network in enumerate(self.networks):
            arrays.update(network.arrays(f"network{number}"))
        stored = io.BytesIO()
        # Rounded weights hardly shrink when they are compressed, and are slower to read.
        # Not by numpy.savez: what it writes about each array depends on Python's version.
        with zipfile.ZipFile(stored, "w") as file:
            for name, array in arrays.items():
                data = io.BytesIO()
                np.lib.format.write_array(data, array, allow_pickle=False)
                file.writestr(zipfile.ZipInfo(f"{name}.npy"), data.getvalue())
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}.new")
        draft.write_bytes(stored.getvalue())
        draft.replace(path)


def learned_file(vectors: Vectors) -> str:
    """The name of the file; what was learnt with some vectors is of no use with others."""
    return "matcher.npz" if vectors.name == "words" else f"matcher-{vectors.name}.npz"


def load_matcher_model(path: Path) -> MatcherModel:
    """Read what `Learned.save` wrote; raises StaleError when it is missing or something else."""
    try:
        with np.load(path) as stored:
            if int(stored["version"]) != VERSION:
                raise StaleError(f"{path}: is of another version; run `askable build`")
            arrays = {name: stored[name] for name in stored.files}
            return MatcherModel(
                str(arrays["digest"]),
                _texts(arrays["labels"]),
                tuple(
                    Network.from_arrays(f"network{number}", arrays)
                    for number in range(int(arrays["networks"]))
                ),
                _texts(arrays["names"]),
                _texts(arrays["words"]),
                arrays["pairs"],
                arrays["samples"],
                arrays["sample_labels"],
            )
    except FileNotFoundError as error:
        raise StaleError(f"{path}: is missing; run `askable build`") from error
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise StaleError(f"{path}: cannot be read ({error}); run `askable build`") from error


def digest_in(path: Path) -> str | None:
    """The digest of the content that a file was learnt from; nothing where there is none."""
    try:
        with np.load(path) as stored:
            return str(stored["digest"]) if int(stored["version"]) == VERSION else None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _text(lines: Iterable[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode(), np.uint8)


def _texts(stored: NDArray[np.generic]) -> tuple[str, ...]:
    return tuple(stored.tobytes().decode().split("\n"))
