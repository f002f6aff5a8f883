"""How people really ask: `examples.yaml`, what the matcher learns from beside the templates.

The file is read at build alone. Its utterances are no samples of Alexa's model: they teach which
words lead to an answer, and which do not lead there however near they sound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from skill.content.folder import EXAMPLES_FILE
from skill.content.intents import COMMAND_INTENTS, DANGER_INTENT, MEDICAL_INTENT
from skill.content.model import Article
from skill.content.templates import Rules, TemplateError, slots_in
from skill.content.text import normalise
from skill.content.yaml_reader import Fields, read_fields
from skill.errors import ContentError, Problem

# The label of everything that has nothing to do with the article.
OUTSIDE = "outside"
# The slot of what is none of the article's things.
OTHER = "other"


@dataclass(frozen=True)
class Examples:
    """Utterances by label: `answer:men`, `beside:men`, `silence:history`, an intent, `outside`.

    `beside:men` holds what sounds like a question for the answer `men`, which does not tell it.
    `others` names things that the article is not about; `asked_of_others` holds samples with
    `{other}` in them, by template, which no answer tells.
    """

    by_label: Mapping[str, tuple[str, ...]]
    others: tuple[str, ...] = ()
    asked_of_others: tuple[tuple[str, ...], ...] = ()


def read_examples(folder: Path, article: Article) -> Examples:
    """The examples of one article; an article may have none.

    Raises ContentError with every malformed field, unknown answer and twofold utterance.
    """
    path = folder / EXAMPLES_FILE
    if not path.exists():
        return Examples({})
    shown = f"{folder.name}/{EXAMPLES_FILE}"
    problems: list[Problem] = []
    fields = read_fields(path, shown, problems)
    if fields is None:
        raise ContentError(problems)
    found = _labelled(fields, article)
    others = tuple(map(normalise, fields.texts("others")))
    asked = _asked_of_others(fields, article, others)
    fields.done()
    problems += _clashes(found, shown)
    if problems:
        raise ContentError(problems)
    return Examples(found, others, asked)


def _labelled(fields: Fields, article: Article) -> dict[str, tuple[str, ...]]:
    found = {}
    known = {
        "answers": ("answer:", tuple(article.answers)),
        "beside": ("beside:", tuple(article.answers)),
        "controls": ("", COMMAND_INTENTS),
        "silences": ("silence:", None),
    }
    for field, (kind, names) in known.items():
        if not fields.has(field):
            continue
        for name, utterances in fields.named_texts(field).items():
            if names is not None and name not in names:
                fields.fault(f"{field}.{name}", f"no such name; known are {', '.join(names)}")
            found[f"{kind}{name}"] = utterances
    for field, label in (("medical", MEDICAL_INTENT), ("danger", DANGER_INTENT), (OUTSIDE,) * 2):
        utterances = fields.texts(field)
        if utterances:
            found[label] = utterances
    return {label: tuple(map(normalise, utterances)) for label, utterances in found.items()}


def _asked_of_others(
    fields: Fields, article: Article, others: tuple[str, ...]
) -> tuple[tuple[str, ...], ...]:
    """The samples of each template, its slots open."""
    names = {normalise(name) for term in article.terms.values() for _, name in term.names()}
    for name in sorted(names.intersection(others)):
        fields.fault("others", f'"{name}" is a name in terms.yaml; take it out of one of them')
    rules = Rules(article.rules)
    found = []
    for template in fields.texts("asked_of_others"):
        try:
            samples = rules.samples(template)
        except TemplateError as error:
            fields.fault("asked_of_others", f'"{template}" {error}')
            continue
        slots = {slot for sample in samples for slot in slots_in(sample)}
        unknown = sorted(slots - {OTHER, *article.terms})
        if unknown:
            fields.fault("asked_of_others", f'"{template}" has a slot {{{unknown[0]}}} of no term')
        elif not all(OTHER in slots_in(sample) for sample in samples):
            fields.fault("asked_of_others", f'"{template}" can be said without {{{OTHER}}}')
        elif not others:
            fields.fault("asked_of_others", "has nothing to ask of; list some things in others")
        else:
            found.append(samples)
    return tuple(found)


def _clashes(found: Mapping[str, tuple[str, ...]], shown: str) -> list[Problem]:
    owners: dict[str, str] = {}
    problems = []
    for label, utterances in found.items():
        for utterance in utterances:
            other = owners.setdefault(utterance, label)
            if other != label:
                what = f'"{utterance}" stands under "{other}" too; take it out of one of them'
                problems.append(Problem(shown, 0, label, what))
    return problems
