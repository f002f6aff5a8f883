"""What was said against what was heard, word by word. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def align(said: Sequence[str], heard: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Pairs of a said and a heard word, "" where one has no partner, with the fewest errors."""
    costs = [[row + column for column in range(len(heard) + 1)] for row in range(len(said) + 1)]
    for row, word in enumerate(said, start=1):
        for column, other in enumerate(heard, start=1):
            costs[row][column] = min(
                costs[row - 1][column - 1] + (word != other),
                costs[row - 1][column] + 1,
                costs[row][column - 1] + 1,
            )
    return tuple(_way_back(said, heard, costs))[::-1]


def errors(said: Sequence[str], heard: Sequence[str]) -> int:
    """Words that were replaced, lost or added."""
    return sum(word != other for word, other in align(said, heard))


def _way_back(
    said: Sequence[str], heard: Sequence[str], costs: list[list[int]]
) -> Iterator[tuple[str, str]]:
    row, column = len(said), len(heard)
    while row or column:
        cost = costs[row][column]
        if row and column:
            word, other = said[row - 1], heard[column - 1]
            if cost == costs[row - 1][column - 1] + (word != other):
                yield word, other
                row, column = row - 1, column - 1
                continue
        if row and cost == costs[row - 1][column] + 1:
            row -= 1
            yield said[row], ""
        else:
            column -= 1
            yield "", heard[column]
