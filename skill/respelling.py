"""Mends what speech recognition does to the names of things: "oxy tosin", "cuttle hormone". Pure.

Words are compared by how they sound (letters that are easily taken for one another count as one,
and all vowels as one) and by how they are spelt; both must be near. Only words are touched that no
template has, or has side by side: "family" must not become "females".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

_HEARD = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"[^a-z]", ""),
        (r"tch|ch|sh|tion|tious", "S"),
        (r"ph", "f"),
        (r"gh", ""),
        (r"^kn|^gn", "n"),
        (r"^wr", "r"),
        (r"^ps", "s"),
        (r"ck|qu?", "k"),
        (r"c(?=[eiy])|z", "s"),
        (r"c|g", "k"),
        (r"x", "ks"),
        (r"d", "t"),
        (r"b", "p"),
        (r"v", "f"),
        (r"m", "n"),
        (r"[aeiouywh]+", "a"),
        (r"(.)\1+", r"\1"),
    )
)
_LONGEST_SPAN = 3  # words that one name may have been heard as, beyond its own
_SHORTEST = 6  # letters; shorter names are met by chance
_SOUNDS_A_SLIP = 7  # one sound may differ for each so many
_LETTERS_A_SLIP = 3


def sound_of(words: str) -> str:
    """How words sound, spaces and easily confused letters left out."""
    key = words
    for pattern, sound in _HEARD:
        key = pattern.sub(sound, key)
    return key


@dataclass(frozen=True)
class _Strange:
    """Which words of an utterance no lesson has, and which of them none has before the next."""

    words: list[bool]
    pairs: list[bool]

    def within(self, at: int, size: int) -> bool:
        """Whether words stand in a span that no lesson has, or has together."""
        return any(self.words[at : at + size]) or any(self.pairs[at : at + size - 1])


class Respelling:
    """Knows the names to look for and the words to leave alone."""

    def __init__(
        self, names: Iterable[str], known: Iterable[str], stand_together: Callable[[str], bool]
    ) -> None:
        """`stand_together` tells of two words whether any lesson has them side by side."""
        self._known = frozenset(known)
        self._stand_together = stand_together
        given = {name for name in names if len(name) >= _SHORTEST}
        named = [
            (name, name.replace(" ", ""), sound_of(name))
            for name in sorted(given)
            if not any(f" {other} " in f" {name} " for other in given if other != name)
        ]
        self._spelt_right = frozenset(name for name, _, _ in named)
        self._by_sound: dict[str, list[tuple[str, str, str]]] = {}
        for entry in named:
            self._by_sound.setdefault(entry[2][0], []).append(entry)
        self._words = max((name.count(" ") + 1 for name, _, _ in named), default=0)

    def mend(self, utterance: str) -> str:
        """The utterance with unknown words put right where they sound like a name."""
        words = utterance.split()
        strange = self._strange(words)
        at = 0
        while at < len(words):
            found = self._name_at(words, strange, at)
            if found:
                size, name = found
                words[at : at + size] = name.split()
                strange = self._strange(words)
                at += len(name.split())
            else:
                at += 1
        return " ".join(words)

    def _name_at(self, words: list[str], strange: _Strange, at: int) -> tuple[int, str] | None:
        """(how many words, the name they were) of the best name that begins at a word."""
        best: tuple[int, int, str] | None = None
        longest = min(self._words + _LONGEST_SPAN - 1, len(words) - at)
        for size in range(1, longest + 1):
            span = words[at : at + size]
            # A name within a shorter span would have ended the search, so only its end can be new.
            if any(" ".join(span[start:]) in self._spelt_right for start in range(size)):
                break  # it is there, rightly heard; longer spans hold it too
            if not strange.within(at, size):
                continue
            letters = "".join(span)
            key = sound_of(letters)
            for name, spelt, sound in self._by_sound.get(key[:1], ()):
                allowed = len(sound) // _SOUNDS_A_SLIP
                if abs(len(sound) - len(key)) > allowed:
                    continue
                heard = _distance(key, sound, allowed)
                if heard > allowed:
                    continue
                most = max(len(letters), len(spelt)) // _LETTERS_A_SLIP
                slips = _distance(letters, spelt, most)
                if slips <= most and (best is None or (slips, size) < best[:2]):
                    best = (slips, size, name)
        return (best[1], best[2]) if best else None

    def _strange(self, words: list[str]) -> _Strange:
        return _Strange(
            [word not in self._known for word in words],
            [not self._stand_together(f"{a} {b}") for a, b in pairwise(words)],
        )


def _distance(left: str, right: str, most: int) -> int:
    """How many letters must be put in, left out or changed; more than `most` is all alike."""
    before = list(range(len(right) + 1))
    for row, letter in enumerate(left, start=1):
        now = [row]
        for column, other in enumerate(right, start=1):
            change = before[column - 1] + (letter != other)
            now.append(min(before[column] + 1, now[-1] + 1, change))
        if min(now) > most:
            return most + 1
        before = now
    return before[-1]
