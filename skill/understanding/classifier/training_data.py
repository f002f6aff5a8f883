"""Labelled utterances to train on, from an article's templates and examples.

Half of a label's utterances come from its templates and half from its examples. Questions about
the article's things are also taught as questions about other things, which no answer covers. What
speech and Alexa do to a question is done here too: fillers are put before it, words are dropped,
and the words that a carrier phrase swallows ("why do {query}") are cut off.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from skill.content import (
    OTHER_SLOT,
    OUT_OF_DOMAIN,
    Article,
    Examples,
    Label,
    LabelKind,
    Rules,
    normalise,
    refusal_named,
    refusal_of_intent,
    slots_in,
)


@dataclass(frozen=True)
class SamplingWeights:
    """How many utterances are drawn, and how they are changed.

    Tuned on tests/oxytocin/questions_dev.yaml; `python -m bench.training sampling` tunes it again.
    """

    an_answer: int = 160  # utterances of one answer; the shares below are of these
    fewest: int = 8  # of one answer, where there are very many answers
    all_answers: int = 24_000
    near_miss: float = 0.5
    known_gap: float = 0.4
    command: float = 0.7
    refusal: float = 3.0
    out_of_domain: float = 12.0
    filler: float = 0.05  # share of utterances that get a filler
    cut: float = 0.25  # share of questions that lose what a carrier phrase swallows
    dropped: float = 0.12  # share of words lost from utterances of more than three

    def share(self, kind: LabelKind) -> float:
        """How many utterances a label of that kind gets for one of an answer."""
        return 1.0 if kind is LabelKind.ANSWER else getattr(self, kind)


WEIGHTS = SamplingWeights()
_QUESTIONS = (LabelKind.ANSWER, LabelKind.NEAR_MISS, LabelKind.KNOWN_GAP)
_ORDER = (LabelKind.ANSWER, LabelKind.NEAR_MISS, LabelKind.OUT_OF_DOMAIN, LabelKind.KNOWN_GAP)
_OTHER = f"{{{OTHER_SLOT}}}"
_FILLERS = ("um", "uh", "so", "like", "well", "hey", "okay so", "um so like", "please")


@dataclass(frozen=True)
class TrainingData:
    """Everything that can be learned, by label."""

    labels: tuple[Label, ...]
    examples: Mapping[Label, tuple[str, ...]]
    templates: Mapping[Label, tuple[tuple[str, ...], ...]]  # samples of each template, slots open
    names: Mapping[str, tuple[str, ...]]  # slot -> everything that can fill it
    carriers: tuple[str, ...]  # what stands before free text
    weights: SamplingWeights = WEIGHTS

    def draw(self, seed: int) -> tuple[list[str], list[int]]:
        """Utterances, and the number of each one's label; the same seed draws the same."""
        rng = random.Random(seed)
        utterances: list[str] = []
        numbers: list[int] = []
        answers = sum(label.kind is LabelKind.ANSWER for label in self.labels)
        most = self.weights.all_answers // max(1, answers)
        each = min(self.weights.an_answer, max(self.weights.fewest, most))
        for number, label in enumerate(self.labels):
            found = self._draw_label(label, round(each * self.weights.share(label.kind)), rng)
            utterances += found
            numbers += [number] * len(found)
        return utterances, numbers

    def everything(self) -> Iterator[tuple[Label, str]]:
        """(label, utterance): each example, and each sample with one name in its slots.

        The samples about other things are left out; they repeat those of the article's own.
        """
        first = {slot: names[:1] for slot, names in self.names.items()}
        for label in self.labels:
            for utterance in self.examples.get(label, ()):
                yield label, utterance
            for samples in self.templates.get(label, ()) if label != OUT_OF_DOMAIN else ():
                for sample in samples:
                    yield label, _fill(sample, first, random.Random(0))

    def from_templates(self) -> Iterator[str]:
        """Every sample with names in its slots by turns, and every name alone."""
        rng = random.Random(0)
        for label, templates in self.templates.items():
            for samples in templates if label != OUT_OF_DOMAIN else ():
                for sample in samples:
                    yield _fill(sample, self.names, rng)
        for slot, names in self.names.items():
            yield from names if slot != OTHER_SLOT else ()

    def _draw_label(self, label: Label, count: int, rng: random.Random) -> list[str]:
        """About `count` utterances: every example at least once, samples at random."""
        examples, templates = self.examples.get(label, ()), self.templates.get(label, ())
        from_examples = max(len(examples), count // 2 if templates else count) if examples else 0
        from_templates = max(count - from_examples, count // 2) if templates else 0
        found: list[str] = []
        while len(found) < from_examples:
            found += rng.sample(examples, min(len(examples), from_examples - len(found)))
        # Words are dropped first: without the other thing a question would be the article's.
        known = {slot: names for slot, names in self.names.items() if slot != OTHER_SLOT}
        found += [
            _fill(rng.choice(rng.choice(templates)), known, rng) for _ in range(from_templates)
        ]
        heard = [self._as_heard(utterance, label, rng) for utterance in found]
        others = {OTHER_SLOT: self.names.get(OTHER_SLOT, ())}
        return [_fill(utterance, others, rng) for utterance in heard]

    def _as_heard(self, utterance: str, label: Label, rng: random.Random) -> str:
        if rng.random() < self.weights.filler:
            utterance = f"{rng.choice(_FILLERS)} {utterance}"
        if label.kind in _QUESTIONS and rng.random() < self.weights.cut:
            utterance = self._without_carrier(utterance, rng)
        return _with_words_dropped(utterance, self.weights.dropped, rng)

    def _without_carrier(self, utterance: str, rng: random.Random) -> str:
        cut = [
            rest
            for carrier in self.carriers
            if (rest := utterance.removeprefix(f"{carrier} ")) != utterance and " " in rest
        ]
        return rng.choice(cut) if cut else utterance


def make_training_data(article: Article, examples: Examples) -> TrainingData:
    """What an article's templates and examples teach."""
    rules = Rules(article.rules)
    templates: dict[Label, list[tuple[str, ...]]] = {}
    for label, asks in (
        *((Label.answer(a.id), a.templates) for a in article.answers.values()),
        *((Label(LabelKind.KNOWN_GAP, gap.id), gap.asks) for gap in article.known_gaps),
        *((_label_of_intent(c.intent), c.asks) for c in article.commands),
    ):
        templates.setdefault(label, []).extend(rules.samples(template) for template in asks)
    for choice in article.choices:
        term = article.terms[choice.term]
        for template in choice.asks:
            samples = rules.samples(template)
            for value, names in term.values.items():
                templates[Label.answer(choice.answers[value])].append(
                    tuple(s.replace(f"{{{choice.term}}}", name) for s in samples for name in names)
                )
    slots = {
        slot: tuple(normalise(name) for _, name in term.names())
        for slot, term in article.slots.items()
    }
    carriers = {
        sample[: sample.index("{")].strip()
        for template in article.carrier_phrases
        for sample in rules.samples(template)
    }
    if examples.other_entity_samples:
        about_others = [*examples.other_entity_samples, *_about_others(templates)]
        templates[OUT_OF_DOMAIN] = about_others
        slots[OTHER_SLOT] = examples.other_entities
    return TrainingData(
        tuple(sorted({*templates, *examples.by_label}, key=_order)),
        examples.by_label,
        {label: tuple(found) for label, found in templates.items()},
        slots,
        tuple(sorted(filter(None, carriers))),
    )


def _label_of_intent(intent: str) -> Label:
    refusal = refusal_of_intent(intent)
    return Label(LabelKind.REFUSAL, refusal.name) if refusal else Label(LabelKind.COMMAND, intent)


def _order(label: Label) -> tuple[int, str]:
    """Intents by name, then the other kinds: a model learns the same from the same order."""
    if label.kind in _ORDER:
        return _ORDER.index(label.kind), label.name
    refusal = refusal_named(label.name) if label.kind is LabelKind.REFUSAL else None
    return -1, refusal.intent if refusal else label.name


def _about_others(
    templates: Mapping[Label, Sequence[Sequence[str]]],
) -> Iterator[tuple[str, ...]]:
    """For each answer, its samples with another thing in place of each of the article's."""
    for label, found in templates.items():
        if label.kind is LabelKind.ANSWER:
            samples = dict.fromkeys(sample for samples in found for sample in samples)
            about = [
                sample.replace(f"{{{slot}}}", _OTHER)
                for sample in samples
                for slot in slots_in(sample)
            ]
            if about:
                yield tuple(about)


def _with_words_dropped(utterance: str, share: float, rng: random.Random) -> str:
    """Drops words, as speech recognition does; it also keeps a model from learning by heart."""
    words = utterance.split()
    kept = [w for w in words if len(words) <= 3 or w == _OTHER or rng.random() > share]
    return " ".join(kept) if len(kept) > 1 else utterance


def _fill(sample: str, names: Mapping[str, Sequence[str]], rng: random.Random) -> str:
    for slot in slots_in(sample):
        if slot in names:
            sample = sample.replace(f"{{{slot}}}", rng.choice(names[slot]))
    return sample if _OTHER in sample else normalise(sample)
