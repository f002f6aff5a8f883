"""How an utterance is written down before anything compares it: one spelling for all."""

from __future__ import annotations

import re
import unicodedata

# Speech recognisers write contractions either way; templates need only one of the forms.
_CONTRACTIONS = (
    (re.compile(r"\b(what|who|where|when|why|how|that|it|there|here)'s\b"), r"\1 is"),
    (re.compile(r"\b(what|who|where|when|why|how)'re\b"), r"\1 are"),
    (re.compile(r"\bcan't\b"), "cannot"),
    (re.compile(r"\bcan not\b"), "cannot"),
    (re.compile(r"\bwon't\b"), "will not"),
    (re.compile(r"\b(\w+)n't\b"), r"\1 not"),
    (re.compile(r"\bi'm\b"), "i am"),
    (re.compile(r"\b(\w+)'(ve|ll|re)\b"), r"\1 \2"),
    (re.compile(r"\bdr\b\.?"), "doctor"),
)
# Most utterances need nothing; thousands of samples pass here at every build.
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
