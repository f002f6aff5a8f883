"""Sends a request to an endpoint and tells what became of it."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from skill.errors import AskableError
from skill.tools.probe.forge import Sent

# A refusal is clean; a fault is an error of the endpoint's own, or no answer at all.
Outcome = Literal["accepted", "refused", "fault"]


@dataclass(frozen=True)
class Answer:
    """What an endpoint did with a request."""

    outcome: Outcome
    told: str  # the status, or what happened instead of one


class Endpoint:
    """An endpoint by its address, http or https."""

    def __init__(self, address: str, patience: float) -> None:
        """`patience` is how many seconds an answer may take."""
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise AskableError(f"{address}: is no address of an endpoint; give http://HOST:PORT/")
        try:
            self._port = parts.port
        except ValueError as error:
            raise AskableError(f"{address}: has no such port; give one up to 65535") from error
        self._address = address
        self._tls = parts.scheme == "https"
        self._host = parts.hostname
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._patience = patience

    def check(self) -> None:
        """Raises AskableError when nobody is there."""
        connection = self._connection()
        try:
            connection.connect()
        except OSError as error:
            raise AskableError(
                f"{self._address}: cannot be reached ({error}); start the endpoint first"
            ) from error
        finally:
            connection.close()

    def send(self, sent: Sent) -> Answer:
        """Send a request on a connection of its own."""
        connection = self._connection()
        try:
            connection.request(sent.method, self._path, sent.body, dict(sent.headers))
            with connection.getresponse() as response:
                return _judge(response.status, response.read())
        except TimeoutError:
            return Answer("fault", f"no answer in {self._patience:g} s")
        except (ConnectionError, http.client.RemoteDisconnected):
            return Answer("refused", "connection closed")
        except (OSError, http.client.HTTPException) as error:
            return Answer("fault", type(error).__name__)
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self._tls else http.client.HTTPConnection
        return kind(self._host, self._port, timeout=self._patience)


def _judge(status: int, body: bytes) -> Answer:
    if 200 <= status < 300:
        try:
            answered = isinstance(json.loads(body), dict)
        except (ValueError, RecursionError):
            answered = False
        return (
            Answer("accepted", str(status)) if answered else Answer("fault", f"{status}, no JSON")
        )
    # 503 says "not now": right for whoever cannot fetch a chain.
    return Answer("refused" if 400 <= status < 500 or status == 503 else "fault", str(status))
