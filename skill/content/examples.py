"""`examples.yaml`: how people really ask, as training data in addition to the templates.

Only the build reads the file. Its utterances are no samples of Alexa's model: they teach which
words lead to an answer, and which words do not although they sound near.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from skill.content.intents import COMMAND_INTENTS
from skill.content.labels import OUT_OF_DOMAIN, Label, LabelKind
from skill.content.loader import EXAMPLES_FILE
from skill.content.model import Article
from skill.content.refusals import REFUSALS
from skill.content.templates import Rules, TemplateError, slots_in
from skill.content.text import normalise
from skill.content.yaml_reader import Fields, read_fields
from skill.errors import ContentError, Problem

# The slot for an entity that the article is not about.
OTHER_SLOT = "other"


@dataclass(frozen=True)
class Examples:
    """Utterances by label.

    `other_entities` names things that the article is not about; `other_entity_samples` holds, for
    each template, samples with `{other}` in them, which no answer covers.
    """

    by_label: Mapping[Label, tuple[str, ...]]
    other_entities: tuple[str, ...] = ()
    other_entity_samples: tuple[tuple[str, ...], ...] = ()


def read_examples(folder: Path, article: Article) -> Examples:
    """The examples of one article; an article may have none.

    Raises:
        ContentError: One problem for each malformed field, unknown answer and repeated utterance.
    """
    path = folder / EXAMPLES_FILE
    if not path.exists():
        return Examples({})
    shown = f"{folder.name}/{EXAMPLES_FILE}"
    problems: list[Problem] = []
    fields = read_fields(path, shown, problems)
    if fields is None:
        raise ContentError(problems)
    by_label = _labelled(fields, article)
    entities = tuple(map(normalise, fields.texts("other_entities")))
    samples = _other_entity_samples(fields, article, entities)
    fields.done()
    problems += _clashes(by_label, shown)
    if problems:
        raise ContentError(problems)
    return Examples(by_label, entities, samples)


def _labelled(fields: Fields, article: Article) -> dict[Label, tuple[str, ...]]:
    found: dict[Label, tuple[str, ...]] = {}
    answers = tuple(article.answers)
    known = {
        "answers": (LabelKind.ANSWER, answers),
        "near_misses": (LabelKind.NEAR_MISS, answers),
        "commands": (LabelKind.COMMAND, COMMAND_INTENTS),
        "known_gaps": (LabelKind.KNOWN_GAP, None),
        "refusals": (LabelKind.REFUSAL, tuple(refusal.name for refusal in REFUSALS)),
    }
    for field, (kind, names) in known.items():
        for name, utterances in fields.named_texts(field).items():
            if names is not None and name not in names:
                fields.fault(f"{field}.{name}", f"no such name; known are {', '.join(names)}")
            found[Label(kind, name)] = utterances
    if utterances := fields.texts("out_of_domain"):
        found[OUT_OF_DOMAIN] = utterances
    return {label: tuple(map(normalise, utterances)) for label, utterances in found.items()}


def _other_entity_samples(
    fields: Fields, article: Article, entities: tuple[str, ...]
) -> tuple[tuple[str, ...], ...]:
    """The samples of each template, slots left open."""
    field = "other_entity_templates"
    names = {normalise(name) for term in article.terms.values() for _, name in term.names()}
    for name in sorted(names.intersection(entities)):
        what = f'"{name}" is a name in terms.yaml; take it out of one of them'
        fields.fault("other_entities", what)
    rules = Rules(article.rules)
    found = []
    for template in fields.texts(field):
        try:
            samples = rules.samples(template)
        except TemplateError as error:
            fields.fault(field, f'"{template}" {error}')
            continue
        slots = {slot for sample in samples for slot in slots_in(sample)}
        unknown = sorted(slots - {OTHER_SLOT, *article.terms})
        if unknown:
            fields.fault(field, f'"{template}" has a slot {{{unknown[0]}}} of no term')
        elif not all(OTHER_SLOT in slots_in(sample) for sample in samples):
            fields.fault(field, f'"{template}" can be said without {{{OTHER_SLOT}}}')
        elif not entities:
            fields.fault(field, "has nothing to ask about; list some things in other_entities")
        else:
            found.append(samples)
    return tuple(found)


def _clashes(found: Mapping[Label, tuple[str, ...]], shown: str) -> list[Problem]:
    owners: dict[str, Label] = {}
    problems = []
    for label, utterances in found.items():
        for utterance in utterances:
            other = owners.setdefault(utterance, label)
            if other != label:
                what = f'"{utterance}" stands under "{other}" too; take it out of one of them'
                problems.append(Problem(shown, 0, str(label), what))
    return problems
