"""Makes the tables of docs/measurements/understanding.md.

.venv/bin/pip install scikit-learn
.venv/bin/python -m bench.understanding clinc ../shared/benchmarks/clinc150.json
.venv/bin/python -m bench.understanding tried | growth [--answers 40 400] | load
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from bench.clinc import Part, Rank, learn_dataset, measure, read_dataset
from bench.synthetic import questions, synthetic_training_data
from skill.content import LabelKind
from skill.errors import AskableError
from skill.memory import NoMemory
from skill.settings import find_settings
from skill.simulator import Runtime
from skill.tools.build import build
from skill.tools.questions import read_questions
from skill.understanding.classifier import (
    Matcher,
    load_vectors,
    make_training_data,
    read_model,
    train_matcher,
)
from skill.understanding.classifier.word_vectors import Floats, WordVectors

REPO = Path(__file__).resolve().parent.parent
DEV = REPO / "tests" / "oxytocin" / "questions_dev.yaml"
MOST_FALSE = 0.02  # facts given to questions that the article does not answer
SIZES = (40, 400, 4_000, 40_000)

# Utterances -> scores of labels, (utterances, labels).
Shares = Callable[[Sequence[str]], Floats]
# Utterances, label numbers, number of labels -> a function that ranks.
Learner = Callable[[Sequence[str], Sequence[int], int], Shares]


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    tables = parser.add_subparsers(dest="table", required=True)
    tables.add_parser("clinc").add_argument("file", type=Path)
    tables.add_parser("tried")
    tables.add_parser("growth").add_argument("--answers", type=int, nargs="+", default=SIZES)
    tables.add_parser("load").add_argument("--runs", type=int, default=9)
    asked = parser.parse_args()
    match asked.table:
        case "clinc":
            clinc(asked.file)
        case "tried":
            tried()
        case "growth":
            growth(asked.answers)
        case "load":
            load(asked.runs)


def clinc(path: Path) -> None:
    """CLINC150, with the protocol of bench/clinc.py for every row."""
    parts = read_dataset(path)
    print("| matcher | in-scope accuracy | out-of-scope recall | ms a query |")
    print("|---|---|---|---|")
    for name, learner in (
        ("TF-IDF of words and letters, logistic regression", by_tf_idf),
        ("word vectors, logistic regression", by_vectors),
        ("geometric mean of the two", by_both),
    ):
        labels, shares = _learn_by(learner, parts)
        _clinc_row(name, parts, labels, _by_share(shares))
    _clinc_row("**ours, as it ships**", parts, *learn_dataset(parts, WordVectors.load()))
    try:
        vectors = load_vectors(sentences=True)
    except AskableError as error:
        print(f"(no row for the extra: {error})")
        return
    _clinc_row("**ours with `askable[sentences]`**", parts, *learn_dataset(parts, vectors))


def _learn_by(learner: Learner, parts: dict[str, Part]) -> tuple[tuple[str, ...], Shares]:
    texts, names = parts["train"]
    labels = tuple(sorted(set(names)))
    number = {label: at for at, label in enumerate(labels)}
    return labels, learner(texts, [number[name] for name in names], len(labels))


def _by_share(shares: Shares) -> Rank:
    """Score each utterance by the largest share."""

    def rank(asked: tuple[str, ...]) -> tuple[Floats, Floats]:
        found = shares(asked)
        return found, np.log(found.max(axis=1) + np.float32(1e-9))

    return rank


def _clinc_row(name: str, parts: dict[str, Part], labels: tuple[str, ...], rank: Rank) -> None:
    figures = measure(parts, labels, rank)
    # Texts that were not ranked before, because some ways cache results.
    asked = [f"{text} please" for text in parts["test"][0][:200]]
    took = _milliseconds(lambda asked: rank(tuple(asked))[0], asked)
    print(
        f"| {name} | {figures.in_scope:.1%} | {figures.out_of_scope:.1%} | {took[0]:.2f} |",
        flush=True,
    )


def tried() -> None:
    """Ways to match, trained on the same data, on the article's own dev questions."""
    built = build(REPO / "content" / "oxytocin")
    data = make_training_data(built.article, built.examples)
    texts, numbers = data.draw(1)
    runtime = Runtime(find_settings(str(REPO / "content" / "oxytocin")), NoMemory())
    cases = [
        c for c in read_questions(DEV, built.article) if c.kind in ("in the article", "outside")
    ]
    asked = [runtime.matcher.rank(case.text).heard for case in cases]
    inside = np.array([case.kind == "in the article" for case in cases])
    right = [set(case.expected) for case in cases]
    answers = np.array([label.kind is LabelKind.ANSWER for label in data.labels])
    names = [str(label) for label in data.labels]
    print(f"| way | in the article, right, at {MOST_FALSE:.0%} false facts | ms a query |")
    print("|---|---|---|")
    ways: tuple[tuple[str, Learner], ...] = (
        ("nearest utterance by shared letters (rapidfuzz)", by_fuzz),
        ("BM25 over all utterances (SQLite FTS5)", by_bm25),
        ("TF-IDF of words and letters, logistic regression", by_tf_idf),
        ("word vectors, logistic regression", by_vectors),
        ("geometric mean of the two", by_both),
    )
    for name, learner in ways:
        shares = learner(texts, numbers, len(names))
        _tried_row(name, shares, asked, inside, right, answers, names)
    known = {label: at for at, label in enumerate(data.labels)}

    def ours(utterances: Sequence[str]) -> Floats:
        found = np.zeros((len(utterances), len(names)), np.float32)
        for row, utterance in enumerate(utterances):
            for candidate in runtime.matcher.rank(utterance).candidates:
                found[row, known[candidate.label]] = candidate.score
        return found

    _tried_row("**ours, as it ships**", ours, asked, inside, right, answers, names)


