"""IPA, as a `<phoneme>` element gives it -> espeak-ng's names of English sounds. Pure."""

from __future__ import annotations

import re

_SOUNDS = {
    **{letter: letter for letter in "bdfhjklmnpstvwz"},
    **{"ɹ": "r", "r": "r", "ɡ": "g", "g": "g", "ŋ": "N", "θ": "T", "ð": "D", "ʃ": "S", "ʒ": "Z"},
    **{"tʃ": "tS", "t͡ʃ": "tS", "dʒ": "dZ", "d͡ʒ": "dZ", "ɾ": "t", "ʔ": "?"},
    **{"i": "i:", "iː": "i:", "ɪ": "I", "ɛ": "E", "e": "E", "æ": "a", "ɑ": "A:", "ɑː": "A:"},
    **{"ɒ": "0", "ɔ": "O:", "ɔː": "O:", "ʊ": "U", "u": "u:", "uː": "u:", "ʌ": "V", "ə": "@"},
    **{"ɜ": "3:", "ɜː": "3:", "ɝ": "3:", "ɚ": "3", "a": "a"},
    **{"eɪ": "eI", "aɪ": "aI", "ɔɪ": "OI", "oʊ": "oU", "əʊ": "oU", "aʊ": "aU"},
    **{"ˈ": "'", "ˌ": ",", ".": "", " ": "||", "ː": ""},
}
_SOUND = re.compile("|".join(re.escape(audio) for audio in sorted(_SOUNDS, key=len, reverse=True)))


def to_espeak(ipa: str) -> str:
    """The sounds in espeak-ng's own notation; nothing when one of them is not English."""
    if _SOUND.sub("", ipa):
        return ""
    return "".join(_SOUNDS[found.group()] for found in _SOUND.finditer(ipa))
