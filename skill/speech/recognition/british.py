"""How an American pronunciation is said in the south of England, by rule. Pure.

PocketSphinx's dictionary is American; of five locales that the skill speaks, four are not. The
rules are the best known differences between the two (Wells, Accents of English, 1982), in ARPAbet:
no "r" but before a vowel; an "l" that has become a vowel before sounds of the lips and of the back
of the mouth ("help", "milk"); and the vowels of "lot" and "bath".
"""

from __future__ import annotations

_VOWELS = frozenset(
    ["AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"]
)
_GLIDING = frozenset(["IH", "IY", "EH", "UH", "AY", "AW"])  # a schwa is left of "r": "near"
_SHORT = frozenset(["EH", "IH"])
_LIPS_AND_BACK = frozenset(["P", "B", "F", "V", "M", "K", "G"])
_BATH = frozenset(["F", "TH", "S"])


def british(way: str) -> str:
    """The same word in ARPAbet phones, British where the two differ."""
    phones = way.split()
    said: list[str] = []
    for at, phone in enumerate(phones):
        before = phones[at - 1] if at else ""
        after, later = [*phones[at + 1 : at + 3], "", ""][:2]
        if phone == "R" and before in _VOWELS and after not in _VOWELS:
            said += ["AH"] if before in _GLIDING else []
        elif phone == "ER" and after in _VOWELS:
            said += ["ER" if at < 2 else "AH", "R"]
        elif phone == "ER" and at > 1:  # in a first syllable it is mostly stressed: "nurse"
            said.append("AH")
        elif phone == "L" and before in _SHORT and after in _LIPS_AND_BACK:
            said.append("OW")
        elif phone == "AA" and after != "R":
            said.append("AO")
        elif phone == "AE" and (after in _BATH or (after == "N" and later in ("S", "T"))):
            said.append("AA")
        else:
            said.append(phone)
    return " ".join(said)
