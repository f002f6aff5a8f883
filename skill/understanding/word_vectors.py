"""What words mean in general: static vectors, so that a word no template holds is still near one.

The table is WordLlama's (MIT, see vectors.LICENSE), cut to lower-case English pieces and rounded
to a byte a value; `bench/vectors.py` makes it again from that project's wheel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from skill.errors import AskableError
from skill.understanding.pieces import START, UNKNOWN, split

Floats = NDArray[np.float32]
FILE = Path(__file__).with_name("word_vectors.npz")


class Vectors(Protocol):
    """Anything that gives an utterance a direction."""

    @property
    def name(self) -> str:
        """What it goes by: words or sentences."""

    @property
    def size(self) -> int:
        """How many numbers an utterance gets."""

    def utterance(self, utterance: str) -> Floats:
        """The numbers of an utterance, `size` of them."""

    def utterances(self, utterances: Sequence[str]) -> Floats:
        """Those of several, (utterances, size)."""

    def knows(self, word: str) -> bool:
        """Whether the word is a common one."""


@dataclass(frozen=True)
class WordVectors:
    """A table of word pieces, most common first, and one row of numbers for each."""

    pieces: tuple[str, ...]
    values: NDArray[np.int8]  # (pieces, size)
    scales: Floats  # (pieces,)
    _words: dict[str, Floats] = field(default_factory=dict, repr=False, compare=False)

    @staticmethod
    def load(path: Path = FILE) -> WordVectors:
        """Read the table that comes with the package."""
        try:
            with np.load(path) as stored:
                pieces = bytes(stored["pieces"]).decode().split("\n")
                scales = stored["scales"].astype(np.float32)
                return WordVectors(tuple(pieces), stored["values"], scales)
        except (OSError, ValueError, KeyError) as error:
            raise AskableError(
                f"{path}: cannot be read ({error}); install askable again"
            ) from error

    @property
    def name(self) -> str:
        """What it goes by."""
        return "words"

    @property
    def size(self) -> int:
        """How many numbers a vector has."""
        return int(self.values.shape[1])

    def utterance(self, utterance: str) -> Floats:
        """The direction of an utterance: the sum of its words at length 1, or zeros."""
        total = np.zeros(self.size, np.float32)
        for word in utterance.split():
            total += self.word(word)
        length = float(np.linalg.norm(total))
        return total / length if length else total

    def utterances(self, utterances: Sequence[str]) -> Floats:
        """The direction of each, (utterances, size)."""
        return np.stack([self.utterance(utterance) for utterance in utterances])

    def word(self, word: str) -> Floats:
        """The sum of a word's pieces; zeros for a word of unknown letters."""
        found = self._words.get(word)
        if found is None:
            pieces = split(word, lambda piece: self._rank.get(piece, UNKNOWN))
            rows = [self._rank[piece] for piece in pieces if piece in self._rank]
            found = (self.values[rows] * self.scales[rows, None]).sum(axis=0, dtype=np.float32)
            if len(self._words) < 50_000:
                self._words[word] = found
        return found

    def knows(self, word: str) -> bool:
        """Whether the word is common enough to be one piece of its own."""
        return START + word in self._rank

    @cached_property
    def _rank(self) -> dict[str, int]:
        return {piece: rank for rank, piece in enumerate(self.pieces)}
