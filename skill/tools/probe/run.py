"""Plays every case against an endpoint and tells what it accepted and refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from skill.tools.probe.cases import Case, Must, cases
from skill.tools.probe.certificates import Authority
from skill.tools.probe.client import Answer, Endpoint
from skill.tools.probe.forge import Forge

_WIDEST = 60  # characters of a case's name


@dataclass(frozen=True)
class Finding:
    """One case and what the endpoint did."""

    about: str
    name: str
    must: Must
    answer: Answer

    @property
    def right(self) -> bool:
        """Whether the endpoint did what it must."""
        wanted = {"accept": ("accepted",), "refuse": ("refused",)}
        return self.answer.outcome in wanted.get(self.must, ("accepted", "refused"))

    def as_record(self) -> dict[str, object]:
        """The finding as one flat record, for programs."""
        return {
            "about": self.about,
            "case": self.name,
            "must": self.must,
            "was": self.answer.outcome,
            "told": self.answer.told,
            "right": self.right,
        }


def probe(
    endpoint: Endpoint, authority: Authority, skill_id: str, trusted: bool
) -> Iterator[Finding]:
    """Send every case; an endpoint that does not trust our authority must refuse them all."""
    for case in cases():
        # Each request is of its own moment: a slow endpoint must not make the last ones late.
        forge = Forge(authority, skill_id, datetime.now(UTC))
        yield Finding(case.about, case.name, _must(case, trusted), endpoint.send(case.make(forge)))


def row(finding: Finding) -> str:
    """A finding as a line of the table."""
    name = finding.name if len(finding.name) <= _WIDEST else finding.name[: _WIDEST - 1] + "…"
    verdict = "ok" if finding.right else "WRONG"
    return (
        f"{verdict:5}  {finding.about:9}  {name:{_WIDEST}}  {finding.must:6}  "
        f"{finding.answer.outcome} ({finding.answer.told})"
    )


def summary(findings: Sequence[Finding]) -> str:
    """All findings in one line."""
    outcomes = [finding.answer.outcome for finding in findings]
    wrong = sum(not finding.right for finding in findings)
    return (
        f"{len(findings)} requests: {outcomes.count('accepted')} accepted,"
        f" {outcomes.count('refused')} refused, {outcomes.count('fault')} faults; {wrong} wrong"
    )


def _must(case: Case, trusted: bool) -> Must:
    return case.must if trusted else "refuse"
