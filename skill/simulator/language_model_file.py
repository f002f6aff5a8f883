"""The language model of what a skill may be asked: its weights, and its file in the models folder.

`askable build` writes the file, since making the model takes some seconds.
"""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from skill.content import COMMAND_INTENTS, LabelKind, normalise, read_examples
from skill.errors import StaleError
from skill.files import write_whole
from skill.simulator.runtime import Runtime
from skill.speech.recognition import pronounceable, to_arpa

_FILE = "ears.arpa.gz"
_WORDS_AFTER_INVOCATION = 3


@dataclass(frozen=True)
class LanguageModelWeights:
    """How often utterances count in the language model.

    Intents weigh the same however many samples they have; otherwise thousands of questions would
    drown "help". Tuned with `askable audition` on samples and development questions;
    `python -m bench.recognition words` tunes them again.
    """

    intent: int = 1_000  # all samples of an intent together
    command: int = 100  # a sample of a command; divided by the square of its number of words
    # All training examples of a label together. They are enough to recognize other words than
    # those of the samples, and too few to recognize them everywhere.
    answer: int = 200
    out_of_domain: int = 500
    other: int = 50


WEIGHTS = LanguageModelWeights()


def sample_counts(runtime: Runtime, weights: LanguageModelWeights = WEIGHTS) -> dict[str, int]:
    """Every sample of the interaction model, and how often it counts."""
    by_intent: dict[str, list[str]] = defaultdict(list)
    for intent, utterance in runtime.nlu.utterances():
        by_intent[intent].append(utterance)
    return {
        utterance: max(1, weights.command // len(utterance.split()) ** 2)
        if intent in COMMAND_INTENTS or intent.startswith("AMAZON.")
        else max(1, weights.intent // len(utterances))
        for intent, utterances in by_intent.items()
        for utterance in utterances
    }


def expected_utterances(
    runtime: Runtime, weights: LanguageModelWeights = WEIGHTS
) -> dict[str, int]:
    """Every sample and training example, and how often it counts."""
    counts = sample_counts(runtime, weights)
    examples = read_examples(runtime.settings.content, runtime.article)
    by_kind = {
        LabelKind.ANSWER: weights.answer,
        LabelKind.OUT_OF_DOMAIN: weights.out_of_domain,
    }
    for label, utterances in examples.by_label.items():
        weight = by_kind.get(label.kind, weights.other)
        # Corrected, so that a name is not recognized in a misheard form. A hesitation becomes "".
        for utterance in filter(None, map(runtime.matcher.correct, utterances)):
            counts[utterance] = counts.get(utterance, 0) + max(1, weight // len(utterances))
    return counts


def with_invocations(counts: Mapping[str, int], invocation_name: str) -> dict[str, int]:
    """The utterances, and the ways to begin them with the invocation name ("ask … guide").

    Those end after the first words of a question, since its other words are expected anyway.
    """
    name = normalise(invocation_name)
    invoked: dict[str, int] = defaultdict(int)
    for utterance, count in counts.items():
        beginning = " ".join(utterance.split()[:_WORDS_AFTER_INVOCATION])
        for call in ("ask", "alexa ask"):
            invoked[f"{call} {name} {beginning}"] += count
    most = max(invoked.values(), default=1)
    return {**counts, **invoked, f"open {name}": most, f"alexa open {name}": most}


def write_language_model(runtime: Runtime) -> Path | None:
    """Make the model if the content has changed since; returns the path if it was written."""
    path = runtime.settings.models / _FILE
    if _first_line(path) == runtime.digest:
        return None
    counts = pronounceable(expected_utterances(runtime), runtime.article.pronunciations)
    # Readers of ARPA files skip everything before the data.
    text = f"{runtime.digest}\n{to_arpa(counts)}"
    write_whole(path, gzip.compress(text.encode(), mtime=0))
    return path


def read_language_model(runtime: Runtime) -> str:
    """The model in ARPA format.

    Raises:
        StaleError: The file is missing or older than the content.
    """
    path = runtime.settings.models / _FILE
    if _first_line(path) != runtime.digest:
        raise StaleError(f"{path}: is missing or older than the content; run `askable build`")
    return gzip.decompress(path.read_bytes()).decode()


def _first_line(path: Path) -> str:
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            return lines.readline().strip()
    except (OSError, EOFError, ValueError):
        return ""
