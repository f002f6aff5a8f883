"""Signers by the address of their certificate chain: fetched once, kept as long as it is valid.

Every fetch has a thread of its own and whoever needs the chain waits for it, but not for long. So
that a certificate host that hangs cannot hold every thread of a worker, only so many requests may
wait at a time; the others are refused, and those whose chain is known are not concerned.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as WaitTimeoutError
from datetime import datetime

from skill.errors import RefusedError, UnverifiableError
from skill.service.verification.verifier import Signer

_LOG = logging.getLogger("askable")
# Gives the bytes at an address; raises RefusedError.
Fetch = Callable[[str], bytes]
# Gives the signer for whom a chain vouches at a time; raises RefusedError.
Read = Callable[[bytes, datetime], Signer]
KEPT = 16  # chains; Amazon serves one at a time
PATIENCE = 3.0  # seconds; Alexa waits 8 s for an answer


class Chains:
    """The signers behind certificate addresses, safe with several threads."""

    def __init__(
        self,
        fetch: Fetch,
        read: Read,
        waiting: int,
        kept: int = KEPT,
        patience: float = PATIENCE,
    ) -> None:
        """At most `waiting` requests wait, at most as many fetches run; `kept` are remembered."""
        self._fetch = fetch
        self._read = read
        self._waiting = waiting
        self._room = threading.Semaphore(waiting)
        self._kept = kept
        self._patience = patience
        self._lock = threading.Lock()
        self._signers: OrderedDict[str, Signer] = OrderedDict()
        self._fetches: dict[str, Future[Signer]] = {}

    def signer(self, address: str, now: datetime) -> Signer:
        """Who signs with the chain at `address`; raises RefusedError when nobody may."""
        found = self._find(address, now)
        if isinstance(found, Signer):
            return found
        if not self._room.acquire(blocking=False):
            raise _crowded()
        try:
            return found.result(self._patience)
        except RefusedError as error:
            # Each thread raises an error of its own: a shared one would gather their tracebacks.
            raise type(error)(error.reason, str(error)) from error
        except WaitTimeoutError as error:
            raise UnverifiableError("chain-host", "certificate host: does not answer") from error
        finally:
            self._room.release()

    def _find(self, address: str, now: datetime) -> Signer | Future[Signer]:
        """A signer that is known, or the fetch that will tell."""
        with self._lock:
            known = self._signers.get(address)
            if known and known.begins <= now <= known.ends:
                self._signers.move_to_end(address)
                return known
            running = self._fetches.get(address)
            if running is None:
                if len(self._fetches) >= self._waiting:
                    raise _crowded()
                running = self._fetches[address] = Future()
                run = threading.Thread(target=self._run, args=(address, now, running), daemon=True)
                run.start()
            return running

    def _run(self, address: str, now: datetime, running: Future[Signer]) -> None:
        signer: Signer | None = None
        fault: RefusedError = UnverifiableError("chain-host", "certificate host: fetch failed")
        try:
            signer = self._read(self._fetch(address), now)
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


def _crowded() -> UnverifiableError:
    return UnverifiableError("crowded", "certificate host: too many requests wait for it")
