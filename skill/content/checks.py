"""What must hold between the parts of an article.

An empty text is a field that was missing, which the loader has reported already.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from skill.content.cues import PHONES, PROMPTS
from skill.content.intents import COMMAND_INTENTS, COMMAND_SLOTS, OWN_INTENTS, SEARCH_SLOT
from skill.content.model import Answer, Article, Choice, Locale, Sentence
from skill.content.templates import Rules, TemplateError, fill, slots_in
from skill.content.text import normalise, word_count
from skill.errors import Problem

MOST_WORDS = 45  # about 18 seconds of speech (docs/reference/content-format.md)
MOST_SENTENCES = 2
MOST_FOLLOW_UPS = 3
_INTENT_NAME = re.compile(r"[A-Za-z][A-Za-z_]*Intent")
_SENTENCE_END = re.compile(r"(?<!\bDr)[.!?]\s+\S")


# What a check of one entry yields: a field of the entry, and what is wrong with it.
_Faults = Iterator[tuple[str, str]]


def find_problems(article: Article, lines: Mapping[str, tuple[str, int]]) -> list[Problem]:
    """Every problem of an article; `lines` gives the file and line of each entry ("answer men")."""
    found = list(_template_problems(article, lines))

    def add(entry: str, place: str, faults: _Faults) -> None:
        found.extend(Problem(*lines[entry], f"{place}{field}", what) for field, what in faults)

    intents: dict[str, str] = {}  # intent -> the answer or choice that has it
    for answer in article.answers.values():
        place = f'answer "{answer.id}"'
        add(f"answer {answer.id}", f"{place}: ", _answer_faults(answer, article))
        add(f"answer {answer.id}", f"{place}: ", _intent_faults(answer.intent, intents, place))
    for choice in article.choices:
        place = f'choice "{choice.id}"'
        add(f"choice {choice.id}", f"{place}: ", _choice_faults(choice, article))
        add(f"choice {choice.id}", f"{place}: ", _intent_faults(choice.intent, intents, place))
    add("article.yaml", "", _article_faults(article))
    add("locales/en.yaml", "", _frame_faults(article))
    for locale in (article.default_locale, *article.locales.values()):
        add(f"locales/{locale.name}.yaml", "", _locale_faults(locale))
    return found


def _intent_faults(intent: str, owners: dict[str, str], place: str) -> _Faults:
    if intent in OWN_INTENTS or intent.startswith("AMAZON."):
        yield "intent", f'"{intent}" belongs to the skill itself; rename it'
    if intent and owners.setdefault(intent, place) != place:
        yield "intent", f'"{intent}" is taken by {owners[intent]}; rename one'


def _answer_faults(answer: Answer, article: Article) -> _Faults:
    if answer.intent and not _INTENT_NAME.fullmatch(answer.intent):
        yield "intent", f'"{answer.intent}" should be letters and underscores and end in Intent'
    if len(answer.more) > MOST_FOLLOW_UPS:
        yield "more", f"{len(answer.more)} follow-ups; keep at most {MOST_FOLLOW_UPS}"
    for position, part in enumerate(answer.parts):
        field = "says" if position == 0 else f"more[{position - 1}]"
        yield from _part_faults(part, article, field)
    for field, name in (("leads_to", answer.leads_to), ("why", answer.why)):
        if name:
            yield from _unknown_answers(field, [name], article)


def _part_faults(part: tuple[Sentence, ...], article: Article, field: str) -> _Faults:
    words = sum(word_count(sentence.text) for sentence in part)
    if not part:
        yield field, "says nothing; add a sentence"
    if words > MOST_WORDS:
        yield field, f"{words} words; keep it to {MOST_WORDS}, or move some to `more`"
    if len(part) > MOST_SENTENCES:
        found = f"{len(part)} sentences"
        yield field, f"{found}; keep it to {MOST_SENTENCES}, or move some to `more`"
    known = list(article.outline)
    span = f"{known[0]} to {known[-1]}" if known else "nothing"
    for position, sentence in enumerate(part):
        inner = f"{field}[{position}]"
        if _SENTENCE_END.search(sentence.text):
            yield f"{inner}.text", "holds two sentences; give each its own `text` and `sources`"
        if sentence.text and sentence.text[-1] not in ".!?":
            yield f"{inner}.text", "does not end like a sentence; add a period"
        for source in sentence.sources:
            if source not in article.outline:
                what = f'no such locator "{source}"; article.yaml\'s outline has {span}'
                yield f"{inner}.sources", what


def _choice_faults(choice: Choice, article: Article) -> _Faults:
    term = article.terms.get(choice.term)
    if term is None:
        yield "term", f'the term "{choice.term}" is not defined in terms.yaml; define it'
        return
    for value in term.values:
        if value not in choice.answers:
            yield "answers", f'has no line for "{value}"; add it'
    for value, name in choice.answers.items():
        if value not in term.values:
            yield "answers", f'"{value}" is not a value of the term "{term.id}" in terms.yaml'
        yield from _unknown_answers(f"answers.{value}", [name], article)


def _article_faults(article: Article) -> _Faults:
    yield from _unknown_answers("reading", article.reading, article)
    yield from _unknown_answers("topics", article.topics, article)
    if article.example_phrases and len(article.example_phrases) != 3:
        found = len(article.example_phrases)
        yield "example_phrases", f"{found} given; the skill speaks exactly three"
    if not article.locales:
        yield "locales", "no locale; add a file such as locales/en-US.yaml"


def _unknown_answers(field: str, names: Iterable[str], article: Article) -> _Faults:
    for name in names:
        if name not in article.answers:
            yield field, f'there is no answer "{name}"; name an answer\'s id'


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


def _frame_faults(article: Article) -> _Faults:
    for command in article.commands:
        if command.intent not in OWN_INTENTS:
            what = f"no such intent; the dialogue knows {', '.join(COMMAND_INTENTS)}"
            yield f"commands.{command.intent}", what
    rules = Rules(article.rules)
    for position, template in enumerate(article.carrier_phrases):
        place = f"carrier_phrases[{position}]"
        try:
            samples = rules.samples(template)
        except TemplateError as error:
            yield place, f'"{template}": {error}'
            continue
        if any(slots_in(sample) != (SEARCH_SLOT,) for sample in samples):
            yield place, f'"{template}": should hold {{{SEARCH_SLOT}}} and no other slot'


def _locale_faults(locale: Locale) -> _Faults:
    if "emergency" not in locale.phones:
        yield "phones", '"emergency" is missing; add it'
    for name in sorted(set(locale.phones) - PHONES):
        yield f"phones.{name}", f"unknown phone; the prompts know {', '.join(sorted(PHONES))}"
    for name in PROMPTS:
        if name not in locale.prompts:
            yield "prompts", f'"{name}" is missing; add it'
    for name, text in locale.prompts.items():
        for what in _prompt_faults(name, text, locale):
            yield f"prompts.{name}", what


def _prompt_faults(name: str, text: str, locale: Locale) -> Iterator[str]:
    if name not in PROMPTS:
        yield f"unknown prompt; the dialogue speaks {', '.join(sorted(PROMPTS))}"
        return
    try:
        parsed = list(string.Formatter().parse(text))
    except ValueError as error:
        yield f"its braces do not pair: {error}"
        return
    if any(spec or conversion for _, _, spec, conversion in parsed):
        yield "a place is a name in braces and nothing else, like {topic}"
    known = PROMPTS[name] - (PHONES - set(locale.phones))
    for place in sorted({place for _, place, _, _ in parsed if place is not None} - known):
        yield f"{{{place}}} is not known here; known are {', '.join(sorted(known)) or 'none'}"
