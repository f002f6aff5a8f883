"""Plays Amazon's certification checks against an endpoint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from skill.errors import AskableError
from skill.tools.probe.authority import make_authority, read_authority
from skill.tools.probe.cases import Must, cases
from skill.tools.probe.client import ProbeClient, ProbeResponse
from skill.tools.probe.requests import RequestSigner

_ANY_SKILL = "amzn1.ask.skill.askable-probe"
_WIDEST = 60  # characters of a case's name


@dataclass(frozen=True)
class ProbeResult:
    """One case and what the endpoint did."""

    about: str
    name: str
    must: Must
    response: ProbeResponse

    @property
    def right(self) -> bool:
        """Whether the endpoint did what it must."""
        wanted = {"accept": ("accepted",), "refuse": ("refused",)}
        return self.response.outcome in wanted.get(self.must, ("accepted", "refused"))

    def as_record(self) -> dict[str, object]:
        """The result as one flat record, for programs."""
        return {
            "about": self.about,
            "case": self.name,
            "must": self.must,
            "was": self.response.outcome,
            "told": self.response.detail,
            "right": self.right,
        }


def probe(
    address: str, skill_id: str = "", authority: Path | None = None, timeout: float = 10.0
) -> Iterator[ProbeResult]:
    """Send every case to an endpoint.

    Args:
        address: The endpoint's http or https address.
        skill_id: The id of the skill that the endpoint serves; required with `authority`.
        authority: The folder of the test authority that the endpoint trusts. Without one, the
            endpoint must refuse every request.
        timeout: The seconds that a response may take.

    Raises:
        AskableError: The endpoint cannot be reached, or an argument is wrong.
    """
    if not address:
        raise AskableError("URL: is missing; give the endpoint's, such as http://127.0.0.1:8000/")
    if authority and not skill_id:
        raise AskableError("--skill-id: is missing; give the id that the endpoint serves")
    client = ProbeClient(address, timeout)
    client.check()
    known = read_authority(authority) if authority else make_authority(datetime.now(UTC))
    for case in cases():
        # Each request gets the time at which it is sent: a slow endpoint makes the last ones late.
        signer = RequestSigner(known, skill_id or _ANY_SKILL, datetime.now(UTC))
        must = case.must if authority else "refuse"
        yield ProbeResult(case.about, case.name, must, client.send(case.make(signer)))


def row(result: ProbeResult) -> str:
    """A result as a line of the table."""
    name = result.name if len(result.name) <= _WIDEST else result.name[: _WIDEST - 1] + "…"
    verdict = "ok" if result.right else "WRONG"
    return (
        f"{verdict:5}  {result.about:9}  {name:{_WIDEST}}  {result.must:6}  "
        f"{result.response.outcome} ({result.response.detail})"
    )


def summary(results: Sequence[ProbeResult]) -> str:
    """All results in one line."""
    outcomes = [result.response.outcome for result in results]
    wrong = sum(not result.right for result in results)
    return (
        f"{len(results)} requests: {outcomes.count('accepted')} accepted,"
        f" {outcomes.count('refused')} refused, {outcomes.count('fault')} faults; {wrong} wrong"
    )
