"""How people really ask: `examples.yaml`, what the matcher learns from beside the templates.

The file is read at build alone. Its utterances are no samples of Alexa's model: they teach which
words lead to an answer, and which do not lead there however near they sound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from skill.article import Article
from skill.errors import ContentError, Problem
from skill.fields import Fields, read_fields
from skill.folder import EXAMPLES_FILE
from skill.intents import CONTROL_INTENTS, DANGER_INTENT, MEDICAL_INTENT
from skill.words import normalise

# The label of everything that has nothing to do with the article.
OUTSIDE = "outside"


@dataclass(frozen=True)
class Examples:
    """Utterances by label: `answer:men`, `beside:men`, `silence:history`, an intent, `outside`.

    `beside:men` holds what sounds like a question for the answer `men`, which does not tell it.
    """

    by_label: Mapping[str, tuple[str, ...]]


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
    found = _labelled(fields, article) if fields else {}
    if fields:
        fields.done()
    problems += _clashes(found, shown)
    if problems:
        raise ContentError(problems)
    return Examples(found)


def _labelled(fields: Fields, article: Article) -> dict[str, tuple[str, ...]]:
    found = {}
    known = {
        "answers": ("answer:", tuple(article.answers)),
        "beside": ("beside:", tuple(article.answers)),
        "controls": ("", CONTROL_INTENTS),
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
