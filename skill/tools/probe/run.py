"""Plays Amazon's certification checks against an endpoint."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from skill.errors import AskableError
from skill.tools.probe.authority import make_authority, read_authority
from skill.tools.probe.cases import Must, cases
from skill.tools.probe.requests import ProbeRequest, RequestSigner

# A refusal is clean; a fault is an internal error of the endpoint, or no response at all.
Outcome = Literal["accepted", "refused", "fault"]
_RIGHT: dict[Must, tuple[Outcome, ...]] = {
    "accept": ("accepted",),
    "refuse": ("refused",),
    "either": ("accepted", "refused"),
}
_ANY_SKILL = "amzn1.ask.skill.askable-probe"
_WIDEST = 60  # characters of a case's name


@dataclass(frozen=True)
class ProbeResult:
    """One case and what the endpoint did."""

    about: str
    name: str
    must: Must
    outcome: Outcome
    detail: str  # the status, or what happened instead

    @property
    def right(self) -> bool:
        """Whether the endpoint did what it must."""
        return self.outcome in _RIGHT[self.must]

    def as_record(self) -> dict[str, object]:
        """Return the result as one flat record, for programs."""
        return {
            "about": self.about,
            "case": self.name,
            "must": self.must,
            "was": self.outcome,
            "told": self.detail,
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
    endpoint = _endpoint(address, timeout)
    known = read_authority(authority) if authority else make_authority(datetime.now(UTC))
    for case in cases():
        # Each request gets the time at which it is sent: a slow endpoint makes the last ones late.
        signer = RequestSigner(known, skill_id or _ANY_SKILL, datetime.now(UTC))
        must = case.must if authority else "refuse"
        yield ProbeResult(case.about, case.name, must, *_send(endpoint, case.make(signer), timeout))


def row(result: ProbeResult) -> str:
    """Return a result as a line of the table."""
    name = result.name if len(result.name) <= _WIDEST else result.name[: _WIDEST - 1] + "…"
    verdict = "ok" if result.right else "WRONG"
    return (
        f"{verdict:5}  {result.about:9}  {name:{_WIDEST}}  {result.must:6}  "
        f"{result.outcome} ({result.detail})"
    )


def summary(results: Sequence[ProbeResult]) -> str:
    """Return all results in one line."""
    outcomes = [result.outcome for result in results]
    wrong = sum(not result.right for result in results)
    return (
        f"{len(results)} requests: {outcomes.count('accepted')} accepted,"
        f" {outcomes.count('refused')} refused, {outcomes.count('fault')} faults; {wrong} wrong"
    )


def _endpoint(address: str, timeout: float) -> SplitResult:
    """Return the parts of an address that can be reached."""
    endpoint = urlsplit(address)
    if endpoint.scheme not in ("http", "https") or not endpoint.hostname:
        raise AskableError(f"{address}: is not the address of an endpoint; give http://HOST:PORT/")
    try:
        with closing(_connection(endpoint, timeout)) as connection:
            connection.connect()
    except ValueError as error:
        raise AskableError(f"{address}: has no such port; give one up to 65535") from error
    except OSError as error:
        raise AskableError(
            f"{address}: cannot be reached ({error}); start the endpoint first"
        ) from error
    return endpoint


def _connection(endpoint: SplitResult, timeout: float) -> http.client.HTTPConnection:
    kind = http.client.HTTPSConnection if endpoint.scheme == "https" else http.client.HTTPConnection
    return kind(endpoint.hostname or "", endpoint.port, timeout=timeout)


def _send(endpoint: SplitResult, request: ProbeRequest, timeout: float) -> tuple[Outcome, str]:
    """Send a request on a new connection."""
    path = (endpoint.path or "/") + (f"?{endpoint.query}" if endpoint.query else "")
    with closing(_connection(endpoint, timeout)) as connection:
        try:
            connection.request(request.method, path, request.body, dict(request.headers))
            with connection.getresponse() as response:
                return _judge(response.status, response.read())
        except TimeoutError:
            return "fault", f"no response in {timeout:g} s"
        except ConnectionError:
            return "refused", "connection closed"
        except (OSError, http.client.HTTPException) as error:
            return "fault", type(error).__name__


def _judge(status: int, body: bytes) -> tuple[Outcome, str]:
    if 200 <= status < 300:
        try:
            if isinstance(json.loads(body), dict):
                return "accepted", str(status)
        except (ValueError, RecursionError):
            pass
        return "fault", f"{status}, no JSON"
    # 503 is right for an endpoint that cannot fetch a chain now.
    return "refused" if 400 <= status < 500 or status == 503 else "fault", str(status)