def _tried_row(
    name: str,
    shares: Shares,
    asked: Sequence[str],
    inside: np.ndarray,
    right: Sequence[set[str]],
    answers: np.ndarray,
    names: Sequence[str],
) -> None:
    found = shares(asked)
    covered = found[:, answers].sum(axis=1) / np.maximum(found.sum(axis=1), 1e-9)
    best = np.flatnonzero(answers)[found[:, answers].argmax(axis=1)]
    outside = np.sort(covered[~inside])[::-1]
    limit = outside[int(MOST_FALSE * len(outside))]  # MOST_FALSE of the outside are above it
    hit = np.array([names[at] in wanted for at, wanted in zip(best, right, strict=True)])
    share = float((hit & (covered > limit))[inside].mean())
    print(f"| {name} | {share:.1%} | {_milliseconds(shares, asked[:100])[0]:.2f} |", flush=True)


def growth(sizes: Sequence[int]) -> None:
    """Synthetic articles with these numbers of answers."""
    vectors = WordVectors.load()
    print("| answers | built in s | stored MB | in memory MB | right | p50 ms | p95 ms |")
    print("|---|---|---|---|---|---|---|")
    for size in sizes:
        data, names = synthetic_training_data(size)
        started = time.perf_counter()
        learned = train_matcher(data, names, "synthetic", vectors)
        built = time.perf_counter() - started
        stored = Path(f"/tmp/askable-growth-{size}.npz")
        learned.save(stored)
        del learned
        tracemalloc.start()
        matcher = Matcher(read_model(stored), vectors)
        memory = tracemalloc.get_traced_memory()[0] / 1e6
        tracemalloc.stop()
        asked = questions(size, 300)
        matcher.rank(asked[0][0])
        times, right = [], 0
        for text, label in asked:
            started = time.perf_counter()
            ranking = matcher.rank(text)
            times.append(1_000 * (time.perf_counter() - started))
            right += bool(ranking.candidates) and str(ranking.candidates[0].label) == label
        p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        print(
            f"| {size:,} | {built:.0f} | {stored.stat().st_size / 1e6:.1f} | {memory:.0f} |"
            f" {right / len(asked):.0%} | {p50:.1f} | {p95:.1f} |",
            flush=True,
        )
        stored.unlink()


