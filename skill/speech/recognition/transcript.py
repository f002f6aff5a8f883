"""Transcripts of a general recognizer, rewritten as utterances.

Numbers become words. Indecent words and other scripts become an ellipsis: Whisper invents words
where it hears badly, and transcripts are printed, shown on a page and recorded.
"""

from __future__ import annotations

import re
from codecs import decode
from collections.abc import Collection
from functools import cache

from unicode_rbnf import RbnfEngine

from skill.content import normalise

LEFT_OUT = "…"
_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
# In ROT13, so that readers of this file do not have to see them. The first are prefixes.
_PREFIXES = decode(
    "shpx|zbgureshpx|fuvg|ohyyfuvg|phag|jnax|ovgpu|juber|fyhg|avtt|snttbg|genaal", "rot13"
)
_WORDS = decode(
    "nff|nffrf|nffubyr|nefr|nefrubyr|cvff|cvffrq|cvffvat|qvpx|qvpxf|qvpxurnq|pbpx|pbpxf|pbpxfhpxre|"
    "chffl|chffvrf|gjng|gvgf|gvggvrf|phz|phzf|phzzvat|onfgneq|onfgneqf|cevpx|cevpxf|snt|sntf|xvxr|"
    "fcvp|ergneq|ergneqf|ergneqrq|qlxr|obyybpxf",
    "rot13",
)
_INDECENT = re.compile(rf"(?:{_PREFIXES})\w*|(?:{_WORDS})(?:'\w+)?")


def utterance_of(transcript: str, own_words: Collection[str]) -> str:
    """Return the transcript as an utterance; the content's `own_words` are never left out."""
    words = normalise(_THOUSANDS.sub("", transcript)).split()
    kept = (word if word in own_words or _is_decent(word) else LEFT_OUT for word in words)
    utterance = " ".join(map(_spelled_out, kept))
    return utterance if utterance.strip(f" {LEFT_OUT}") else ""


def _is_decent(word: str) -> bool:
    # English speech in other scripts was misheard.
    return word.isascii() and not _INDECENT.fullmatch(word)


def _spelled_out(word: str) -> str:
    """Return a number in words, any other word as it is."""
    if not (word.isascii() and word.isdigit()):
        return word
    # Emergency numbers, and years, are read digit by digit.
    numbers = word if len(word) > 2 or word.startswith("0") else (word,)
    return " ".join(
        _english().format_number(int(number)).text.replace("-", " ") for number in numbers
    )


@cache
def _english() -> RbnfEngine:
    return RbnfEngine.for_language("en")
