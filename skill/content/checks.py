"""What must hold between the parts of an article.

An empty text is a field that was missing, which the loader has reported already.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from skill.content.cues import PHONES, PROMPTS
from skill.content.intents import COMMAND_INTENTS, COMMAND_SLOTS, OWN_INTENTS, SEARCH_SLOT
from skill.content.model import Article, Locale, Sentence
from skill.content.templates import Rules, TemplateError, fill, slots_in
from skill.content.text import normalise, word_count
from skill.errors import Problem

MOST_WORDS = 45  # about 18 seconds of speech (docs/reference/content-format.md)
MOST_SENTENCES = 2
MOST_FOLLOW_UPS = 3
_INTENT_NAME = re.compile(r"[A-Za-z][A-Za-z_]*Intent")
_SENTENCE_END = re.compile(r"(?<!\bDr)[.!?]\s+\S")


def find_problems(article: Article, lines: Mapping[str, tuple[str, int]]) -> list[Problem]:
    """Every problem of an article; `lines` gives the file and line of each entry ("answer men")."""
    found = [
        *_answer_problems(article, lines),
        *_reference_problems(article, lines),
        *_template_problems(article, lines),
    ]
    found.extend(_frame_problems(article, lines["locales/en.yaml"][0]))
    for locale in (article.default_locale, *article.locales.values()):
        found.extend(_prompt_problems(locale, *lines[f"locales/{locale.name}.yaml"]))
    return found


def _answer_problems(article: Article, lines: Mapping[str, tuple[str, int]]) -> Iterator[Problem]:
    known = list(article.outline)
    span = f"{known[0]} to {known[-1]}" if known else "nothing"
    intents: dict[str, str] = {}
    for answer in article.answers.values():
        file, line = lines[f"answer {answer.id}"]
        place = f'answer "{answer.id}"'
        if answer.intent and not _INTENT_NAME.fullmatch(answer.intent):
            what = f'"{answer.intent}" should be letters and underscores and end in Intent'
            yield Problem(file, line, f"{place}: intent", what)
        if answer.intent in OWN_INTENTS or answer.intent.startswith("AMAZON."):
            what = f'"{answer.intent}" belongs to the skill itself; rename it'
            yield Problem(file, line, f"{place}: intent", what)
        if answer.intent and answer.intent in intents:
            what = f'"{answer.intent}" is taken by answer "{intents[answer.intent]}"; rename one'
            yield Problem(file, line, f"{place}: intent", what)
        intents[answer.intent] = answer.id
        if len(answer.more) > MOST_FOLLOW_UPS:
            what = f"{len(answer.more)} follow-ups; keep at most {MOST_FOLLOW_UPS}"
            yield Problem(file, line, f"{place}: more", what)
        for position, part in enumerate(answer.parts):
            field = f"{place}: says" if position == 0 else f"{place}: more[{position - 1}]"
            yield from _part_problems(part, article, span, file, line, field)
        for field, name in (("leads_to", answer.leads_to), ("why", answer.why)):
            if name and name not in article.answers:
                what = f'there is no answer "{name}"; name an answer\'s id'
                yield Problem(file, line, f"{place}: {field}", what)


def _part_problems(
    part: tuple[Sentence, ...], article: Article, span: str, file: str, line: int, field: str
) -> Iterator[Problem]:
    words = sum(word_count(sentence.text) for sentence in part)
    if not part:
        yield Problem(file, line, field, "says nothing; add a sentence")
    if words > MOST_WORDS:
        what = f"{words} words; keep it to {MOST_WORDS}, or move some to `more`"
        yield Problem(file, line, field, what)
    if len(part) > MOST_SENTENCES:
        what = f"{len(part)} sentences; keep it to {MOST_SENTENCES}, or move some to `more`"
        yield Problem(file, line, field, what)
    for position, sentence in enumerate(part):
        inner = f"{field}[{position}]"
        if _SENTENCE_END.search(sentence.text):
            what = "holds two sentences; give each its own `text` and `sources`"
            yield Problem(file, line, f"{inner}.text", what)
        if sentence.text and sentence.text[-1] not in ".!?":
            yield Problem(file, line, f"{inner}.text", "does not end like a sentence; add a period")
        for source in sentence.sources:
            if source not in article.outline:
                what = f'no such locator "{source}"; article.yaml\'s outline has {span}'
                yield Problem(file, line, f"{inner}.sources", what)


def _reference_problems(
    article: Article, lines: Mapping[str, tuple[str, int]]
) -> Iterator[Problem]:
    file = lines["article.yaml"][0]
    for field, names in (("reading", article.reading), ("topics", article.topics)):
        for name in names:
            if name not in article.answers:
                yield Problem(file, 0, field, f'there is no answer "{name}"; name an answer\'s id')
    if article.example_phrases and len(article.example_phrases) != 3:
        found = len(article.example_phrases)
        yield Problem(file, 0, "example_phrases", f"{found} given; the skill speaks exactly three")
    if not article.locales:
        yield Problem(file, 0, "locales", "no locale; add a file such as locales/en-US.yaml")
    taken = {answer.intent for answer in article.answers.values()} | set(OWN_INTENTS)
    for choice in article.choices:
        file, line = lines[f"choice {choice.id}"]
        place = f'choice "{choice.id}"'
        if choice.intent in taken:
            what = f'"{choice.intent}" is taken; rename it'
            yield Problem(file, line, f"{place}: intent", what)
        taken.add(choice.intent)
        term = article.terms.get(choice.term)
        if term is None:
            what = f'the term "{choice.term}" is not defined in terms.yaml; define it'
            yield Problem(file, line, f"{place}: term", what)
            continue
        for value in term.values:
            if value not in choice.answers:
                yield Problem(file, line, f"{place}: answers", f'has no line for "{value}"; add it')
        for value, name in choice.answers.items():
            if value not in term.values:
                what = f'"{value}" is not a value of the term "{term.id}" in terms.yaml'
                yield Problem(file, line, f"{place}: answers", what)
            if name not in article.answers:
                what = f'there is no answer "{name}"; name an answer\'s id'
                yield Problem(file, line, f"{place}: answers.{value}", what)


@dataclass(frozen=True)
class _Owner:
    """Something with templates, and how problems name it."""

    place: str
    templates: tuple[str, ...]
    file: str
    line: int
    many_valued: frozenset[str] = frozenset()  # slots with several values that it may use
    is_answer: bool = False


def _owners(article: Article, lines: Mapping[str, tuple[str, int]]) -> Iterator[_Owner]:
    for answer in article.answers.values():
        at = lines[f"answer {answer.id}"]
        yield _Owner(f'answer "{answer.id}"', answer.templates, *at, is_answer=True)
    for choice in article.choices:
        at = lines[f"choice {choice.id}"]
        yield _Owner(f'choice "{choice.id}"', choice.asks, *at, frozenset([choice.term]))
    for gap in article.known_gaps:
        yield _Owner(f'known_gap "{gap.id}"', gap.asks, *lines[f"known_gap {gap.id}"])
    for command in article.commands:
        slots = frozenset(COMMAND_SLOTS.get(command.intent, ()))
        at = lines["locales/en.yaml"]
        yield _Owner(f'commands "{command.intent}"', command.asks, *at, slots)


def _template_problems(article: Article, lines: Mapping[str, tuple[str, int]]) -> Iterator[Problem]:
    rules = Rules(article.rules)
    owner_of: dict[str, _Owner] = {}
    for owner in _owners(article, lines):
        clashes: dict[str, str] = {}
        for position, template in enumerate(owner.templates):
            is_topic = owner.is_answer and position == len(owner.templates) - 1
            place = f"{owner.place}: topic" if is_topic else f"{owner.place}: asks[{position}]"
            try:
                samples = rules.samples(template)
            except TemplateError as error:
                yield Problem(owner.file, owner.line, place, f'"{template}": {error}')
                continue
            slots = {name for sample in samples for name in slots_in(sample)}
            for what in _slot_problems(slots, article, owner):
                yield Problem(owner.file, owner.line, place, what)
            if not slots <= article.slots.keys():
                continue
            for sample in samples:
                for filled in fill(sample, article.slots):
                    other = owner_of.setdefault(filled.utterance, owner)
                    if other != owner:
                        clashes.setdefault(other.place, filled.utterance)
        for place, utterance in clashes.items():
            what = f'"{utterance}" is claimed by {place} too; take it out of one of them'
            yield Problem(owner.file, owner.line, f"{owner.place}: asks", what)
    file = lines["article.yaml"][0]
    for position, phrase in enumerate(article.example_phrases):
        question = normalise(phrase).removeprefix(f"alexa ask {article.invocation_name} ")
        if question not in owner_of or not owner_of[question].is_answer:
            what = f'"{question}" is not among the samples of an answer; use one that is'
            yield Problem(file, 0, f"example_phrases[{position}]", what)


def _slot_problems(slots: set[str], article: Article, owner: _Owner) -> Iterator[str]:
    for slot in sorted(slots):
        term = article.slots.get(slot)
        if term is None:
            yield f"uses the term {{{slot}}}, which terms.yaml does not define; define it"
        elif len(term.values) > 1 and slot not in owner.many_valued:
            yield f"{{{slot}}} has several values; only a choice over it can use it"


def _frame_problems(article: Article, file: str) -> Iterator[Problem]:
    for command in article.commands:
        if command.intent not in OWN_INTENTS:
            what = f"no such intent; the dialogue knows {', '.join(COMMAND_INTENTS)}"
            yield Problem(file, 0, f"commands.{command.intent}", what)
    rules = Rules(article.rules)
    for position, template in enumerate(article.carrier_phrases):
        place = f"carrier_phrases[{position}]"
        try:
            samples = rules.samples(template)
        except TemplateError as error:
            yield Problem(file, 0, place, f'"{template}": {error}')
            continue
        if any(slots_in(sample) != (SEARCH_SLOT,) for sample in samples):
            what = f'"{template}": should hold {{{SEARCH_SLOT}}} and no other slot'
            yield Problem(file, 0, place, what)


def _prompt_problems(locale: Locale, file: str, line: int) -> Iterator[Problem]:
    if "emergency" not in locale.phones:
        yield Problem(file, line, "phones", '"emergency" is missing; add it')
    for name in sorted(set(locale.phones) - PHONES):
        what = f"unknown phone; the prompts know {', '.join(sorted(PHONES))}"
        yield Problem(file, line, f"phones.{name}", what)
    for name in PROMPTS:
        if name not in locale.prompts:
            yield Problem(file, line, "prompts", f'"{name}" is missing; add it')
    for name, text in locale.prompts.items():
        if name not in PROMPTS:
            what = f"unknown prompt; the dialogue speaks {', '.join(sorted(PROMPTS))}"
            yield Problem(file, line, f"prompts.{name}", what)
            continue
        try:
            parsed = list(string.Formatter().parse(text))
        except ValueError as error:
            yield Problem(file, line, f"prompts.{name}", f"its braces do not pair: {error}")
            continue
        if any(spec or conversion for _, _, spec, conversion in parsed):
            what = "a place is a name in braces and nothing else, like {topic}"
            yield Problem(file, line, f"prompts.{name}", what)
        known = PROMPTS[name] - (PHONES - set(locale.phones))
        for place in sorted({place for _, place, _, _ in parsed if place is not None} - known):
            allowed = ", ".join(sorted(known)) or "none"
            what = f"{{{place}}} is not known here; known are {allowed}"
            yield Problem(file, line, f"prompts.{name}", what)
