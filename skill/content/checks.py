"""What must hold between the parts of an article; every breach is one Problem. Pure.

An empty text here is a field that was missing: reading it has told so already.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping

from skill.content.intents import COMMAND_INTENTS, OWN_INTENTS, SEARCH_SLOT
from skill.content.model import Article, Locale, Sentence
from skill.content.templates import Rules, TemplateError, fill, slots_in
from skill.content.text import normalise, word_count
from skill.errors import Problem

_PHONES = frozenset(["emergency", "lifeline"])
MOST_WORDS = 45  # about 18 seconds of speech (design section 3)
MOST_SENTENCES = 2
MOST_FOLLOW_UPS = 3
_INTENT_NAME = re.compile(r"[A-Za-z][A-Za-z_]*Intent")
_SENTENCE_END = re.compile(r"(?<!\bDr)[.!?]\s+\S")
# Every prompt that the dialogue speaks, with the places that it may use.
PROMPTS: Mapping[str, frozenset[str]] = {
    name: frozenset(places.split())
    for name, places in {
        "welcome_first": "title author example_1 example_2",
        "welcome": "title author example_1 example_2",
        "welcome_reprompt": "example_1 example_2",
        "offer_more": "topic",
        "offer_topic": "topic",
        "offer_reprompt": "offer",
        "anything_else": "title",
        "anything_else_reprompt": "title",
        "declined": "title",
        "no_more": "topic",
        "no_previous": "",
        "nothing_to_repeat": "title",
        "nothing_offered": "title",
        "topics_first": "topics",
        "topics_next": "topics",
        "topics_last": "topics",
        "topics_reprompt": "",
        "reading_start": "count title author",
        "reading_part": "number count",
        "reading_on": "number count",
        "reading_reprompt": "number count",
        "reading_resume": "number count",
        "reading_end": "title author",
        "help_start": "title author example_1 example_2",
        "help_answer": "topic",
        "help_reading": "number count",
        "help_reprompt": "title",
        "fallback_1": "title example_1 example_2",
        "fallback_2": "title example_1 example_2",
        "fallback_3": "title topic",
        "fallback_reprompt": "title",
        "no_reason": "topic author",
        "not_in_article": "title author",
        "not_in_article_near": "title author topic",
        "did_you_mean": "topic other",
        "did_you_mean_reprompt": "topic other",
        "medical": "title author",
        "medical_reprompt": "example_1 example_2",
        "danger": "emergency lifeline",
        "danger_helpline": "emergency lifeline",
        "unknown_request": "title author",
        "trouble": "title",
        "forgotten": "title",
        "not_forgotten": "title",
        "goodbye": "title",
        "card_source": "title author locators",
    }.items()
}


def find_problems(article: Article, lines: Mapping[str, tuple[str, int]]) -> list[Problem]:
    """Every problem of an article; `lines` tells file and line of "answer men" and its like."""
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
            what = "holds two sentences; give each its own `text` and `from`"
            yield Problem(file, line, f"{inner}.text", what)
        if sentence.text and sentence.text[-1] not in ".!?":
            yield Problem(file, line, f"{inner}.text", "does not end like a sentence; add a period")
        for source in sentence.sources:
            if source not in article.outline:
                what = f'no such locator "{source}"; article.yaml\'s outline has {span}'
                yield Problem(file, line, f"{inner}.from", what)


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


def _template_problems(article: Article, lines: Mapping[str, tuple[str, int]]) -> Iterator[Problem]:
    rules = Rules(article.rules)
    owners: dict[str, str] = {}
    frame = lines["locales/en.yaml"]
    asked = [
        *(
            (f'answer "{a.id}"', a.templates, lines[f"answer {a.id}"])
            for a in article.answers.values()
        ),
        *((f'choice "{c.id}"', c.asks, lines[f"choice {c.id}"]) for c in article.choices),
        *((f'silence "{s.id}"', s.asks, lines[f"silence {s.id}"]) for s in article.known_gaps),
        *((f'controls "{c.intent}"', c.asks, frame) for c in article.commands),
    ]
    choices = {f'choice "{choice.id}"': choice.term for choice in article.choices}
    for owner, templates, (file, line) in asked:
        clashes: dict[str, str] = {}
        for position, template in enumerate(templates):
            said = owner.startswith("answer") and position == len(templates) - 1
            place = f"{owner}: topic" if said else f"{owner}: asks[{position}]"
            try:
                samples = rules.samples(template)
            except TemplateError as error:
                yield Problem(file, line, place, f'"{template}": {error}')
                continue
            for slot in sorted({name for sample in samples for name in slots_in(sample)}):
                term = article.terms.get(slot)
                if term is None:
                    what = f"uses the term {{{slot}}}, which terms.yaml does not define; define it"
                    yield Problem(file, line, place, what)
                elif len(term.values) > 1 and choices.get(owner) != slot:
                    what = f"{{{slot}}} has several values; only a choice over it can use it"
                    yield Problem(file, line, place, what)
            if any(name not in article.terms for s in samples for name in slots_in(s)):
                continue
            for sample in samples:
                for filled in fill(sample, article.terms):
                    other = owners.setdefault(filled.utterance, owner)
                    if other != owner:
                        clashes.setdefault(other, filled.utterance)
        for other, utterance in clashes.items():
            what = f'"{utterance}" is claimed by {other} too; take it out of one of them'
            yield Problem(file, line, f"{owner}: asks", what)
    file = lines["article.yaml"][0]
    for position, phrase in enumerate(article.example_phrases):
        asked_for = normalise(phrase).removeprefix(f"alexa ask {article.invocation_name} ")
        if not owners.get(asked_for, "").startswith("answer"):
            what = f'"{asked_for}" is not among the samples of an answer; use one that is'
            yield Problem(file, 0, f"example_phrases[{position}]", what)


def _frame_problems(article: Article, file: str) -> Iterator[Problem]:
    for control in article.commands:
        if control.intent not in OWN_INTENTS:
            what = f"no such intent; the dialogue knows {', '.join(COMMAND_INTENTS)}"
            yield Problem(file, 0, f"controls.{control.intent}", what)
    rules = Rules(article.rules)
    for position, template in enumerate(article.carrier_phrases):
        place = f"search[{position}]"
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
    for name in sorted(set(locale.phones) - _PHONES):
        what = f"unknown phone; the prompts know {', '.join(sorted(_PHONES))}"
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
        known = PROMPTS[name] - (_PHONES - set(locale.phones))
        for place in sorted({place for _, place, _, _ in parsed if place is not None} - known):
            allowed = ", ".join(sorted(known)) or "none"
            what = f"{{{place}}} is not known here; known are {allowed}"
            yield Problem(file, line, f"prompts.{name}", what)
