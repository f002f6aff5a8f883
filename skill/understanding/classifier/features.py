"""An utterance as hashed features: words, neighbouring words, pieces of words.

A feature is the CRC-32 of its text, so that no vocabulary is stored; a network folds it into as
many buckets as it has rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from hashlib import blake2b
from itertools import pairwise
from zlib import crc32

# Pieces of three to five letters survive most of what speech recognition does to a word.
_SHORTEST_PIECE, _LONGEST_PIECE = 3, 5


def words(utterance: str) -> list[int]:
    """One feature for each word."""
    return [_hash(f"w{word}") for word in utterance.split()]


def pairs(utterance: str) -> list[int]:
    """One feature for each two neighbouring words, the ends included."""
    line = ["<", *utterance.split(), ">"]
    return [pair_feature(before, after) for before, after in pairwise(line)]


def pair_feature(before: str, after: str) -> int:
    """The feature of two neighbouring words."""
    return _hash(f"b{before} {after}")


def pieces(utterance: str) -> list[int]:
    """One feature for each run of letters within a word, its ends marked."""
    return [_hash(f"c{piece}") for word in utterance.split() for piece in _letter_runs(f"<{word}>")]


def fingerprint(utterance: str) -> int:
    """A 64-bit hash of a whole utterance."""
    return int.from_bytes(blake2b(utterance.encode(), digest_size=8).digest(), "big")


KINDS: Mapping[str, Callable[[str], list[int]]] = {"words": words, "pairs": pairs, "pieces": pieces}


def _hash(text: str) -> int:
    return crc32(text.encode())


def _letter_runs(marked: str) -> Iterator[str]:
    for size in range(_SHORTEST_PIECE, _LONGEST_PIECE + 1):
        for start in range(len(marked) - size + 1):
            yield marked[start : start + size]
