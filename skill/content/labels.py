"""What the classifier can say about an utterance."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LabelKind(StrEnum):
    """What sort of utterance a label stands for."""

    COMMAND = "command"  # something said to the skill itself; the name is an intent
    REFUSAL = "refusal"  # refused by kind; the name is that of a `Refusal`
    ANSWER = "answer"  # a question that has an answer; the name is the answer's id
    NEAR_MISS = "near_miss"  # sounds like a question for that answer, which does not cover it
    KNOWN_GAP = "known_gap"  # a question that the article is known not to answer
    OUT_OF_DOMAIN = "out_of_domain"  # anything that has nothing to do with the article


@dataclass(frozen=True)
class Label:
    """One class of utterances, such as `answer:men`."""

    kind: LabelKind
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}" if self.name else str(self.kind)

    @classmethod
    def parse(cls, text: str) -> Label:
        """The label that `str` wrote; raises ValueError for any other text."""
        kind, _, name = text.partition(":")
        return cls(LabelKind(kind), name)

    @classmethod
    def answer(cls, name: str) -> Label:
        """The label of an answer, by the answer's id."""
        return cls(LabelKind.ANSWER, name)


OUT_OF_DOMAIN = Label(LabelKind.OUT_OF_DOMAIN)
