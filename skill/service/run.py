"""Puts the web service together and runs it under gunicorn until it is told to stop."""

from __future__ import annotations

import gc
import ipaddress
import logging
import os
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ask_sdk_core.exceptions import PersistenceException
from flask import Flask
from gunicorn.app.base import BaseApplication

from skill.alexa.skill import load_skill
from skill.errors import AskableError
from skill.memory import open_memory
from skill.service.app import add_metrics, create_app
from skill.service.json_logs import logging_config
from skill.service.verification.downloads import Download
from skill.service.verification.gate import AlexaGate, Gate, open_gate
from skill.service.verification.roots import tls_context, trusted_roots
from skill.service.verification.signer_cache import Chains, Fetch
from skill.service.verification.verifier import read_chain
from skill.settings import Settings
from skill.tools.probe.authority import ROOT_FILE, fetch_from

_LOG = logging.getLogger("askable")

_SHARED_MEMORY = Path("/dev/shm")


@dataclass(frozen=True)
class Serving:
    """How the service is to run; documented by `askable serve --help`."""

    host: str
    port: int
    workers: int
    threads: int
    skill_ids: frozenset[str]
    insecure_local: bool = False
    probe_authority: Path | None = None
    metrics_port: int | None = None

    def __post_init__(self) -> None:
        local = "--insecure-local" if self.insecure_local else ""
        local = local or ("--probe-authority" if self.probe_authority else "")
        if local and not _is_loopback(self.host):
            raise AskableError(f"--host {self.host}: {local} needs a loopback address: 127.0.0.1")
        if self.insecure_local and self.probe_authority:
            raise AskableError("--insecure-local: verifies nothing; leave out --probe-authority")
        if not self.skill_ids and not self.insecure_local:
            raise AskableError(
                "--skill-id: is missing; give your skill's id from the Alexa console,"
                " or --insecure-local to try the service on this machine alone"
            )


def run(settings: Settings, serving: Serving) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are finished first."""
    with ExitStack() as stack:
        if serving.metrics_port:
            # Read by prometheus_client when it is imported: workers add up their figures in there.
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="askable-metrics-"))
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        _Gunicorn(_options(serving), lambda: _app(settings, serving)).run()


class _Gunicorn(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    def __init__(self, options: dict[str, Any], make: Callable[[], Flask]) -> None:
        self._options = options
        self._make = make
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        app = self._make()
        # What is loaded before the workers part stays shared only if nobody writes to it, and the
        # collector writes to whatever it looks at.
        gc.collect()
        gc.freeze()
        return app


def _app(settings: Settings, serving: Serving) -> Flask:
    memory = open_memory(settings)
    try:
        # Before the workers part: two that set up a new store at once would be in each other's way.
        memory.open_once()
    except PersistenceException as error:
        _LOG.warning("memory cannot be opened yet: %s", type(error.__cause__ or error).__name__)
    skill = load_skill(settings, memory)
    if serving.metrics_port is None:
        return create_app(skill, _gate(serving))
    try:
        from skill.service.metrics import CONTENT_TYPE, Metrics
    except ImportError as error:
        raise AskableError("--metrics-port: needs pip install 'askable[metrics]'") from error
    metrics = Metrics()
    app = create_app(skill, _gate(serving), metrics.count)
    add_metrics(app, metrics.page, CONTENT_TYPE, serving.metrics_port)
    return app


def _gate(serving: Serving) -> Gate:
    if serving.insecure_local:
        return open_gate
    if serving.probe_authority:
        roots = trusted_roots(serving.probe_authority / ROOT_FILE)
        fetch: Fetch = fetch_from(serving.probe_authority)
    else:
        roots = trusted_roots()
        fetch = Download(tls_context())
    # Two threads of a worker are always left for requests whose chain is known.
    waiting = max(1, serving.threads - 2)
    chains = Chains(fetch, lambda pem, now: read_chain(pem, roots, now), waiting)
    return AlexaGate(chains, serving.skill_ids, lambda: datetime.now(UTC))


def _options(serving: Serving) -> dict[str, Any]:
    host = f"[{serving.host}]" if ":" in serving.host else serving.host
    bind = [f"{host}:{serving.port}"]
    if serving.metrics_port:
        bind.append(f"127.0.0.1:{serving.metrics_port}")
    return {
        "bind": bind,
        "workers": serving.workers,
        "threads": serving.threads,
        "worker_class": "gthread",
        "preload_app": True,  # the matcher is loaded once and shared
        "keepalive": 75,  # longer than a proxy in front keeps a connection
        "graceful_timeout": 10,  # Alexa gives up after 8 s
        # The workers' sign of life must not depend on a disk that is full or slow.
        "worker_tmp_dir": str(_SHARED_MEMORY) if _SHARED_MEMORY.is_dir() else None,
        "control_socket_disable": True,
        "logconfig_dict": logging_config("INFO"),
        "proc_name": "askable",
    }


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
