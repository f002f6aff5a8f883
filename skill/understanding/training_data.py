"""Article and examples -> labelled utterances to learn from. Pure; the same seed, the same ones.

A label is learnt half from its templates and half from its examples. What is asked of the article's
things is also learnt as asked of others, which no answer tells. What speech and Alexa do to a
question is done here too: fillers are put before it, and the words that a carrier phrase swallows
("why do {query}") are taken off.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from skill.content.examples import OTHER, OUTSIDE, Examples
from skill.content.intents import DANGER_INTENT, MEDICAL_INTENT
from skill.content.model import Article
from skill.content.templates import Rules, slots_in
from skill.content.text import normalise

# Lessons of one answer, fewer where there are very many of them; other labels have shares of it.
_AN_ANSWER, _FEWEST = 160, 8
_ALL_ANSWERS = 24_000
_SHARES = {OUTSIDE: 12.0, MEDICAL_INTENT: 3.0, DANGER_INTENT: 3.0}
_KIND_SHARES = {"answer": 1.0, "beside": 0.5, "silence": 0.4}
_CONTROL_SHARE = 0.7
_FILLED = 0.05  # of all lessons
_CUT = 0.25
# Of all words of lessons of more than three: what speech recognition swallows, and what keeps a
# network from knowing its lessons by heart.
_LOST = 0.12
_OTHER = f"{{{OTHER}}}"
_FILLERS = ("um", "uh", "so", "like", "well", "hey", "okay so", "um so like", "please")


@dataclass(frozen=True)
class TrainingData:
    """Everything that can be learnt, by label."""

    labels: tuple[str, ...]
    examples: Mapping[str, tuple[str, ...]]
    templates: Mapping[str, tuple[tuple[str, ...], ...]]  # a template's samples, slots open
    names: Mapping[str, tuple[str, ...]]  # slot -> all that can stand in it
    carriers: tuple[str, ...]  # what stands before free words

    def draw(self, seed: int) -> tuple[list[str], list[int]]:
        """Utterances and the number of each one's label."""
        chance = random.Random(seed)
        utterances: list[str] = []
        numbers: list[int] = []
        answers = sum(label.startswith("answer:") for label in self.labels)
        each = min(_AN_ANSWER, max(_FEWEST, _ALL_ANSWERS // max(1, answers)))
        for number, label in enumerate(self.labels):
            found = self._lessons(label, round(each * _share(label)), chance)
            utterances += found
            numbers += [number] * len(found)
        return utterances, numbers

    def everything(self) -> Iterator[tuple[str, str]]:
        """(label, utterance): each example, and each sample with one name in its slots.

        But for what is asked of others, which is the same samples again.
        """
        first = {slot: names[:1] for slot, names in self.names.items()}
        for label in self.labels:
            for utterance in self.examples.get(label, ()):
                yield label, utterance
            for samples in self.templates.get(label, ()) if label != OUTSIDE else ():
                for sample in samples:
                    yield label, _filled(sample, first, random.Random(0))

    def from_templates(self) -> Iterator[str]:
        """Every sample with every name in its slots by turns, and every name by itself."""
        chance = random.Random(0)
        for label, templates in self.templates.items():
            for samples in templates if label != OUTSIDE else ():
                for sample in samples:
                    yield _filled(sample, self.names, chance)
        for slot, names in self.names.items():
            yield from names if slot != OTHER else ()

    def _lessons(self, label: str, count: int, chance: random.Random) -> list[str]:
        """About `count`: every example at least once, the templates by chance."""
        examples, templates = self.examples.get(label, ()), self.templates.get(label, ())
        from_examples = max(len(examples), count // 2 if templates else count) if examples else 0
        from_templates = max(count - from_examples, count // 2) if templates else 0
        found: list[str] = []
        while len(found) < from_examples:
            found += chance.sample(examples, min(len(examples), from_examples - len(found)))
        # Without the other thing a question would be the article's.
        known = {slot: names for slot, names in self.names.items() if slot != OTHER}
        found += [
            _filled(chance.choice(chance.choice(templates)), known, chance)
            for _ in range(from_templates)
        ]
        heard = [self._as_heard(lesson, label, chance) for lesson in found]
        others = {OTHER: self.names.get(OTHER, ())}
        return [_filled(lesson, others, chance) for lesson in heard]

    def _as_heard(self, lesson: str, label: str, chance: random.Random) -> str:
        if chance.random() < _FILLED:
            lesson = f"{chance.choice(_FILLERS)} {lesson}"
        if label.partition(":")[0] in _KIND_SHARES and chance.random() < _CUT:
            lesson = self._without_carrier(lesson, chance)
        return _thinned(lesson, chance)

    def _without_carrier(self, lesson: str, chance: random.Random) -> str:
        cut = [
            rest
            for carrier in self.carriers
            if (rest := lesson.removeprefix(f"{carrier} ")) != lesson and " " in rest
        ]
        return chance.choice(cut) if cut else lesson


def make_training_data(article: Article, examples: Examples) -> TrainingData:
    """What an article's templates and examples teach."""
    rules = Rules(article.rules)
    templates: dict[str, list[tuple[str, ...]]] = {}
    for label, asks in (
        *((f"answer:{a.id}", a.templates) for a in article.answers.values()),
        *((f"silence:{s.id}", s.asks) for s in article.known_gaps),
        *((c.intent, c.asks) for c in article.commands),
    ):
        templates[label] = [rules.samples(template) for template in asks]
    for choice in article.choices:
        term = article.terms[choice.term]
        for template in choice.asks:
            samples = rules.samples(template)
            for value, names in term.values.items():
                only = {choice.term: names}
                templates[f"answer:{choice.answers[value]}"].append(
                    tuple(_slot_filled(s, only, name) for s in samples for name in names)
                )
    slots = {
        term.id: tuple(normalise(name) for _, name in term.names())
        for term in article.terms.values()
    }
    carriers = {
        sample[: sample.index("{")].strip()
        for template in article.carrier_phrases
        for sample in rules.samples(template)
    }
    if examples.asked_of_others:
        templates[OUTSIDE] = [*examples.asked_of_others, *_of_others(templates)]
        slots[OTHER] = examples.others
    labels = sorted({*templates, *examples.by_label})
    return TrainingData(
        tuple(labels),
        examples.by_label,
        {label: tuple(found) for label, found in templates.items()},
        slots,
        tuple(sorted(filter(None, carriers))),
    )


def _of_others(templates: Mapping[str, Sequence[Sequence[str]]]) -> Iterator[tuple[str, ...]]:
    """What is asked of the article's things, asked of another: by answer."""
    for label, found in templates.items():
        if label.startswith("answer:"):
            samples = dict.fromkeys(sample for samples in found for sample in samples)
            asked = [
                sample.replace(f"{{{slot}}}", _OTHER)
                for sample in samples
                for slot in slots_in(sample)
            ]
            if asked:
                yield tuple(asked)


def _thinned(lesson: str, chance: random.Random) -> str:
    words = lesson.split()
    kept = [w for w in words if len(words) <= 3 or w == _OTHER or chance.random() > _LOST]
    return " ".join(kept) if len(kept) > 1 else lesson


def _share(label: str) -> float:
    kind, colon, _ = label.partition(":")
    return _KIND_SHARES[kind] if colon else _SHARES.get(label, _CONTROL_SHARE)


def _slot_filled(sample: str, only: Mapping[str, Sequence[str]], name: str) -> str:
    for slot in only:
        sample = sample.replace(f"{{{slot}}}", name)
    return sample


def _filled(sample: str, names: Mapping[str, Sequence[str]], chance: random.Random) -> str:
    for slot in slots_in(sample):
        if slot in names:
            sample = sample.replace(f"{{{slot}}}", chance.choice(names[slot]))
    return sample if _OTHER in sample else normalise(sample)
