"""Corrects names that speech recognition misheard: "oxy tosin", "cuttle hormone".

Words are compared by sound (letters that are easily confused count as one, and so do all vowels)
and by spelling; both must be near. Words that a template contains, in that order, are left alone:
"family" must not become "females".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from rapidfuzz.distance import Levenshtein

from skill.understanding.classifier.features import pair_feature

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


@dataclass(frozen=True)
class Tolerances:
    """How far a misheard name may be from the name.

    Tuned on the misheard names in tests/oxytocin/questions_dev.yaml; `python -m bench.training
    names` tunes it again.
    """

    extra_words: int = 2  # that a name may have been heard as, in addition to its own
    shortest_name: int = 6  # letters; shorter names are found by chance
    sounds_an_error: int = 7  # one sound in each so many may differ
    letters_an_error: int = 3  # likewise


TOLERANCES = Tolerances()


def phonetic_key(words: str) -> str:
    """A key for how words sound: spaces and easily confused letters do not count."""
    letters = _NO_LETTERS.sub("", words)
    together = _LETTERS_TOGETHER.sub(lambda found: _TOGETHER[found[0]], letters)
    return "".join(sound for sound, _ in groupby(together.translate(_LETTERS)))


@dataclass(frozen=True)
class _Line:
    """The words of an utterance, and where among them a name may have been misheard."""

    words: list[str]
    # For each word: the shortest run of words from there that no template contains, and how many
    # words there are before the end of a correct name, which cannot be part of another.
    strange: list[int]
    room: list[int]


class NameCorrector:
    """Corrects the misheard names in an utterance.

    Args:
        names: The names to look for.
        known: Words of the templates, which are left alone.
        neighbours: Features of neighbouring words in the templates (`features.pairs`).
        tolerances: How far a misheard name may be from the name.
    """

    def __init__(
        self,
        names: Iterable[str],
        known: Iterable[str],
        neighbours: frozenset[int],
        tolerances: Tolerances = TOLERANCES,
    ) -> None:
        self._known = frozenset(known)
        self._neighbours = neighbours
        self._tolerances = tolerances
        given = {name for name in names if len(name) >= tolerances.shortest_name}
        named = [
            (name, name.replace(" ", ""), phonetic_key(name))
            for name in sorted(given)
            if not any(part in given for part in _parts(name))
        ]
        self._names = frozenset(name for name, _, _ in named)
        # By the first sound and how many there are.
        self._by_sound: dict[tuple[str, int], list[tuple[str, str, str]]] = {}
        for entry in named:
            self._by_sound.setdefault((entry[2][0], len(entry[2])), []).append(entry)
        self._words = max((name.count(" ") + 1 for name, _, _ in named), default=0)

    def correct(self, utterance: str) -> str:
        """The utterance with each misheard name replaced by the name."""
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
        """(number of words, the name) of the best name that begins at a word."""
        best: tuple[int, int, str] | None = None
        longest = min(self._words + self._tolerances.extra_words, line.room[at])
        for size in range(line.strange[at], longest + 1):
            letters = "".join(line.words[at : at + size])
            key = phonetic_key(letters)
            for name, spelt in self._sounding(key):
                most = max(len(letters), len(spelt)) // self._tolerances.letters_an_error
                errors = Levenshtein.distance(letters, spelt, score_cutoff=most)
                if errors <= most and (best is None or (errors, size) < best[:2]):
                    best = (errors, size, name)
        return (best[1], best[2]) if best else None

    def _sounding(self, key: str) -> Iterator[tuple[str, str]]:
        """(name, its letters) of each name that sounds like `key`, within the tolerances."""
        count = len(key)
        widest = count // (self._tolerances.sounds_an_error - 1)
        for length in range(count - widest, count + widest + 1):
            allowed = length // self._tolerances.sounds_an_error
            if abs(length - count) <= allowed:
                for name, spelt, sound in self._by_sound.get((key[:1], length), ()):
                    if Levenshtein.distance(key, sound, score_cutoff=allowed) <= allowed:
                        yield name, spelt

    def _line(self, words: list[str]) -> _Line:
        count = len(words)
        strange, ends = [count + 1] * (count + 1), [count] * (count + 1)
        for at in reversed(range(count)):
            if words[at] not in self._known:
                strange[at] = 1
            elif at + 1 < count and pair_feature(*words[at : at + 2]) not in self._neighbours:
                strange[at] = 2
            else:
                strange[at] = strange[at + 1] + 1
            ends[at] = ends[at + 1]
            for size in range(1, min(self._words, ends[at] - at) + 1):
                if " ".join(words[at : at + size]) in self._names:
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
