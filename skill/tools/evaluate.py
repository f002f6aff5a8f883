"""How well the skill understands questions: cases, outcomes and figures.

What is expected and what is received have the same names, so that confusions can be counted:
`answer:<id>`, `refuse:<kind>` or `intent:<name>`; what is received can also be `either`, for
"did you mean A or B".
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from math import sqrt

from skill.alexa import Exchange
from skill.content import CUES, Cue
from skill.conversation import state_from_attributes
from skill.simulator import Runtime
from skill.tools.reports import render

_Z = 1.96  # 95 % of a normal distribution are within this many standard deviations


@dataclass(frozen=True)
class Case:
    """A question and every result that is right for it."""

    text: str
    expected: tuple[str, ...]
    before: tuple[str, ...] = ()  # earlier utterances of the session

    @property
    def kind(self) -> str:
        """`in the article`, `control`, or the kind of refusal that is expected."""
        sort, _, name = self.expected[0].partition(":")
        return {"answer": "in the article", "intent": "control"}.get(sort, name)


@dataclass(frozen=True)
class Outcome:
    """A case and the result that it received."""

    case: Case
    got: str
    score: float
    seconds: float

    @property
    def right(self) -> bool:
        """Whether the result is one of the expected ones."""
        return self.got in self.case.expected

    @property
    def false_fact(self) -> bool:
        """Whether a question that should be refused got a fact: the worst kind of mistake."""
        return self.got.startswith("answer:") and self.case.expected[0].startswith("refuse:")


@dataclass(frozen=True)
class Share:
    """A number of right cases out of all, with Wilson's 95 % interval of the share."""

    right: int
    of: int

    @property
    def value(self) -> float:
        """The share, from 0 to 1."""
        return self.right / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper bound of the true share."""
        if not self.of:
            return 0.0, 1.0
        spread = _Z * sqrt(self.value * (1 - self.value) / self.of + _Z**2 / (4 * self.of**2))
        middle, scale = self.value + _Z**2 / (2 * self.of), 1 + _Z**2 / self.of
        return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)

    def __str__(self) -> str:
        low, high = self.interval
        count = f"{self.right} of {self.of}"
        return f"{count:>12}  {self.value:6.1%}  ({low:.1%} to {high:.1%})"


@dataclass(frozen=True)
class EvaluationReport:
    """The outcomes of an evaluation, and the figures that follow from them."""

    outcomes: tuple[Outcome, ...]

    @property
    def kinds(self) -> dict[str, Share]:
        """The share of right cases by kind of question."""
        found: dict[str, list[bool]] = {}
        for outcome in self.outcomes:
            found.setdefault(outcome.case.kind, []).append(outcome.right)
        return {kind: Share(sum(right), len(right)) for kind, right in found.items()}

    @property
    def all(self) -> Share:
        """The share of right cases."""
        return Share(sum(outcome.right for outcome in self.outcomes), len(self.outcomes))

    @property
    def false_facts(self) -> Share:
        """The share with a fact, of the questions that should be refused."""
        asked = [o for o in self.outcomes if o.case.expected[0].startswith("refuse:")]
        return Share(sum(outcome.false_fact for outcome in asked), len(asked))

    @property
    def confusions(self) -> list[tuple[str, str, int]]:
        """Each mistake as (expected, received, how often), most frequent first."""
        pairs = Counter((o.case.expected[0], o.got) for o in self.outcomes if not o.right)
        return [(expected, got, times) for (expected, got), times in pairs.most_common()]

    @property
    def worst(self) -> list[Outcome]:
        """The ten mistakes with the highest scores; false facts first."""
        wrong = [outcome for outcome in self.outcomes if not outcome.right]
        return sorted(wrong, key=lambda o: (not o.false_fact, -o.score, o.case.text))[:10]

    @property
    def latency(self) -> dict[str, float]:
        """Seconds within which 50, 95 and 99 % of the questions were answered."""
        times = sorted(outcome.seconds for outcome in self.outcomes) or [0.0]
        return {
            f"p{percent}": times[min(len(times) - 1, percent * len(times) // 100)]
            for percent in (50, 95, 99)
        }

    def risk_coverage(self) -> list[tuple[float, float]]:
        """(share of questions answered, share of these wrong) for each threshold of the score."""
        answered = [o for o in self.outcomes if o.got.startswith("answer:")]
        answered.sort(key=lambda outcome: -outcome.score)
        points = []
        wrong = 0
        for count, outcome in enumerate(answered, start=1):
            wrong += not outcome.right
            points.append((count / len(self.outcomes), wrong / count))
        return points

    def confusion_matrix(self) -> dict[str, dict[str, int]]:
        """How often each result was received, by what was expected; only rows with a mistake."""
        missed = {(expected, got) for expected, got, _ in self.confusions}
        rows = sorted({expected for expected, _ in missed})
        columns = sorted({got for _, got in missed} | set(rows))
        pairs = Counter((o.case.expected[0], o.got) for o in self.outcomes)
        return {row: {column: pairs[row, column] for column in columns} for row in rows}


def evaluate_skill(
    runtime: Runtime,
    cases: Sequence[Case],
    progress: Callable[[int, int], None] = lambda done, count: None,
) -> EvaluationReport:
    """Ask the whole skill every case, each in its own session after launch and `before`.

    Args:
        runtime: The skill.
        cases: The questions.
        progress: Called with how many cases are done, and of how many.
    """
    outcomes = []
    for case in cases:
        device = runtime.device()
        device.launch()
        for utterance in case.before:
            device.say(utterance)
        started = time.perf_counter()
        exchange = device.say(case.text)
        seconds = time.perf_counter() - started
        outcomes.append(Outcome(case, received(exchange), exchange.intent_match.score, seconds))
        progress(len(outcomes), len(cases))
    return EvaluationReport(tuple(outcomes))


def received(exchange: Exchange) -> str:
    """Return the name of the result that an exchange gave."""
    state = state_from_attributes(exchange.response.get("sessionAttributes"))
    if exchange.answer and state.cue is Cue.PART:
        return f"answer:{exchange.answer}"
    if state.cue is Cue.DID_YOU_MEAN:
        return "either"
    refusal = state.refusal or CUES[state.cue].refusal
    return f"refuse:{refusal}" if refusal else f"intent:{exchange.name}"


def as_text(report: EvaluationReport) -> str:
    """Return the report for a terminal."""
    return render("evaluation.txt.j2", report=report).rstrip("\n")


def as_json(report: EvaluationReport) -> str:
    """Return the report for programs."""
    record = {
        "kinds": {
            kind: {**asdict(share), "interval": share.interval}
            for kind, share in report.kinds.items()
        },
        "false_facts": report.false_facts.right,
        "latency_seconds": report.latency,
        "outcomes": [
            {
                "text": outcome.case.text,
                "expected": outcome.case.expected,
                "got": outcome.got,
                "right": outcome.right,
                "score": outcome.score,
            }
            for outcome in report.outcomes
        ],
    }
    return json.dumps(record, indent=1)
