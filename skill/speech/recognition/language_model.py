"""A trigram language model of utterances, in ARPA format.

Interpolated Kneser-Ney smoothing (Chen and Goodman, 1999): the probability of a word after words
that it never followed depends on how many different words it has followed, not on its frequency.
PocketSphinx reads lines of log10 probability, n-gram and log10 backoff weight.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from math import log10

Gram = tuple[str, ...]
# What each n-gram of one, two and three words gives up for those that do not occur. It is much,
# because people ask in more ways than any list holds; docs/measurements/speech.md, "What helped".
_DISCOUNTS = (0.5, 0.8, 0.9)
_START, _END = "<s>", "</s>"
_NEVER = -99.0


def to_arpa(utterances: Mapping[str, int]) -> str:
    """Return the model of lower-case `utterances`, each with how often it counts.

    The text is the same every time.
    """
    counts = _counts(utterances)
    likely: dict[Gram, float] = {(): 1 / max(1, len(counts[0]))}
    levels: list[dict[Gram, float]] = []
    left: list[dict[Gram, float]] = []  # probability for unseen words, by history
    for grams, discount in zip(counts, _DISCOUNTS, strict=True):
        totals: Counter[Gram] = Counter()
        for gram, count in grams.items():
            totals[gram[:-1]] += count
        kinds = Counter(gram[:-1] for gram in grams)
        given = {history: discount * kinds[history] / totals[history] for history in totals}
        likely = {
            gram: (count - discount) / totals[gram[:-1]] + given[gram[:-1]] * likely[gram[1:]]
            for gram, count in grams.items()
        }
        levels.append(likely)
        left.append(given)
    levels[0] = {**levels[0], (_START,): 0.0}
    return "\n".join(_lines(levels, left[1:])) + "\n"


def words_in(arpa: str) -> set[str]:
    """Return the vocabulary of a model that `to_arpa` made."""
    unigrams = arpa.partition("\\1-grams:")[2].partition("\n\n")[0]
    words = {line.split(" ")[1] for line in unigrams.split("\n") if line}
    return words - {_START, _END}


def _counts(utterances: Mapping[str, int]) -> tuple[Counter[Gram], Counter[Gram], Counter[Gram]]:
    """Count n-grams of one, two and three words.

    Trigrams, and bigrams at the start, by frequency; all others by the number of different words
    before them.
    """
    pairs: Counter[Gram] = Counter()
    triples: Counter[Gram] = Counter()
    for utterance, times in utterances.items():
        words = (_START, *utterance.split(), _END)
        for start in range(len(words) - 1):
            pairs[words[start : start + 2]] += times
        for start in range(len(words) - 2):
            triples[words[start : start + 3]] += times
    followed = Counter(gram[1:] for gram in triples)
    # No word stands before a start.
    followed |= Counter({gram: count for gram, count in pairs.items() if gram[0] == _START})
    return Counter(gram[1:] for gram in pairs), followed, triples


def _lines(levels: list[dict[Gram, float]], left: list[dict[Gram, float]]) -> Iterator[str]:
    yield "\\data\\"
    for size, level in enumerate(levels, start=1):
        yield f"ngram {size}={len(level)}"
    for size, level in enumerate(levels, start=1):
        yield ""
        yield f"\\{size}-grams:"
        backoff = left[size - 1] if size <= len(left) else {}
        for gram in sorted(level):
            chance = log10(level[gram]) if level[gram] > 0 else _NEVER
            weight = f" {log10(backoff[gram]):.4f}" if gram in backoff else ""
            yield f"{chance:.4f} {' '.join(gram)}{weight}"
    yield ""
    yield "\\end\\"
