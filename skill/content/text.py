"""One spelling for every utterance, before anything compares it."""

from __future__ import annotations

import re
import unicodedata

# Speech recognizers write contractions either way; templates need only one of the forms.
_CONTRACTIONS = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"\b(what|who|where|when|why|how|that|it|there|here)'s\b", r"\1 is"),
        (r"\b(what|who|where|when|why|how)'re\b", r"\1 are"),
        (r"\bcan't\b", "cannot"),
        (r"\bcan not\b", "cannot"),
        (r"\bwon't\b", "will not"),
        (r"\b(\w+)n't\b", r"\1 not"),
        (r"\bi'm\b", "i am"),
        (r"\b(\w+)'(ve|ll|re)\b", r"\1 \2"),
        (r"\bdr\b\.?", "doctor"),
    )
)
# Most samples need no change, and the simulator normalises thousands of them at each start.
_PLAIN = re.compile(r"(?!.*\b(?:dr|can not)\b)[a-z ]*")
_NOT_SPOKEN = re.compile(r"[^\w\s']+")
_MARKS = re.compile(r"(?<!\w)'|'(?!\w)|_")


def normalise(utterance: str) -> str:
    """Lower case, plain apostrophes, no punctuation, contractions written out, single spaces."""
    if _PLAIN.fullmatch(utterance):
        return " ".join(utterance.split())
    text = unicodedata.normalize("NFKC", utterance).casefold()
    text = text.replace("\u2019", "'").replace("\u2018", "'")
    for pattern, plain in _CONTRACTIONS:
        text = pattern.sub(plain, text)
    text = _MARKS.sub(" ", _NOT_SPOKEN.sub(" ", text))
    return " ".join(text.split())


def word_count(text: str) -> int:
    """How many words a listener hears."""
    return len(normalise(text).split())
