"""An utterance -> hashed features: words, neighbouring words, pieces of words. Pure.

A feature is the CRC-32 of its text, so that no vocabulary need be kept; a network folds it into as
many buckets as it has rows.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

try:  # hashlib has the same, but loads OpenSSL first: 2 ms of a cold start
    from _blake2 import blake2b
except ImportError:  # a Python without that module
    from hashlib import blake2b

# What brings the means of table rows and the word vectors to a size that learns well; found on
# CLINC150's validation part by bench/understanding.py.
TABLE_SCALE = 4.0
VECTOR_SCALE = 4.0
UNLIKELIEST = 1e-7  # no label's share counts as less: it has a logarithm
# Pieces of three to five letters survive most of what speech recognition does to a word.
_SHORTEST_PIECE, _LONGEST_PIECE = 3, 5


def words(utterance: str) -> list[int]:
    """One feature a word."""
    return [_hash(f"w{word}") for word in utterance.split()]


def pairs(utterance: str) -> list[int]:
    """One feature for each two words that stand together, the ends included."""
    line = ["<", *utterance.split(), ">"]
    return [_hash(f"b{before} {after}") for before, after in pairwise(line)]


def pieces(utterance: str) -> list[int]:
    """One feature for each run of letters within a word, its ends marked."""
    return [piece for word in utterance.split() for piece in _pieces_of(word)]


def side_by_side(neighbours: Container[int]) -> Callable[[str], bool]:
    """Tells of two words whether their feature is among `neighbours`."""
    return lambda two: pairs(two)[1] in neighbours


def fingerprint(utterance: str) -> int:
    """One number for a whole utterance, 64 bits long."""
    return int.from_bytes(blake2b(utterance.encode(), digest_size=8).digest(), "big")


KINDS: Mapping[str, Callable[[str], list[int]]] = {"words": words, "pairs": pairs, "pieces": pieces}


@lru_cache(maxsize=50_000)
def _hash(text: str) -> int:
    return crc32(text.encode())


@lru_cache(maxsize=20_000)
def _pieces_of(word: str) -> tuple[int, ...]:
    return tuple(_hash(f"c{piece}") for piece in _runs(f"<{word}>"))


def _runs(marked: str) -> Iterator[str]:
    for size in range(_SHORTEST_PIECE, _LONGEST_PIECE + 1):
        for start in range(len(marked) - size + 1):
            yield marked[start : start + size]
