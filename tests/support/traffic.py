"""Many requests to a server on this machine, and the outcome of each."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from skill.tools.probe.requests import ProbeRequest

_TIMEOUT = 10.0  # seconds


@dataclass
class Outcome:
    """The outcome of many requests."""

    statuses: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    retried: int = 0  # sent again on a new connection, as a proxy does
    elapsed: float = 0.0

    @property
    def rate(self) -> float:
        """Requests a second."""
        return sum(self.statuses.values()) / self.elapsed

    def percentile(self, share: float) -> float:
        """The milliseconds within which this share of the requests was answered."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def wire(request: ProbeRequest) -> bytes:
    """The bytes of a request on a connection that stays open."""
    headers = {"Host": "localhost", **request.headers, "Content-Length": str(len(request.body))}
    lines = [
        f"{request.method} / HTTP/1.1",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + request.body


def send_all(
    port: int, requests: Sequence[bytes], connections: int, a_second: float | None = None
) -> Outcome:
    """Send every request once, as fast as responses come or at a rate of `a_second`."""
    outcome, lock = Outcome(), threading.Lock()
    start = time.perf_counter()
    # An open loop: a late response must not delay the next request.
    times = [start + number / a_second if a_second else 0.0 for number in range(len(requests))]

    def run(mine: int) -> None:
        with Connection(port) as connection:
            for number in range(mine, len(requests), connections):
                wait = times[number] - time.perf_counter()
                if a_second and wait > 0:
                    time.sleep(wait)
                began = times[number] if a_second else time.perf_counter()
                status = connection.ask(requests[number])
                took = time.perf_counter() - began
                with lock:
                    outcome.statuses[status] += 1
                    outcome.seconds.append(took)
                    outcome.retried += connection.retried
                    connection.retried = 0

    threads = [threading.Thread(target=run, args=(mine,)) for mine in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcome.elapsed = time.perf_counter() - start
    return outcome


class Connection:
    """One connection, opened again once if it is lost."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None
        self.retried = 0

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self._drop()

    def ask(self, request: bytes) -> str:
        """The status of the response, or what happened instead."""
        for attempt in (1, 2):
            fresh = self._socket is None
            try:
                return self._ask(request)
            except TimeoutError:
                self._drop()
                return "no answer"
            except OSError:
                self._drop()
                if fresh or attempt == 2:
                    return "connection lost"
                self.retried += 1
        return "connection lost"

    def _ask(self, request: bytes) -> str:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=_TIMEOUT)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._more()
        head, _, body = answer.partition(b"\r\n\r\n")
        lowered = head.lower()
        length = int(lowered.partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
        while len(body) < length:
            body += self._more()
        if b"connection: close" in lowered:
            self._drop()
        return head.split(b" ", 2)[1].decode()

    def _more(self) -> bytes:
        assert self._socket
        piece = self._socket.recv(65_536)
        if not piece:
            raise ConnectionResetError
        return piece

    def _drop(self) -> None:
        if self._socket:
            self._socket.close()
            self._socket = None
