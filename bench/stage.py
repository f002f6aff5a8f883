"""What measurements of the service share: servers, a test authority, and signed questions."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from skill.memory import NoMemory
from skill.settings import find_settings
from skill.simulator.runtime import Runtime
from skill.tools.probe.certificates import Authority, make_authority, read_authority
from skill.tools.probe.forge import Forge, Sent
from tests.support.serving import SKILL_ID, Server, askable_serve, running


@dataclass(frozen=True)
class Stage:
    """A test authority and what can be asked in its name."""

    folder: Path
    authority: Authority
    runtime: Runtime

    @contextmanager
    def ours(self, workers: int, memory: Path | None = None, table: str = "") -> Iterator[Server]:
        """Our service, verifying all by the test authority; it remembers in a file or a table."""
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
    def stock(self, verified: bool) -> Iterator[Server]:
        """The hello world on the stock adapter."""
        options = ["--authority", str(self.folder)] if verified else []
        with running([sys.executable, "-m", "bench.stock_adapter", *options]) as server:
            yield server

    def forge(self) -> Forge:
        """Makes requests of now."""
        return Forge(self.authority, SKILL_ID, datetime.now(UTC))

    def question(self, utterance: str, user: int = 0) -> Sent:
        """A signed question, as our simulator's cloud understands it, of one of many users."""
        intent_match: Any = self.runtime.device().say(utterance).request["request"]
        return self._signed({"intent": intent_match["intent"]}, user)

    def launch(self, user: int) -> Sent:
        """The skill is opened by one of many users."""
        return self._signed({"type": "LaunchRequest"}, user)

    def _signed(self, request: dict[str, object], user: int) -> Sent:
        envelope: Any = self.forge().envelope(request)
        system = envelope["context"]["System"]
        for place in (envelope["session"], system):
            place["user"] = {"userId": f"amzn1.ask.account.{user:0160}"}
        # What Amazon's own sample of a request holds beside it, which every adapter must read.
        system |= {"apiEndpoint": "https://api.amazonalexa.com", "apiAccessToken": "a" * 900}
        system["device"]["supportedInterfaces"] = {"AudioPlayer": {}}
        envelope["context"]["AudioPlayer"] = {"playerActivity": "IDLE"}
        return self.forge().signed(envelope)


@contextmanager
def stage() -> Iterator[Stage]:
    """A new authority in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="askable-bench-") as name:
        folder = Path(name)
        make_authority(datetime.now(UTC)).write(folder)
        settings = find_settings(None, None, None, str(folder / "bench.sqlite3"), None)
        yield Stage(folder, read_authority(folder), Runtime(settings, NoMemory()))
