"""The matcher's index: every sample as weighted tokens. Made at build, stored as JSON.

A label names what a sample leads to: `answer:men`, `silence:history` or an intent such as
`AMAZON.HelpIntent`. Tokens are word stems, or `{oxytocin}` for any name of a term.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

from skill.errors import AskableError

VERSION = 1
_STEMMER = snowballstemmer.stemmer("english")


@dataclass(frozen=True)
class Index:
    """What `Matcher` searches. `samples` holds (label number, token numbers, sample text)."""

    digest: str  # of the content it was built from
    labels: tuple[str, ...]
    tokens: tuple[str, ...]
    weights: tuple[float, ...]  # one a token: how much it tells labels apart, in nats
    fillers: tuple[str, ...]  # tokens that carry no topic: unknown ones of these cost nothing
    names: Mapping[str, str]  # a term's name as words -> its token
    samples: tuple[tuple[int, tuple[int, ...], str], ...]

    def to_json(self) -> str:
        """One sample a line, so that a change shows in a diff."""
        head = {
            "version": VERSION,
            "digest": self.digest,
            "labels": self.labels,
            "tokens": self.tokens,
            "weights": self.weights,
            "fillers": self.fillers,
            "names": self.names,
        }
        lines = ",\n".join(json.dumps(sample) for sample in self.samples)
        return json.dumps(head)[:-1] + ', "samples": [\n' + lines + "\n]}\n"

    @staticmethod
    def from_json(text: str) -> Index:
        """Read what `to_json` wrote; raises AskableError when it is something else."""
        try:
            raw = json.loads(text)
            if raw["version"] != VERSION:
                raise ValueError(f"version {raw['version']}")
            return Index(
                str(raw["digest"]),
                tuple(raw["labels"]),
                tuple(raw["tokens"]),
                tuple(raw["weights"]),
                tuple(raw["fillers"]),
                dict(raw["names"]),
                tuple((label, tuple(tokens), sample) for label, tokens, sample in raw["samples"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise AskableError(
                f"interaction_model/matcher.json: cannot be read ({error}); run `askable build`"
            ) from error


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The word without its endings."""
    return str(_STEMMER.stemWord(word))


def tokenise(utterance: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """A normalised utterance as tokens; the longest name of a term wins."""
    words = utterance.split()
    longest = max((name.count(" ") + 1 for name in names), default=0)
    tokens: list[str] = []
    at = 0
    while at < len(words):
        for size in range(min(longest, len(words) - at), 0, -1):
            token = names.get(" ".join(words[at : at + size]))
            if token:
                tokens.append(token)
                at += size
                break
        else:
            tokens.append(stem(words[at]))
            at += 1
    return tuple(tokens)
