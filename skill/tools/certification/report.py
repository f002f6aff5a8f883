"""What a certification found."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from skill.alexa.rules import (
    ENDPOINT_RULES,
    LISTING_RULES,
    MODEL_RULES,
    PACKAGE_RULES,
    PAGE_RULES,
    RESPONSE_RULES,
    Breach,
    Rule,
)
from skill.errors import Problem

ALL_RULES: tuple[Rule[Any], ...] = (
    *MODEL_RULES,
    *LISTING_RULES,
    *ENDPOINT_RULES,
    *PAGE_RULES,
    *PACKAGE_RULES,
    *RESPONSE_RULES,
)


@dataclass(frozen=True)
class Finding:
    """A broken rule, where an author can correct it, and how often it was found."""

    rule: Rule[Any]
    problem: Problem
    times: int

    def __str__(self) -> str:
        often = f" ({self.times} times)" if self.times > 1 else ""
        return f"{self.rule.level}: {self.problem}{often} [{self.rule.id}: {self.rule.source}]"


def count_findings(found: Iterable[tuple[Breach, Problem]]) -> tuple[Finding, ...]:
    """Breaches with their places in the content; one in another locale or reply only counts."""
    first: dict[tuple[str, str, str], tuple[Rule[Any], Problem]] = {}
    times: Counter[tuple[str, str, str]] = Counter()
    for breach, problem in found:
        key = (breach.rule.id, problem.place, problem.what)
        first.setdefault(key, (breach.rule, problem))
        times[key] += 1
    return tuple(Finding(*found, times[key]) for key, found in first.items())


@dataclass(frozen=True)
class CertificationReport:
    """What was found, and how many things each rule checked."""

    findings: tuple[Finding, ...]
    checked: Mapping[str, int]  # rule id -> how many things
    responses: int

    def count(self, level: str) -> int:
        """How many errors or warnings."""
        return sum(finding.rule.level == level for finding in self.findings)

    def as_text(self) -> str:
        """The report for a terminal."""
        lines = [str(finding) for finding in self.findings]
        unchecked = [rule.id for rule in ALL_RULES if not self.checked[rule.id]]
        if unchecked:
            lines.append(f"not checked: {', '.join(unchecked)}; they need an address")
        lines.append(
            f"{len(ALL_RULES) - len(unchecked)} of {len(ALL_RULES)} rules, "
            f"{self.responses:,} responses: "
            f"{self.count('error')} errors, {self.count('warning')} warnings"
        )
        return "\n".join(lines)

    def as_json(self) -> str:
        """The report for programs."""
        return json.dumps(
            {
                "errors": self.count("error"),
                "warnings": self.count("warning"),
                "responses": self.responses,
                "findings": [
                    {
                        "level": finding.rule.level,
                        "rule": finding.rule.id,
                        "file": finding.problem.file,
                        "line": finding.problem.line,
                        "field": finding.problem.place,
                        "what": finding.problem.what,
                        "times": finding.times,
                        "source": finding.rule.source,
                    }
                    for finding in self.findings
                ],
                "rules": [
                    {
                        "id": rule.id,
                        "what": rule.what,
                        "limit": rule.limit,
                        "source": rule.source,
                        "confirmed": rule.confirmed,
                        "level": rule.level,
                        "looked_at": self.checked[rule.id],
                    }
                    for rule in ALL_RULES
                ],
            },
            indent=1,
        )


def rule_table() -> str:
    """Every rule as a row of a Markdown table, for docs/reference/certification-rules.md."""
    rows = [
        f"| {rule.id} | {rule.what} | {rule.limit} | {rule.level} "
        f"| {'confirmed' if rule.confirmed else 'recalled'} | {rule.source} |"
        for rule in ALL_RULES
    ]
    head = "| rule | what | limit | breach is | figure | source |\n|---|---|---|---|---|---|"
    return "\n".join([head, *rows])
