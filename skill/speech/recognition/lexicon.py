"""Pronunciations of words: the content's own first, then those of PocketSphinx's dictionary.

The dictionary is American, and four of the five locales that the skill speaks are not. So each
pronunciation also comes as it is said in the south of England, by the best known rules (Wells,
Accents of English, 1982): no "r" unless a vowel follows; an "l" that has become a vowel before
sounds of the lips and of the back of the mouth ("help", "milk"); the vowels of "lot" and "bath".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pocketsphinx

# Word -> its pronunciations, each ARPAbet phones separated by spaces.
Pronunciations = Mapping[str, Sequence[str]]

_VOWELS = frozenset(
    ["AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"]
)
_GLIDING = frozenset(["IH", "IY", "EH", "UH", "AY", "AW"])  # "r" leaves a schwa: "near"
_SHORT = frozenset(["EH", "IH"])
_LIPS_AND_BACK = frozenset(["P", "B", "F", "V", "M", "K", "G"])
_BATH = frozenset(["F", "TH", "S"])


def pronounce(words: Iterable[str], own: Pronunciations) -> dict[str, list[str]]:
    """Return every pronunciation of each word that has one; `own` is the content's lexicon."""
    wanted = frozenset(words)
    found = {word: list(ways) for word, ways in own.items() if word in wanted}
    for word, way in dictionary_entries():
        if word in wanted and way not in found.setdefault(word, []):
            found[word].append(way)
    return {word: list(dict.fromkeys([*ways, *map(british, ways)])) for word, ways in found.items()}


def pronounceable(utterances: Mapping[str, int], pronunciations: Pronunciations) -> dict[str, int]:
    """Return the utterances whose words all have a pronunciation."""
    words = {word for line in utterances for word in line.split()}
    missing = words - set(pronounce(words, pronunciations))
    return {line: count for line, count in utterances.items() if not missing & set(line.split())}


def dictionary_entries() -> Iterator[tuple[str, str]]:
    """Yield each word and pronunciation of PocketSphinx's dictionary; a word may come again."""
    path = Path(pocketsphinx.get_model_path("en-us")) / "cmudict-en-us.dict"
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            word, _, way = line.partition(" ")
            yield word.partition("(")[0], way.strip()


def dictionary_lines(pronunciations: Pronunciations) -> Iterator[str]:
    """Yield the lines of a PocketSphinx dictionary."""
    for word in sorted(pronunciations):
        for number, way in enumerate(pronunciations[word], start=1):
            yield f"{word} {way}\n" if number == 1 else f"{word}({number}) {way}\n"


def british(way: str) -> str:
    """Return an American pronunciation as it is said in the south of England."""
    phones = way.split()
    said: list[str] = []
    for at, phone in enumerate(phones):
        before = phones[at - 1] if at else ""
        after, later = [*phones[at + 1 : at + 3], "", ""][:2]
        if phone == "R" and before in _VOWELS and after not in _VOWELS:
            said += ["AH"] if before in _GLIDING else []
        elif phone == "ER" and after in _VOWELS:
            said += ["ER" if at < 2 else "AH", "R"]
        elif phone == "ER" and at > 1:  # in a first syllable it is mostly stressed: "nurse"
            said.append("AH")
        elif phone == "L" and before in _SHORT and after in _LIPS_AND_BACK:
            said.append("OW")
        elif phone == "AA" and after != "R":
            said.append("AO")
        elif phone == "AE" and (after in _BATH or (after == "N" and later in ("S", "T"))):
            said.append("AA")
        else:
            said.append(phone)
    return " ".join(said)
