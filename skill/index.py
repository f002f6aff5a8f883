"""Article -> the matcher's index: every sample as weighted tokens. Made at build, stored as JSON.

A label names what a sample leads to: `answer:men`, `silence:history` or an intent such as
`AMAZON.HelpIntent`. Tokens are word stems, or `{oxytocin}` for any name of a term.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import log

import snowballstemmer

from skill.article import Article
from skill.errors import AskableError
from skill.phrases import Rules, slots_in
from skill.words import normalise

VERSION = 1
_STEMMER = snowballstemmer.stemmer("english")


@dataclass(frozen=True)
class Index:
    """What `Matcher` searches. `samples` holds (label number, token numbers, sample text)."""

    labels: tuple[str, ...]
    tokens: tuple[str, ...]
    weights: tuple[float, ...]  # one a token: how much it tells labels apart, in nats
    names: Mapping[str, str]  # a term's name as words -> its token
    samples: tuple[tuple[int, tuple[int, ...], str], ...]

    def to_json(self) -> str:
        """One sample a line, so that a change shows in a diff."""
        head = {
            "version": VERSION,
            "labels": self.labels,
            "tokens": self.tokens,
            "weights": self.weights,
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
                tuple(raw["labels"]),
                tuple(raw["tokens"]),
                tuple(raw["weights"]),
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


def build_index(article: Article) -> Index:
    """Every sample of the article, weighted by how few labels share its tokens."""
    names = _names(article)
    seen: dict[tuple[str, frozenset[str]], str] = {}
    for label, sample in _labelled(article):
        seen.setdefault((label, frozenset(tokenise(normalise(sample), names))), sample)
    labels = tuple(sorted({label for label, _ in seen}))
    spread: dict[str, set[str]] = {}
    for label, bag in seen:
        for token in bag:
            spread.setdefault(token, set()).add(label)
    tokens = tuple(sorted(spread))
    weights = tuple(round(log((1 + len(labels)) / len(spread[t])), 3) for t in tokens)
    number = {token: n for n, token in enumerate(tokens)}
    label_number = {label: n for n, label in enumerate(labels)}
    samples = tuple(
        (label_number[label], tuple(sorted(number[token] for token in bag)), sample)
        for (label, bag), sample in seen.items()
    )
    return Index(labels, tokens, weights, names, samples)


def _names(article: Article) -> dict[str, str]:
    found: dict[str, str] = {}
    for term in article.terms.values():
        for value, name in term.names():
            token = f"{{{term.id}}}" if len(term.values) == 1 else f"{{{term.id}:{value}}}"
            found.setdefault(normalise(name), token)
    return found


def _labelled(article: Article) -> Iterator[tuple[str, str]]:
    """(label, sample) with every slot filled by its first name: one name stands for all."""
    rules = Rules(article.rules)
    first = {term.id: next(iter(term.values.values()))[0] for term in article.terms.values()}
    plain = [
        *((f"answer:{a.id}", a.asks) for a in article.answers.values()),
        *((f"silence:{s.id}", s.asks) for s in article.silences),
        *((c.intent, c.asks) for c in article.controls),
    ]
    for label, templates in plain:
        for template in templates:
            for sample in rules.samples(template):
                yield label, _filled(sample, first)
    for choice in article.choices:
        term = article.terms[choice.term]
        for template in choice.asks:
            for sample in rules.samples(template):
                for value, spoken in term.values.items():
                    names = {**first, choice.term: spoken[0]}
                    yield f"answer:{choice.answers[value]}", _filled(sample, names)


def _filled(sample: str, names: Mapping[str, str]) -> str:
    for slot in slots_in(sample):
        sample = sample.replace(f"{{{slot}}}", names[slot])
    return sample


