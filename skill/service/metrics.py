"""Metrics for Prometheus, of all workers together. Needs `askable[metrics]`."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """Counts requests by outcome; the workers share the folder $PROMETHEUS_MULTIPROC_DIR."""

    def __init__(self) -> None:
        registry = CollectorRegistry()
        self._requests = Counter(
            "askable_requests", "Requests by outcome", ["outcome"], registry=registry
        )
        self._seconds = Histogram(
            "askable_request_seconds",
            "Time to a response",
            registry=registry,
            buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
        )

    def count(self, outcome: str, seconds: float) -> None:
        """Count one request; `outcome` is "answered" or why it was refused."""
        self._requests.labels(outcome).inc()
        self._seconds.observe(seconds)

    def page(self) -> bytes:
        """All workers' metrics in Prometheus's text format."""
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # partly typed
        return bytes(generate_latest(registry))
