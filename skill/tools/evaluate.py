"""Questions with their expected answers -> how well the skill understands them. Pure.

A case expects one of several answers, a refusal of one kind, or an intent. What was got is told by
the same names, so that what is taken for what can be counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TypeVar

REFUSALS = ("outside", "medical", "danger", "not_understood")
# What the dialogue said last -> the kind of refusal that it is.
_REFUSAL_OF_CUE = {
    "not_in_article": "outside",
    "not_in_article_near": "outside",
    "no_reason": "outside",
    "medical": "medical",
    "danger": "danger",
    "fallback_1": "not_understood",
    "fallback_2": "not_understood",
    "fallback_3": "not_understood",
}
_T = TypeVar("_T")
_Z = 1.96  # 95 % of a normal distribution lie within so many standard deviations


@dataclass(frozen=True)
class Case:
    """A question and all that is right for it: `answer:men`, `refuse:outside`, `intent:…`."""

    text: str
    expected: tuple[str, ...]
    before: tuple[str, ...] = ()  # what was said earlier in the session

    @property
    def kind(self) -> str:
        """What sort of question it is: in the article, a kind of refusal, or control."""
        sort, _, name = self.expected[0].partition(":")
        return {"answer": "in the article", "intent": "control"}.get(sort, name)


@dataclass(frozen=True)
class Outcome:
    """What became of a case."""

    case: Case
    got: str
    score: float
    seconds: float

    @property
    def right(self) -> bool:
        """Whether it is one of what was expected."""
        return self.got in self.case.expected

    @property
    def false_fact(self) -> bool:
        """A fact told to a question that should have been refused: the worst that can happen."""
        return self.got.startswith("answer:") and self.case.expected[0].startswith("refuse:")


@dataclass(frozen=True)
class Share:
    """Right ones of a number of cases, with the 95 % interval of their share (Wilson's)."""

    right: int
    of: int

    @property
    def value(self) -> float:
        """From 0 to 1."""
        return self.right / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true share lies, 19 times of 20."""
        if not self.of:
            return 0.0, 1.0
        spread = _Z * sqrt(self.value * (1 - self.value) / self.of + _Z**2 / (4 * self.of**2))
        middle, scale = self.value + _Z**2 / (2 * self.of), 1 + _Z**2 / self.of
        return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)

    def __str__(self) -> str:
        low, high = self.interval
        told = f"{self.right} of {self.of}"
        return f"{told:>12}  {self.value:6.1%}  ({low:.1%} to {high:.1%})"


@dataclass(frozen=True)
class Report:
    """Everything that outcomes tell."""

    outcomes: tuple[Outcome, ...]

    @property
    def kinds(self) -> dict[str, Share]:
        """The share of right ones, by kind of question."""
        found: dict[str, list[bool]] = {}
        for outcome in self.outcomes:
            found.setdefault(outcome.case.kind, []).append(outcome.right)
        return {kind: Share(sum(right), len(right)) for kind, right in found.items()}

    @property
    def all(self) -> Share:
        """The share of right ones."""
        return Share(sum(outcome.right for outcome in self.outcomes), len(self.outcomes))

    @property
    def refused(self) -> Share:
        """Of the questions that should be refused, those that were told no fact."""
        asked = [o for o in self.outcomes if o.case.expected[0].startswith("refuse:")]
        return Share(sum(not o.got.startswith("answer:") for o in asked), len(asked))

    @property
    def false_facts(self) -> Share:
        """Questions that should have been refused and got a fact."""
        return Share(self.refused.of - self.refused.right, self.refused.of)

    @property
    def confusions(self) -> list[tuple[str, str, int]]:
        """(expected, got, how often), most frequent first."""
        pairs = Counter((o.case.expected[0], o.got) for o in self.outcomes if not o.right)
        return [(expected, got, times) for (expected, got), times in pairs.most_common()]

    @property
    def worst(self) -> list[Outcome]:
        """The ten wrong ones that were surest of themselves; false facts first."""
        wrong = [outcome for outcome in self.outcomes if not outcome.right]
        return sorted(wrong, key=lambda o: (not o.false_fact, -o.score, o.case.text))[:10]

    def latency(self, share: float) -> float:
        """Seconds within which this share of the questions was answered."""
        times = sorted(outcome.seconds for outcome in self.outcomes)
        return times[min(len(times) - 1, int(share * len(times)))] if times else 0.0

    def risk_coverage(self) -> list[tuple[float, float]]:
        """(share answered, share of these wrong) as ever less sure answers are let through."""
        told = [o for o in self.outcomes if o.got.startswith("answer:")]
        told.sort(key=lambda outcome: -outcome.score)
        points = []
        wrong = 0
        for count, outcome in enumerate(told, start=1):
            wrong += not outcome.right
            points.append((count / len(self.outcomes), wrong / count))
        return points


def got_of(answer: str | None, cue: str, intent: str) -> str:
    """The name of what was got, from what the skill told and where the dialogue stands."""
    if answer and cue == "part":
        return f"answer:{answer}"
    if cue == "did_you_mean":
        return "either"
    refusal = _REFUSAL_OF_CUE.get(cue)
    return f"refuse:{refusal}" if refusal else f"intent:{intent}"


def evaluate(
    cases: Iterable[Case],
    ask: Callable[[Case], tuple[str, float]],
    clock: Callable[[], float],
    progress: Callable[[], None] = lambda: None,
) -> Report:
    """Put every case to `ask`, which tells what was got and how surely."""
    outcomes = []
    for case in cases:
        started = clock()
        got, score = ask(case)
        outcomes.append(Outcome(case, got, score, clock() - started))
        progress()
    return Report(tuple(outcomes))


def table(report: Report) -> str:
    """The report in words."""
    lines = [f"{kind:16} {share}" for kind, share in report.kinds.items()]
    lines.append(f"{'all':16} {report.all}")
    if report.refused.of:
        lines.append(f"{'false facts':16} {report.false_facts}")
    percentiles = ", ".join(
        f"p{share:.0%} {1000 * report.latency(share):.1f} ms".replace("%", "")
        for share in (0.5, 0.95, 0.99)
    )
    lines.append(f"latency          {percentiles}")
    lines += _listed("taken for another", report.confusions[:10], _confusion)
    lines += _listed("worst", report.worst, _worst)
    return "\n".join(lines)


def _listed(title: str, items: Sequence[_T], line: Callable[[_T], str]) -> list[str]:
    return [f"{title}:", *(f"  {line(item)}" for item in items)] if items else []


def _confusion(confusion: tuple[str, str, int]) -> str:
    expected, got, times = confusion
    return f"{times} x {expected} taken for {got}"


def _worst(outcome: Outcome) -> str:
    wanted = " or ".join(outcome.case.expected)
    return f'"{outcome.case.text}": {outcome.got} {outcome.score:.2f}, not {wanted}'
