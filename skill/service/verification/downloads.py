"""Fetches a certificate chain over HTTPS: no redirects, a limit of size, and a limit of time."""

from __future__ import annotations

import http.client
import ssl
import time
from urllib.parse import urlsplit

from skill.errors import RefusedError, UnverifiableError

LARGEST = 64 * 1024  # bytes; Amazon's chains take about 8 kB
LONGEST = 3.0  # seconds for all of it; Alexa waits 8 s for an answer
_PIECE = 8 * 1024


class Download:
    """Fetches what is at an address; `host` and `port` stand in for the address's own."""

    def __init__(
        self,
        tls: ssl.SSLContext,
        host: str | None = None,
        port: int | None = None,
        longest: float = LONGEST,
    ) -> None:
        self._tls = tls
        self._host = host
        self._port = port
        self._longest = longest

    def __call__(self, address: str) -> bytes:
        """The bytes there; raises RefusedError when there are none or too many."""
        ends = time.monotonic() + self._longest
        parts = urlsplit(address)
        host = self._host or parts.hostname or ""
        connection = http.client.HTTPSConnection(
            host, self._port or parts.port, timeout=self._longest, context=self._tls
        )
        try:
            connection.request("GET", parts.path, headers={"Host": parts.netloc})
            with connection.getresponse() as response:
                return _read(response, ends)
        except (OSError, http.client.HTTPException) as error:
            raise UnverifiableError("chain-host", "certificate host: cannot be reached") from error
        finally:
            connection.close()


def _read(response: http.client.HTTPResponse, ends: float) -> bytes:
    if response.status >= 500:
        raise UnverifiableError("chain-host", f"certificate host: says {response.status}")
    if response.status != 200:
        raise RefusedError("no-chain", "certificate chain: is not at its address")
    found = b""
    # read1 returns with what has come, so that a host that trickles meets the limit of time.
    while piece := response.read1(_PIECE):
        found += piece
        if len(found) > LARGEST:
            raise RefusedError("no-chain", "certificate chain: is too large")
        if time.monotonic() > ends:
            raise UnverifiableError("chain-host", "certificate host: is too slow")
    return found
