"""Words -> how they are said: the content's own ways first, then PocketSphinx's dictionary's.

Each of these comes with how it is said in Britain, since the dictionary is American.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pocketsphinx

from skill.speech.recognition.british import british

# Word -> its pronunciations, each ARPAbet phones with a space between.
Pronunciations = Mapping[str, Sequence[str]]


def pronounce(words: Iterable[str], given: Pronunciations) -> dict[str, list[str]]:
    """Every pronunciation of each word that has one; the rest cannot be heard."""
    wanted = frozenset(words)
    found = {word: list(ways) for word, ways in given.items() if word in wanted}
    path = Path(pocketsphinx.get_model_path("en-us")) / "cmudict-en-us.dict"
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            word, _, way = line.partition(" ")
            word = word.partition("(")[0]
            if word in wanted:
                ways = found.setdefault(word, [])
                if way.strip() not in ways:
                    ways.append(way.strip())
    return {word: list(dict.fromkeys([*ways, *map(british, ways)])) for word, ways in found.items()}


def entries(said: Pronunciations) -> Iterator[str]:
    """The lines of a PocketSphinx dictionary."""
    for word in sorted(said):
        for number, way in enumerate(said[word], start=1):
            yield f"{word} {way}\n" if number == 1 else f"{word}({number}) {way}\n"
