"""A word -> the pieces that the table of word vectors knows (byte-pair encoding). Pure."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

START = "\u2581"  # how the table marks the first piece of a word
UNKNOWN = 1 << 30  # the rank of what is no piece


def split(word: str, rank: Callable[[str], int]) -> list[str]:
    """Letters joined pair by pair, the most common pair first; `rank` tells how common, 0 most."""
    parts = [START, *word]
    while len(parts) > 1:
        ranked = [rank(a + b) for a, b in pairwise(parts)]
        best = min(ranked)
        if best == UNKNOWN:
            break
        at = ranked.index(best)
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    return parts
