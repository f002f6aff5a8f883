"""Utterances -> a trigram language model in ARPA format. Pure, and the same text every time.

Absolute discounting with backoff: half a count of every seen n-gram goes to the shorter one, so
that words may follow each other in ways that no utterance has. The format is that of
PocketSphinx's reader: log10 probability, n-gram, log10 backoff weight.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from math import log10

_DISCOUNT = 0.5
_START, _END = "<s>", "</s>"
_NEVER = -99.0


def to_arpa(utterances: Mapping[str, int]) -> str:
    """The language model of `utterances`, each lower-case words, and how often it counts."""
    grams: tuple[Counter[tuple[str, ...]], ...] = (Counter(), Counter(), Counter())
    for utterance, times in utterances.items():
        words = (_START, *utterance.split(), _END)
        for size in (1, 2, 3):
            for start in range(len(words) - size + 1):
                grams[size - 1][words[start : start + size]] += times
    unigrams = {gram: count for gram, count in grams[0].items() if gram != (_START,)}
    total = sum(unigrams.values())
    lower: dict[tuple[str, ...], float] = {gram: n / total for gram, n in unigrams.items()}
    levels = [lower]
    weights: list[dict[tuple[str, ...], float]] = []
    for size in (2, 3):
        found, backoff = _discounted(grams[size - 1], lower)
        levels.append(found)
        weights.append(backoff)
        lower = found
    levels[0] = {**levels[0], (_START,): 0.0}
    return "\n".join(_lines(levels, weights)) + "\n"


def words_in(arpa: str) -> set[str]:
    """The words that a model made here knows."""
    unigrams = arpa.partition("\\1-grams:")[2].partition("\n\n")[0]
    words = {line.split(" ")[1] for line in unigrams.split("\n") if line}
    return words - {_START, _END}


def _discounted(
    counts: Counter[tuple[str, ...]], lower: dict[tuple[str, ...], float]
) -> tuple[dict[tuple[str, ...], float], dict[tuple[str, ...], float]]:
    """Discounted probabilities, and for each history the weight of what backs off."""
    totals: dict[tuple[str, ...], int] = defaultdict(int)
    kinds: dict[tuple[str, ...], int] = defaultdict(int)
    covered: dict[tuple[str, ...], float] = defaultdict(float)
    for gram, count in counts.items():
        totals[gram[:-1]] += count
        kinds[gram[:-1]] += 1
        covered[gram[:-1]] += lower[gram[1:]]
    found, backoff = {}, {}
    # A history that every word has followed leaves nothing to discount for.
    taken = {history: _DISCOUNT if covered[history] < 1 - 1e-6 else 0.0 for history in totals}
    for gram, count in counts.items():
        history = gram[:-1]
        found[gram] = (count - taken[history]) / totals[history]
    for history, total in totals.items():
        left = taken[history] * kinds[history] / total
        backoff[history] = left / (1.0 - covered[history]) if left else 1.0
    return found, backoff


def _lines(
    levels: list[dict[tuple[str, ...], float]], weights: list[dict[tuple[str, ...], float]]
) -> Iterator[str]:
    yield "\\data\\"
    for size, level in enumerate(levels, start=1):
        yield f"ngram {size}={len(level)}"
    for size, level in enumerate(levels, start=1):
        yield ""
        yield f"\\{size}-grams:"
        backoff = weights[size - 1] if size <= len(weights) else {}
        for gram in sorted(level):
            chance = log10(level[gram]) if level[gram] > 0 else _NEVER
            weight = f" {log10(backoff[gram]):.4f}" if gram in backoff else ""
            yield f"{chance:.4f} {' '.join(gram)}{weight}"
    yield ""
    yield "\\end\\"
