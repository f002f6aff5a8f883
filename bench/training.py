"""Tunes what the matcher learns from, how it learns, and how far misheard names may be off.

    .venv/bin/python -m bench.training sampling|recipes|names [QUESTIONS]

Makes one number smaller, then larger, and so each of them. Each variant learns anew (half a
minute) and ranks the questions as free text. Then the variant that is best on four folds of the
questions is measured on the fifth.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from bench.thresholds import COST, DEV, Ranked, score
from bench.variants import changes, held_out
from skill.settings import find_settings
from skill.tools.build import build
from skill.tools.questions import read_questions
from skill.understanding.classifier import (
    RECIPES,
    Matcher,
    Recipe,
    load_vectors,
    make_training_data,
    names_of,
    train_matcher,
)
from skill.understanding.classifier.name_correction import TOLERANCES, Tolerances
from skill.understanding.classifier.training_data import WEIGHTS, SamplingWeights

# These matter for articles with hundreds of answers only, or are no matter of degree.
_LEFT_ALONE = frozenset(["fewest", "all_answers", "seed", "kinds"])
Figures = tuple[tuple[int, int], ...]  # for each question: 1 if right, 1 if a wrong fact


@dataclass(frozen=True)
class Variant:
    """What is learned from and how, with one number changed."""

    name: str
    weights: SamplingWeights = WEIGHTS
    recipes: tuple[Recipe, ...] = RECIPES
    tolerances: Tolerances = TOLERANCES


def variants(what: str) -> Iterator[Variant]:
    """Today's first, then one for each change."""
    yield Variant("today")
    if what == "names":
        for name, tolerances in changes(TOLERANCES):
            yield Variant(name, tolerances=tolerances)
    elif what == "sampling":
        for name, weights in changes(WEIGHTS, _LEFT_ALONE):
            yield Variant(name, weights=weights)
    else:
        for number, recipe in enumerate(RECIPES):
            for name, changed in changes(recipe, _LEFT_ALONE):
                recipes = (*RECIPES[:number], changed, *RECIPES[number + 1 :])
                yield Variant(f"network {number + 1}: {name}", recipes=recipes)


def figures(questions: Path, variant: Variant) -> Figures:
    """What a variant decides on each question."""
    built = build(find_settings().content)
    data = replace(make_training_data(built.article, built.examples), weights=variant.weights)
    vectors = load_vectors()
    names = names_of(built.article)
    model = train_matcher(data, names, built.digest, vectors, variant.recipes)
    matcher = Matcher(model, vectors, variant.tolerances)
    cases = [case for case in read_questions(questions, built.article) if not case.before]
    random.Random(0).shuffle(cases)
    return tuple(score([Ranked(case, matcher.rank(case.text))]) for case in cases)


def main() -> None:
    """Print every variant's figures, and those of the best ones on the questions of other folds."""
    what = sys.argv[1] if len(sys.argv) > 1 else ""
    if what not in ("sampling", "recipes", "names"):
        raise SystemExit(__doc__)
    questions = Path(sys.argv[2]) if len(sys.argv) > 2 else DEV
    tried = list(variants(what))
    names, worth = [variant.name for variant in tried], []
    with ProcessPoolExecutor() as pool:
        found = pool.map(partial(figures, questions), tried)
        for name, of_questions in zip(names, found, strict=True):
            right, wrong = (sum(figure) for figure in zip(*of_questions, strict=True))
            print(f"{name}: {right} right, {wrong} wrong facts", flush=True)
            worth.append([right - COST * wrong for right, wrong in of_questions])
    total = 0
    for name, value in held_out(names, worth):
        total += value
        print(f"best on four folds: {name}")
    print(f"right less {COST} times wrong: today {sum(worth[0])}, the best of four folds {total}")


if __name__ == "__main__":
    main()
