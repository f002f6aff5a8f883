"""What was most likely asked, from several hearings of one sound. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from skill.simulator.cloud import Understood

# Of the votes for what was asked, when no hearing is a sample.
_MAJORITY = 0.6


def choose(hearings: Sequence[str], understand: Callable[[str], Understood]) -> str:
    """The hearing to act on, or nothing where they disagree.

    The first that is a sample wins. A recogniser can also join the halves of two questions ("how
    does oxytocin do to the author"): where none is a sample, most of the hearings must mean the
    same, because a refusal is better than a wrong fact.
    """
    meant = [(text, understand(text)) for text in hearings]
    for text, understood in meant:
        if understood.match in ("exact", "slot"):
            return text
    votes: dict[str, float] = defaultdict(float)
    first: dict[str, str] = {}
    for place, (text, understood) in enumerate(meant, start=1):
        kind = understood.intent if understood.match == "near" else ""
        votes[kind] += 1 / place
        first.setdefault(kind, text)
    winner = max(votes, key=lambda kind: votes[kind], default="")
    if not winner or votes[winner] < _MAJORITY * sum(votes.values()):
        return ""
    return first[winner]