_LOAD = """
import time
started = time.perf_counter()
from pathlib import Path
from skill.understanding.classifier import load_matcher
imported = time.perf_counter()
matcher = load_matcher(Path("content/oxytocin"), Path("interaction_model"))
loaded = time.perf_counter()
matcher.rank("what would it do for a cut on my hand")
print(imported - started, loaded - imported, time.perf_counter() - loaded)
"""


def load(runs: int) -> None:
    """Cold import, load and first question, each run in its own process."""
    figures = []
    for _ in range(runs + 1):
        done = subprocess.run(
            [sys.executable, "-c", _LOAD], cwd=REPO, check=True, capture_output=True, text=True
        )
        figures.append([1_000 * float(number) for number in done.stdout.split()])
    print("| | median ms | max ms |\n|---|---|---|")
    rows = ("import", "load", "first question")
    for name, column in zip(rows, zip(*figures[1:], strict=True), strict=True):
        print(f"| {name} | {statistics.median(column):.0f} | {max(column):.0f} |")


def by_tf_idf(texts: Sequence[str], numbers: Sequence[int], _: int) -> Shares:
    """scikit-learn's TF-IDF of words and of letters within words, and logistic regression."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    features = make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True),
    )
    made = make_pipeline(features, LogisticRegression(C=10, max_iter=200))
    made.fit(list(texts), list(numbers))
    return lambda asked: np.asarray(made.predict_proba(list(asked)), np.float32)


def by_vectors(texts: Sequence[str], numbers: Sequence[int], _: int) -> Shares:
    """Logistic regression on the mean of word vectors."""
    from sklearn.linear_model import LogisticRegression

    vectors = WordVectors.load()

    def rows(asked: Sequence[str]) -> Floats:
        return vectors.utterances(asked)

    made = LogisticRegression(C=30, max_iter=300)
    made.fit(rows(texts), list(numbers))
    return lambda asked: np.asarray(made.predict_proba(rows(asked)), np.float32)


def by_both(texts: Sequence[str], numbers: Sequence[int], labels: int) -> Shares:
    """The geometric mean of both."""
    first, second = by_tf_idf(texts, numbers, labels), by_vectors(texts, numbers, labels)
    return lambda asked: np.sqrt(first(asked) * second(asked))


def by_fuzz(texts: Sequence[str], numbers: Sequence[int], labels: int) -> Shares:
    """The similarity of the nearest utterance of each label."""
    utterances = dict(zip(texts, numbers, strict=True))
    known = list(utterances)
    of = np.array(list(utterances.values()))

    def shares(asked: Sequence[str]) -> Floats:
        found = np.zeros((len(asked), labels), np.float32)
        for row, text in enumerate(asked):
            similarity = process.cdist([text], known, scorer=fuzz.token_sort_ratio)[0] / 100
            np.maximum.at(found[row], of, similarity**8)
        return found

    return shares


def by_bm25(texts: Sequence[str], numbers: Sequence[int], labels: int) -> Shares:
    """SQLite's full-text index with its BM25 rank, the best utterance of each label."""
    store = sqlite3.connect(":memory:")
    store.execute("create virtual table utterances using fts5(text, label unindexed)")
    rows = sorted(set(zip(texts, numbers, strict=True)))
    store.executemany("insert into utterances values (?, ?)", rows)

    def shares(asked: Sequence[str]) -> Floats:
        found = np.zeros((len(asked), labels), np.float32)
        for row, text in enumerate(asked):
            words = " OR ".join(f'"{word}"' for word in text.split()) or '""'
            for label, rank in store.execute(
                "select label, rank from utterances"
                " where utterances match ? order by rank limit 200",
                (words,),
            ):
                found[row, label] = max(found[row, label], -rank)
        return found

    return shares


def _milliseconds(shares: Shares, asked: Sequence[str]) -> tuple[float, float]:
    """Median and 95th percentile of one query at a time."""
    shares(asked[:1])
    times = []
    for text in asked:
        started = time.perf_counter()
        shares([text])
        times.append(1_000 * (time.perf_counter() - started))
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    main()
