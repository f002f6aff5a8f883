"""Runs the web service under gunicorn."""

from __future__ import annotations

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

from skill.alexa import load_skill
from skill.errors import AskableError
from skill.memory import open_memory
from skill.service.app import add_metrics, create_app
from skill.service.logs import logging_config
from skill.service.verification import (
    ChainDownload,
    Fetch,
    RequestVerifier,
    SignerCache,
    Verify,
    accept_unverified,
    trusted_roots,
)
from skill.settings import Settings

_LOG = logging.getLogger("askable")
_SHARED_MEMORY = Path("/dev/shm")


@dataclass(frozen=True)
class ServeOptions:
    """How the service runs; `askable serve --help` documents each option."""

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


@dataclass(frozen=True)
class CertificateAuthority:
    """Trusted in place of Amazon: a PEM file of roots, and how certificate chains are fetched."""

    roots: Path
    fetch: Fetch


def run(
    settings: Settings, options: ServeOptions, authority: CertificateAuthority | None = None
) -> None:
    """Serve until SIGTERM or SIGINT, and finish the requests under way first.

    Args:
        settings: Which article is served, and where listeners are remembered.
        options: How it is served.
        authority: Trusted in place of Amazon, for tests.
    """
    with ExitStack() as stack:
        if options.metrics_port:
            # prometheus_client reads this when it is imported; all workers write to the folder.
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="askable-metrics-"))
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        _Gunicorn(_config(options), lambda: _app(settings, options, authority)).run()


class _Gunicorn(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    def __init__(self, config: dict[str, Any], make: Callable[[], Flask]) -> None:
        self._config = config
        self._make = make
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._config.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._make()


def _app(
    settings: Settings, options: ServeOptions, authority: CertificateAuthority | None
) -> Flask:
    memory = open_memory(settings)
    try:
        # Before the fork: two workers that create the store at once would block each other.
        memory.open_once()
    except PersistenceException as error:
        _LOG.warning("memory cannot be opened yet: %s", type(error.__cause__ or error).__name__)
    skill = load_skill(settings, memory)
    skill.matcher  # noqa: B018  # loaded before the fork: the workers share it
    verify = _verify(options, authority)
    if options.metrics_port is None:
        return create_app(skill, verify)
    try:
        from skill.service.metrics import CONTENT_TYPE, Metrics
    except ImportError as error:
        raise AskableError("--metrics-port: needs pip install 'askable[metrics]'") from error
    metrics = Metrics()
    app = create_app(skill, verify, metrics.count)
    add_metrics(app, metrics.page, CONTENT_TYPE, options.metrics_port)
    return app


def _verify(options: ServeOptions, authority: CertificateAuthority | None) -> Verify:
    if options.insecure_local:
        return accept_unverified
    signers = SignerCache(
        authority.fetch if authority else ChainDownload(),
        trusted_roots(authority.roots if authority else None),
        # Two threads of a worker always remain for requests whose chain is known.
        waiting=max(1, options.threads - 2),
    )
    return RequestVerifier(signers, options.skill_ids, lambda: datetime.now(UTC)).verify


def _config(options: ServeOptions) -> dict[str, Any]:
    """gunicorn's settings."""
    host = f"[{options.host}]" if ":" in options.host else options.host
    bind = [f"{host}:{options.port}"]
    if options.metrics_port:
        bind.append(f"127.0.0.1:{options.metrics_port}")
    return {
        "bind": bind,
        "workers": options.workers,
        "threads": options.threads,
        "worker_class": "gthread",
        "preload_app": True,  # the matcher is loaded once and shared
        "keepalive": 75,  # seconds; a proxy in front keeps a connection for a shorter time
        "graceful_timeout": 10,  # seconds; Alexa gives up after 8 s
        # A worker's heartbeat must not depend on a disk that is full or slow.
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
