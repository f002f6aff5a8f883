"""What a recogniser of any words wrote down -> an utterance as samples are written. Pure.

Numbers become words, and what nobody should be shown becomes an ellipsis: Whisper makes words up
where it hears badly, and what was heard is printed, put on a page and recorded.
"""

from __future__ import annotations

import re
from codecs import decode
from collections.abc import Callable

from skill.content.text import normalise

LEFT_OUT = "…"
# fmt: off
_ONES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
         "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
         "nineteen")
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
# fmt: on
_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
# In ROT13, so that no reader of this has to read them. The first are beginnings of words.
_BEGIN = decode(
    "shpx|zbgureshpx|fuvg|ohyyfuvg|phag|jnax|ovgpu|juber|fyhg|avtt|snttbg|genaal", "rot13"
)
_WHOLE = decode(
    "nff|nffrf|nffubyr|nefr|nefrubyr|cvff|cvffrq|cvffvat|qvpx|qvpxf|qvpxurnq|pbpx|pbpxf|pbpxfhpxre|"
    "chffl|chffvrf|gjng|gvgf|gvggvrf|phz|phzf|phzzvat|onfgneq|onfgneqf|cevpx|cevpxf|snt|sntf|xvxr|"
    "fcvp|ergneq|ergneqf|ergneqrq|qlxr|obyybpxf",
    "rot13",
)
_INDECENT = re.compile(rf"(?:{_BEGIN})\w*|(?:{_WHOLE})(?:'\w+)?")


def utterance_of(written: str, is_ours: Callable[[str], bool]) -> str:
    """The utterance; words that are `is_ours`, the content's own, are never left out."""
    words = normalise(_THOUSANDS.sub("", written)).split()
    said = " ".join(_said(word) if is_ours(word) or _decent(word) else LEFT_OUT for word in words)
    return said if said.strip(f" {LEFT_OUT}") else ""


def _decent(word: str) -> bool:
    # Whoever speaks English and is written in other letters was not heard.
    return word.isascii() and not _INDECENT.fullmatch(word)


def _said(word: str) -> str:
    """A word as it is; a number in words."""
    if not (word.isascii() and word.isdigit()):
        return word
    if len(word) > 2 or word.startswith("0"):
        # As emergency numbers are said, and years nearly.
        return " ".join(_ONES[int(digit)] for digit in word)
    ten, one = divmod(int(word), 10)
    if ten < 2:
        return _ONES[int(word)]
    return _TENS[ten - 2] + (f" {_ONES[one]}" if one else "")
