"""An article's content: a folder of YAML files, read and checked."""

from skill.content.checks import find_problems
from skill.content.coverage import Coverage, measure_coverage, summarise
from skill.content.cues import CUES, PROMPTS, REFUSAL_KINDS, Cue
from skill.content.examples import OTHER_SLOT, Examples, read_examples
from skill.content.intents import (
    BUILT_IN_TYPES,
    COMMAND_INTENTS,
    COMMAND_SLOTS,
    FALLBACK_INTENT,
    FORGET_INTENT,
    NOT_IN_ARTICLE_INTENT,
    OWN_INTENTS,
    SEARCH_INTENT,
    SEARCH_SLOT,
    SEARCH_TYPE,
    WHY_INTENT,
)
from skill.content.labels import OUT_OF_DOMAIN, Label, LabelKind
from skill.content.loader import digest_of, load_article, read_content
from skill.content.model import Answer, Article, Locale, Sentence, Term
from skill.content.refusals import (
    DANGER,
    MEDICAL,
    REFUSALS,
    Refusal,
    refusal_named,
    refusal_of_intent,
)
from skill.content.source import compare_with_source, make_outline, read_sentences
from skill.content.store_listing import StoreListing, read_listing
from skill.content.templates import Rules, TemplateError, fill, slots_in
from skill.content.text import normalise, word_count

__all__ = [
    "BUILT_IN_TYPES",
    "COMMAND_INTENTS",
    "COMMAND_SLOTS",
    "CUES",
    "DANGER",
    "FALLBACK_INTENT",
    "FORGET_INTENT",
    "MEDICAL",
    "NOT_IN_ARTICLE_INTENT",
    "OTHER_SLOT",
    "OUT_OF_DOMAIN",
    "OWN_INTENTS",
    "PROMPTS",
    "REFUSALS",
    "REFUSAL_KINDS",
    "SEARCH_INTENT",
    "SEARCH_SLOT",
    "SEARCH_TYPE",
    "WHY_INTENT",
    "Answer",
    "Article",
    "Coverage",
    "Cue",
    "Examples",
    "Label",
    "LabelKind",
    "Locale",
    "Refusal",
    "Rules",
    "Sentence",
    "StoreListing",
    "TemplateError",
    "Term",
    "compare_with_source",
    "digest_of",
    "fill",
    "find_problems",
    "load_article",
    "make_outline",
    "measure_coverage",
    "normalise",
    "read_content",
    "read_examples",
    "read_listing",
    "read_sentences",
    "refusal_named",
    "refusal_of_intent",
    "slots_in",
    "summarise",
    "word_count",
]
