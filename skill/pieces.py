"""A word -> the pieces that the table of word vectors knows (byte-pair encoding). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

START = "\u2581"  # how the table marks the first piece of a word
_NEVER = 1 << 30


def split(word: str, rank: Mapping[str, int]) -> list[str]:
    """Letters joined pair by pair, the most common pair first; `rank` tells how common."""
    parts = [START, *word]
    while len(parts) > 1:
        ranked = [rank.get(a + b, _NEVER) for a, b in pairwise(parts)]
        best = min(ranked)
        if best == _NEVER:
            break
        at = ranked.index(best)
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    return parts
