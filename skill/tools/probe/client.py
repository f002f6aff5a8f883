"""The HTTP client of the probe."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from skill.errors import AskableError
from skill.tools.probe.requests import ProbeRequest

# A refusal is clean; a fault is an internal error of the endpoint, or no response at all.
Outcome = Literal["accepted", "refused", "fault"]


@dataclass(frozen=True)
class ProbeResponse:
    """What an endpoint did with a request."""

    outcome: Outcome
    detail: str  # the status, or what happened instead


class ProbeClient:
    """Sends requests to one endpoint.

    Args:
        address: The endpoint's http or https address.
        timeout: The seconds that a response may take.
    """

    def __init__(self, address: str, timeout: float) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise AskableError(
                f"{address}: is not the address of an endpoint; give http://HOST:PORT/"
            )
        try:
            self._port = parts.port
        except ValueError as error:
            raise AskableError(f"{address}: has no such port; give one up to 65535") from error
        self._address = address
        self._tls = parts.scheme == "https"
        self._host = parts.hostname
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._timeout = timeout

    def check(self) -> None:
        """Raise AskableError if the endpoint cannot be reached."""
        connection = self._connection()
        try:
            connection.connect()
        except OSError as error:
            raise AskableError(
                f"{self._address}: cannot be reached ({error}); start the endpoint first"
            ) from error
        finally:
            connection.close()

    def send(self, request: ProbeRequest) -> ProbeResponse:
        """Send a request on a new connection."""
        connection = self._connection()
        try:
            connection.request(request.method, self._path, request.body, dict(request.headers))
            with connection.getresponse() as response:
                return _judge(response.status, response.read())
        except TimeoutError:
            return ProbeResponse("fault", f"no response in {self._timeout:g} s")
        except (ConnectionError, http.client.RemoteDisconnected):
            return ProbeResponse("refused", "connection closed")
        except (OSError, http.client.HTTPException) as error:
            return ProbeResponse("fault", type(error).__name__)
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self._tls else http.client.HTTPConnection
        return kind(self._host, self._port, timeout=self._timeout)


def _judge(status: int, body: bytes) -> ProbeResponse:
    if 200 <= status < 300:
        try:
            is_json = isinstance(json.loads(body), dict)
        except (ValueError, RecursionError):
            is_json = False
        if is_json:
            return ProbeResponse("accepted", str(status))
        return ProbeResponse("fault", f"{status}, no JSON")
    # 503 is right for an endpoint that cannot fetch a chain now.
    refused = 400 <= status < 500 or status == 503
    return ProbeResponse("refused" if refused else "fault", str(status))
