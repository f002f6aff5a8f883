"""What the matcher learned from one article's content, stored among the compiled models."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from skill.content import Label, digest_of
from skill.errors import StaleError
from skill.files import write_whole
from skill.understanding.classifier.features import fingerprint
from skill.understanding.classifier.name_correction import TOLERANCES, NameCorrector, Tolerances
from skill.understanding.classifier.network import Network, mean_probabilities
from skill.understanding.classifier.word_vectors import Vectors

VERSION = 4  # of the file and of training; a file of another version is stale
_UNREADABLE = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)


@dataclass(frozen=True)
class MatcherModel:
    """Networks, the labels that they know, and the words of the training data."""

    digest: str  # of the content that it was learned from
    labels: tuple[Label, ...]
    networks: tuple[Network, ...]
    names: tuple[str, ...]  # names of things, which are corrected where they are misheard
    words: tuple[str, ...]  # every word of every template
    pairs: NDArray[np.uint32]  # features of neighbouring words, sorted
    utterances: NDArray[np.uint64]  # hashes of whole utterances, sorted
    utterance_labels: NDArray[np.signedinteger]  # the number of each one's label

    def name_corrector(self, tolerances: Tolerances = TOLERANCES) -> NameCorrector:
        """Corrects the names that speech recognition misheard."""
        neighbours = frozenset(self.pairs.tolist())
        return NameCorrector(self.names, self.words, neighbours, tolerances)

    def label_of(self, utterance: str) -> Label | None:
        """The label of an utterance that is itself in the training data."""
        key = np.uint64(fingerprint(utterance))
        place = int(np.searchsorted(self.utterances, key))
        if place < len(self.utterances) and self.utterances[place] == key:
            return self.labels[int(self.utterance_labels[place])]
        return None

    def probabilities(self, utterance: str, vectors: Vectors) -> list[float]:
        """A probability for each of `labels`; they need not add up to 1."""
        found = mean_probabilities(self.networks, len(self.labels), [utterance], vectors)
        probabilities: list[float] = found[0].tolist()
        return probabilities

    def save(self, path: Path) -> None:
        """Write the file, whole or not at all."""
        arrays: dict[str, NDArray[np.generic]] = {
            "version": np.array(VERSION),
            "digest": np.array(self.digest),
            "labels": _encode(map(str, self.labels)),
            "names": _encode(self.names),
            "words": _encode(self.words),
            "pairs": self.pairs,
            "utterances": self.utterances,
            "utterance_labels": self.utterance_labels,
            "networks": np.array(len(self.networks)),
        }
        for number, network in enumerate(self.networks):
            arrays.update(network.arrays(f"network{number}"))
        stored = io.BytesIO()
        # Not numpy.savez: the headers that it writes depend on Python's version.
        with zipfile.ZipFile(stored, "w") as file:
            for name, array in arrays.items():
                data = io.BytesIO()
                np.lib.format.write_array(data, array, allow_pickle=False)
                file.writestr(zipfile.ZipInfo(f"{name}.npy"), data.getvalue())
        write_whole(path, stored.getvalue())


def model_path(models: Path, vectors: Vectors) -> Path:
    """Where the model stands; one that was trained with some vectors is no use with others."""
    return models / ("matcher.npz" if vectors.name == "words" else f"matcher-{vectors.name}.npz")


def load_model(content: Path, models: Path, vectors: Vectors) -> MatcherModel:
    """Load the model of an article.

    Raises:
        StaleError: The file is missing, unreadable, or older than the content.
    """
    path = model_path(models, vectors)
    model = read_model(path)
    if model.digest != digest_of(content):
        raise StaleError(f"{path}: is older than {content}; run `askable build`")
    return model


def read_model(path: Path) -> MatcherModel:
    """Read what `MatcherModel.save` wrote; raises StaleError for anything else."""
    try:
        with np.load(path) as stored:
            if int(stored["version"]) != VERSION:
                raise StaleError(f"{path}: has another version; run `askable build`")
            arrays = {name: stored[name] for name in stored.files}
            return MatcherModel(
                str(arrays["digest"]),
                tuple(map(Label.parse, _decode(arrays["labels"]))),
                tuple(
                    Network.from_arrays(f"network{number}", arrays)
                    for number in range(int(arrays["networks"]))
                ),
                _decode(arrays["names"]),
                _decode(arrays["words"]),
                arrays["pairs"],
                arrays["utterances"],
                arrays["utterance_labels"],
            )
    except FileNotFoundError as error:
        raise StaleError(f"{path}: is missing; run `askable build`") from error
    except _UNREADABLE as error:
        raise StaleError(f"{path}: cannot be read ({error}); run `askable build`") from error


def digest_in(path: Path) -> str | None:
    """The digest of the content that a file was learned from; None where there is no such file."""
    try:
        with np.load(path) as stored:
            return str(stored["digest"]) if int(stored["version"]) == VERSION else None
    except _UNREADABLE:
        return None


def _encode(lines: Iterable[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode(), np.uint8)


def _decode(stored: NDArray[np.generic]) -> tuple[str, ...]:
    return tuple(stored.tobytes().decode().split("\n"))
