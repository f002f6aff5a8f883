"""Variants of a record of weights, and how the best one does on items it was not chosen by."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

FOLDS = 5
_FACTORS = (0.7, 1.4)


def changes(record: Any, left_alone: Collection[str] = ()) -> Iterator[tuple[str, Any]]:
    """(what was changed, the record with it) for each number, made smaller and then larger.

    Tiny numbers are probabilities of a beam: their logarithm is changed. Zeros stay.
    """
    for field in fields(record):
        value = getattr(record, field.name)
        if field.name in left_alone or not value:
            continue
        for factor in _FACTORS:
            changed = value**factor if value < 1e-6 else value * factor
            if isinstance(value, int):
                changed = max(1, math.floor(changed) if factor < 1 else math.ceil(changed))
            yield f"{field.name} {changed:g}", replace(record, **{field.name: changed})


def held_out(names: Sequence[str], worth: Sequence[Sequence[int]]) -> Iterator[tuple[str, int]]:
    """For each fold, the variant that is best on the others and what it is worth on the fold.

    Args:
        names: Of the variants, today's first; the earlier one wins a tie.
        worth: What each variant is worth on each item, (variants, items).
    """
    for fold in range(FOLDS):
        others = [
            sum(value for place, value in enumerate(values) if place % FOLDS != fold)
            for values in worth
        ]
        best = others.index(max(others))
        yield names[best], sum(worth[best][fold::FOLDS])
