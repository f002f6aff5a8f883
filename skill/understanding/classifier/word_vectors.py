"""Static word vectors: what words mean in general.

A word that no template contains is still near one that a template does. The table is WordLlama's
(MIT, see word_vectors.LICENSE), cut to lower-case English pieces and rounded to a byte for each
value; `bench/vectors.py` makes it again from that project's wheel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Protocol
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from skill.errors import AskableError

Floats = NDArray[np.float32]
FILE = Path(__file__).with_name("word_vectors.npz")
_START = "\u2581"  # how the table marks the first piece of a word


class Vectors(Protocol):
    """Anything that turns an utterance into a vector."""

    @property
    def name(self) -> str:
        """Its name: words or sentences."""

    @property
    def size(self) -> int:
        """How many numbers a vector has."""

    def utterance(self, utterance: str) -> Floats:
        """The vector of an utterance, (size,)."""

    def utterances(self, utterances: Sequence[str]) -> Floats:
        """The vectors of several, (utterances, size)."""

    def knows(self, word: str) -> bool:
        """Whether the word is a common one."""


@dataclass(frozen=True)
class WordVectors:
    """A table of word pieces, most common first, and one row of numbers for each."""

    pieces: tuple[str, ...]
    values: NDArray[np.int8]  # (pieces, size)
    scales: Floats  # (pieces,)

    @staticmethod
    def load(path: Path = FILE) -> WordVectors:
        """Read the table that comes with the package."""
        try:
            with np.load(path) as stored:
                pieces = bytes(stored["pieces"]).decode().split("\n")
                scales = stored["scales"].astype(np.float32)
                return WordVectors(tuple(pieces), stored["values"], scales)
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            raise AskableError(
                f"{path}: cannot be read ({error}); install askable again"
            ) from error

    @property
    def name(self) -> str:
        """Its name."""
        return "words"

    @property
    def size(self) -> int:
        """How many numbers a vector has."""
        return int(self.values.shape[1])

    def utterance(self, utterance: str) -> Floats:
        """The sum of the words' vectors, scaled to length 1; zeros without a word."""
        total = np.zeros(self.size, np.float32)
        for word in utterance.split():
            total += self.word(word)
        length = float(np.linalg.norm(total))
        return total / length if length else total

    def utterances(self, utterances: Sequence[str]) -> Floats:
        """The vector of each, (utterances, size)."""
        return np.stack([self.utterance(utterance) for utterance in utterances])

    def word(self, word: str) -> Floats:
        """The sum of a word's pieces; unknown letters add nothing."""
        rows = [self._rank[piece] for piece in self._split(word) if piece in self._rank]
        vector: Floats = (self.values[rows] * self.scales[rows, None]).sum(axis=0, dtype=np.float32)
        return vector

    def knows(self, word: str) -> bool:
        """Whether the word is common enough to be one piece of its own."""
        return _START + word in self._rank

    def _split(self, word: str) -> list[str]:
        """A word's pieces by byte-pair encoding: the most common pair is joined first."""
        parts = [_START, *word]
        while len(parts) > 1:
            ranked = [self._rank.get(a + b, len(self.pieces)) for a, b in pairwise(parts)]
            best = min(ranked)
            if best == len(self.pieces):
                break
            place = ranked.index(best)
            parts[place : place + 2] = [parts[place] + parts[place + 1]]
        return parts

    @cached_property
    def _rank(self) -> dict[str, int]:
        return {piece: rank for rank, piece in enumerate(self.pieces)}
