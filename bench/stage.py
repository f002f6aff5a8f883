"""What measurements of the service share: servers, a test authority and signed questions."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from skill.memory import NoMemory
from skill.settings import find_settings
from skill.simulator import Runtime
from skill.tools.probe import make_authority
from skill.tools.probe.authority import ProbeAuthority, read_authority
from skill.tools.probe.requests import ProbeRequest, RequestSigner
from tests.support.serving import SKILL_ID, Server, askable_serve, running


@dataclass(frozen=True)
class Stage:
    """A test authority, and requests that are signed with it."""

    folder: Path
    authority: ProbeAuthority
    runtime: Runtime

    @contextmanager
    def ours(self, workers: int, memory: Path | None = None, table: str = "") -> Iterator[Server]:
        """Our service, which trusts the test authority and remembers in a file or a table."""
        options = ["--probe-authority", str(self.folder), "--skill-id", SKILL_ID]
        options += ["--workers", str(workers)]
        with self.served(memory or self.folder / "memory.sqlite3", options, table) as server:
            yield server

    @contextmanager
    def served(self, memory: Path, options: list[str], table: str = "") -> Iterator[Server]:
        """Our service with any options."""
        environment = {"ASKABLE_DYNAMODB_TABLE": table} if table else {}
        with running(askable_serve(memory, *options), environment) as server:
            yield server

    @contextmanager
    def stock(self) -> Iterator[Server]:
        """A hello world on the stock adapter, which trusts the test authority."""
        command = [sys.executable, "-m", "bench.stock_adapter", "--authority", str(self.folder)]
        with running(command) as server:
            yield server

    def signer(self) -> RequestSigner:
        """Signs requests with the current time."""
        return RequestSigner(self.authority, SKILL_ID, datetime.now(UTC))

    def question(self, utterance: str, user: int = 0) -> ProbeRequest:
        """A signed question of one of many users, with the intent that our NLU gives it."""
        request: Any = self.runtime.device().say(utterance).request["request"]
        return self._signed({"intent": request["intent"]}, user)

    def launch(self, user: int) -> ProbeRequest:
        """A signed launch request of one of many users."""
        return self._signed({"type": "LaunchRequest"}, user)

    def _signed(self, request: dict[str, object], user: int) -> ProbeRequest:
        envelope: Any = self.signer().envelope(request)
        system = envelope["context"]["System"]
        for place in (envelope["session"], system):
            place["user"] = {"userId": f"amzn1.ask.account.{user:0160}"}
        # What Amazon's sample request also holds, and every adapter must read.
        system |= {"apiEndpoint": "https://api.amazonalexa.com", "apiAccessToken": "a" * 900}
        system["device"]["supportedInterfaces"] = {"AudioPlayer": {}}
        envelope["context"]["AudioPlayer"] = {"playerActivity": "IDLE"}
        return self.signer().signed(envelope)


@contextmanager
def stage() -> Iterator[Stage]:
    """A new authority in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="askable-bench-") as name:
        folder = Path(name)
        make_authority(datetime.now(UTC)).write(folder)
        settings = replace(find_settings(), memory=folder / "bench.sqlite3")
        yield Stage(folder, read_authority(folder), Runtime(settings, NoMemory()))
