"""Mends what speech recognition does to the names of things: "oxy tosin", "cuttle hormone". Pure.

Words are compared by how they sound (letters that are easily taken for one another count as one,
and all vowels as one) and by how they are spelt; both must be near. Only words are touched that no
template has, or has side by side: "family" must not become "females".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

_TOGETHER = {
    **dict.fromkeys(("tch", "ch", "sh", "tion", "tious"), "S"),
    **{"ph": "f", "gh": "", "kn": "n", "gn": "n", "wr": "r", "ps": "s", "ck": "k", "qu": "k"},
    "c": "s",  # before e, i and y
}
_LETTERS_TOGETHER = re.compile("^kn|^gn|^wr|^ps|tch|ch|sh|tion|tious|ph|gh|ck|qu|c(?=[eiy])")
_LETTERS = str.maketrans(
    {
        **dict.fromkeys("cgq", "k"),
        **dict.fromkeys("aeiouywh", "a"),
        **{"z": "s", "x": "ks", "d": "t", "b": "p", "v": "f", "m": "n"},
    }
)
_NO_LETTERS = re.compile("[^a-z]+")
_LONGEST_SPAN = 3  # words that one name may have been heard as, beyond its own
_SHORTEST = 6  # letters; shorter names are met by chance
_SOUNDS_A_SLIP = 7  # one sound may differ for each so many
_LETTERS_A_SLIP = 3


def phonetic_key(words: str) -> str:
    """How words sound, spaces and easily confused letters left out."""
    letters = _NO_LETTERS.sub("", words)
    together = _LETTERS_TOGETHER.sub(lambda found: _TOGETHER[found[0]], letters)
    return "".join(sound for sound, _ in groupby(together.translate(_LETTERS)))


class _Line(NamedTuple):
    """The words of an utterance, and where among them a name may have been misheard."""

    words: list[str]
    # For each word: how few words from it on no lesson has, or has together; and how many there
    # are before a name ends that was rightly heard, since a span that holds it is no other name.
    strange: list[int]
    room: list[int]


class NameCorrector:
    """Knows the names to look for and the words to leave alone."""

    def __init__(
        self, names: Iterable[str], known: Iterable[str], stand_together: Callable[[str], bool]
    ) -> None:
        """`stand_together` tells of two words whether any lesson has them side by side."""
        self._known = frozenset(known)
        self._stand_together = stand_together
        given = {name for name in names if len(name) >= _SHORTEST}
        named = [
            (name, name.replace(" ", ""), phonetic_key(name))
            for name in sorted(given)
            if not any(part in given for part in _parts(name))
        ]
        self._spelt_right = frozenset(name for name, _, _ in named)
        # By the first sound and how many there are.
        self._by_sound: dict[tuple[str, int], list[tuple[str, str, str]]] = {}
        for entry in named:
            self._by_sound.setdefault((entry[2][0], len(entry[2])), []).append(entry)
        self._words = max((name.count(" ") + 1 for name, _, _ in named), default=0)

    def correct(self, utterance: str) -> str:
        """The utterance with unknown words put right where they sound like a name."""
        line = self._line(utterance.split())
        at = 0
        while at < len(line.words):
            found = self._name_at(line, at)
            if found:
                size, name = found
                line = self._line([*line.words[:at], *name.split(), *line.words[at + size :]])
                at += len(name.split())
            else:
                at += 1
        return " ".join(line.words)

    def _name_at(self, line: _Line, at: int) -> tuple[int, str] | None:
        """(how many words, the name they were) of the best name that begins at a word."""
        best: tuple[int, int, str] | None = None
        longest = min(self._words + _LONGEST_SPAN - 1, line.room[at])
        for size in range(line.strange[at], longest + 1):
            letters = "".join(line.words[at : at + size])
            key = phonetic_key(letters)
            for name, spelt in self._sounding(key):
                most = max(len(letters), len(spelt)) // _LETTERS_A_SLIP
                slips = _distance(letters, spelt, most)
                if slips <= most and (best is None or (slips, size) < best[:2]):
                    best = (slips, size, name)
        return (best[1], best[2]) if best else None

    def _sounding(self, key: str) -> Iterator[tuple[str, str]]:
        """Names, with their letters, that sound as `key` does but for the slips they may have."""
        count = len(key)
        widest = count // (_SOUNDS_A_SLIP - 1)  # so many more has the longest that is near enough
        for length in range(count - widest, count + widest + 1):
            allowed = length // _SOUNDS_A_SLIP
            if abs(length - count) <= allowed:
                for name, spelt, sound in self._by_sound.get((key[:1], length), ()):
                    if _distance(key, sound, allowed) <= allowed:
                        yield name, spelt

    def _line(self, words: list[str]) -> _Line:
        count = len(words)
        strange, ends = [count + 1] * (count + 1), [count] * (count + 1)
        for at in reversed(range(count)):
            if words[at] not in self._known:
                strange[at] = 1
            elif at + 1 < count and not self._stand_together(f"{words[at]} {words[at + 1]}"):
                strange[at] = 2
            else:
                strange[at] = strange[at + 1] + 1
            ends[at] = ends[at + 1]
            for size in range(1, min(self._words, ends[at] - at) + 1):
                if " ".join(words[at : at + size]) in self._spelt_right:
                    ends[at] = at + size - 1
                    break
        return _Line(words, strange, [end - at for at, end in enumerate(ends)])


def _parts(name: str) -> Iterator[str]:
    """Every run of its words that is not the whole."""
    words = name.split()
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            if end - start < len(words):
                yield " ".join(words[start:end])


def _distance(left: str, right: str, most: int) -> int:
    """How many letters must be put in, left out or changed; more than `most` is all alike."""
    # What both begin and end with changes nothing, and leaves little of most.
    shorter = min(len(left), len(right))
    start = next((at for at in range(shorter) if left[at] != right[at]), shorter)
    left, right = left[start:], right[start:]
    shorter -= start
    end = next((at for at in range(shorter) if left[-1 - at] != right[-1 - at]), shorter)
    left, right = left[: len(left) - end], right[: len(right) - end]
    if not left or not right:
        return max(len(left), len(right))
    if most < 2:  # one change is all there could be between them
        return 1 if len(left) == len(right) == 1 else most + 1
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
