"""Signers by the address of their certificate chain, fetched once and kept while they are valid."""

from __future__ import annotations

import http.client
import logging
import ssl
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as WaitTimeoutError
from datetime import datetime
from urllib.parse import urlsplit

import certifi
from cryptography.x509.verification import Store

from skill.errors import RefusedError, UnverifiableError
from skill.service.verification.chains import Signer, read_chain

# Returns the certificate chain at an address, as PEM; raises RefusedError.
Fetch = Callable[[str], bytes]

LARGEST_CHAIN = 64 * 1024  # bytes; Amazon's chains take about 8 kB
_TIMEOUT = 3.0  # seconds for a whole download; Alexa waits 8 s for a response
_KEPT = 16  # signers; Amazon uses one at a time
_READ_SIZE = 8 * 1024
_LOG = logging.getLogger("askable")


class SignerCache:
    """The signers behind certificate chain addresses, safe with several threads.

    Each fetch runs in its own thread, and every request that needs the chain waits for it. Only a
    limited number of requests may wait at a time and the others are refused, so that a certificate
    host that hangs cannot block every thread of a worker.

    Args:
        fetch: Returns the chain at an address.
        roots: The trusted root certificates.
        waiting: The most requests that wait, and the most fetches that run, at a time.
        kept: The most signers that are kept.
        timeout: The seconds that a request waits for a chain.
    """

    def __init__(
        self,
        fetch: Fetch,
        roots: Store,
        waiting: int,
        kept: int = _KEPT,
        timeout: float = _TIMEOUT,
    ) -> None:
        self._fetch = fetch
        self._roots = roots
        self._waiting = waiting
        self._slots = threading.Semaphore(waiting)
        self._kept = kept
        self._timeout = timeout
        self._lock = threading.Lock()
        self._signers: OrderedDict[str, Signer] = OrderedDict()
        self._fetches: dict[str, Future[Signer]] = {}

    def signer(self, address: str, now: datetime) -> Signer:
        """The signer that the chain at `address` vouches for.

        Raises:
            RefusedError: The chain is not there, or not valid.
            UnverifiableError: The certificate host does not answer, or too many requests wait.
        """
        found = self._find(address, now)
        if isinstance(found, Signer):
            return found
        if not self._slots.acquire(blocking=False):
            raise _too_many()
        try:
            return found.result(self._timeout)
        except RefusedError as error:
            # Each thread raises its own error: a shared one would collect all their tracebacks.
            raise type(error)(error.reason, str(error)) from error
        except WaitTimeoutError as error:
            raise UnverifiableError("chain-host", "certificate host: does not answer") from error
        finally:
            self._slots.release()

    def _find(self, address: str, now: datetime) -> Signer | Future[Signer]:
        """A signer that is kept, or the fetch that will return it."""
        with self._lock:
            known = self._signers.get(address)
            if known and known.not_before <= now <= known.not_after:
                self._signers.move_to_end(address)
                return known
            running = self._fetches.get(address)
            if running is None:
                if len(self._fetches) >= self._waiting:
                    raise _too_many()
                running = self._fetches[address] = Future()
                run = threading.Thread(target=self._run, args=(address, now, running), daemon=True)
                run.start()
            return running

    def _run(self, address: str, now: datetime, running: Future[Signer]) -> None:
        signer: Signer | None = None
        fault: RefusedError = UnverifiableError("chain-host", "certificate host: fetch failed")
        try:
            signer = read_chain(self._fetch(address), self._roots, now)
        except RefusedError as error:
            fault = error
        except Exception as error:
            _LOG.error("certificate chain cannot be fetched: %s", type(error).__name__)
        with self._lock:
            del self._fetches[address]
            if signer:
                self._keep(address, signer)
        if signer:
            running.set_result(signer)
        else:
            running.set_exception(fault)

    def _keep(self, address: str, signer: Signer) -> None:
        self._signers[address] = signer
        self._signers.move_to_end(address)
        while len(self._signers) > self._kept:
            self._signers.popitem(last=False)


class ChainDownload:
    """Downloads a certificate chain over HTTPS, without redirects and within limits.

    Args:
        tls: How the certificate host is verified; by certifi's roots, if omitted.
        host: Connects to this host in place of the address's own.
        port: Connects to this port in place of the address's own.
        timeout: The seconds that the whole download may take.
    """

    def __init__(
        self,
        tls: ssl.SSLContext | None = None,
        host: str | None = None,
        port: int | None = None,
        timeout: float = _TIMEOUT,
    ) -> None:
        self._tls = tls or ssl.create_default_context(cafile=certifi.where())
        self._host = host
        self._port = port
        self._timeout = timeout

    def __call__(self, address: str) -> bytes:
        """The bytes at `address`; raises RefusedError if there are none, or too many."""
        ends = time.monotonic() + self._timeout
        parts = urlsplit(address)
        host = self._host or parts.hostname or ""
        connection = http.client.HTTPSConnection(
            host, self._port or parts.port, timeout=self._timeout, context=self._tls
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
        raise UnverifiableError("chain-host", f"certificate host: returns {response.status}")
    if response.status != 200:
        raise RefusedError("no-chain", "certificate chain: is not at its address")
    found = b""
    # read1 returns what has arrived, so that the time limit also holds for a host that trickles.
    while piece := response.read1(_READ_SIZE):
        found += piece
        if len(found) > LARGEST_CHAIN:
            raise RefusedError("no-chain", "certificate chain: is too large")
        if time.monotonic() > ends:
            raise UnverifiableError("chain-host", "certificate host: is too slow")
    return found


def _too_many() -> UnverifiableError:
    return UnverifiableError("crowded", "certificate host: too many requests wait for it")
