"""What packing the matcher for Lambda changes, beside numpy's from the files as they are; a table.

.venv/bin/python bench/packing.py
"""

from __future__ import annotations

import tempfile
import zlib
from pathlib import Path

import yaml

from skill.aws.packing import SHIPPED, Rounding, packed_learned
from skill.understanding.arrays import Arrays
from skill.understanding.matcher import Decision, Matcher, decide
from skill.understanding.model_file import load_matcher_model
from skill.understanding.plain_learned import PlainLearned
from skill.understanding.word_vectors import WordVectors

_REPO = Path(__file__).resolve().parent.parent
_ROUNDINGS = {
    "as finely as can be": Rounding(vectors=1, tables=1, layers=20, lane=8),
    "layers rounded": Rounding(1, 1, SHIPPED.layers, SHIPPED.lane),
    "tables rounded too": Rounding(1, SHIPPED.tables, SHIPPED.layers, SHIPPED.lane),
    "word vectors too, as shipped": SHIPPED,
}


def main() -> None:
    """Put all questions of the tests to each, and weigh its file."""
    learned = load_matcher_model(_REPO / "interaction_model" / "matcher.npz")
    words = WordVectors.load()
    questions = [
        case["text"]
        for path in sorted((_REPO / "tests" / "data").glob("questions_*.yaml"))
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]
    numpys = _verdicts(
        Matcher(learned, lambda heard: learned.probabilities(heard, words)), questions
    )
    print(f"{len(questions)} questions\n")
    print("| packed | other verdicts | largest difference of a score | deflated MB |")
    print("|---|---|---|---|")
    for name, rounding in _ROUNDINGS.items():
        packed = packed_learned(learned, words, rounding)
        with tempfile.NamedTemporaryFile() as file:
            path = Path(file.name)
            path.write_bytes(packed)
            plain = PlainLearned(Arrays(path))
            ours = _verdicts(Matcher(plain, plain.probabilities), questions)
        both = list(zip(ours, numpys, strict=True))
        others = sum(one[:3] != other[:3] for one, other in both)
        apart = max(abs(one.score - other.score) for one, other in both if one[:3] == other[:3])
        size = len(zlib.compress(packed, 9)) / 1e6
        print(f"| {name} | {others} | {apart:.4f} | {size:.2f} |")


def _verdicts(matcher: Matcher, questions: list[str]) -> list[Decision]:
    return [decide(matcher.rank(question)) for question in questions]


if __name__ == "__main__":
    main()
