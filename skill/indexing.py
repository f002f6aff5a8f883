"""Article -> the matcher's index: which words tell which answers apart. Pure; runs at build."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import log

from skill.article import Article
from skill.index import Index, stem, tokenise
from skill.phrases import Rules, slots_in
from skill.words import normalise


def build_index(article: Article, digest: str) -> Index:
    """Every sample of the article, weighted by how few labels share its tokens.

    `digest` is kept to tell an index that is older than its content.
    """
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
    fillers = tuple(sorted({stem(word) for word in article.fillers}))
    return Index(digest, labels, tokens, weights, fillers, names, samples)


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
        *((f"answer:{a.id}", a.templates) for a in article.answers.values()),
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
