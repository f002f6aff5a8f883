"""What the service does when something fails.

.venv/bin/python -m bench.drills [DRILL ...]

Each drill serves the skill on loopback, breaks something while questions are asked, and prints a
row. The full disk is a small file system in memory, which needs root.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from bench.stage import Stage, stage
from skill.memory.dynamodb import PARTITION
from skill.tools.probe.authority import CHAINS
from tests.support.serving import SKILL_ID
from tests.support.traffic import Outcome, send_all, wire

_A_SECOND = 100


def _launches(made: Stage, count: int, first: int = 0) -> list[bytes]:
    """Launches of new listeners, so that each is remembered."""
    return [wire(made.launch(first + number)) for number in range(count)]


def worker_killed(made: Stage) -> str:
    """kill -9 of one of two workers, five times in ten seconds of load."""
    memory = made.folder / "killed.sqlite3"
    with made.ours(2, memory) as server:
        killed = 0
        done = threading.Event()

        def kill() -> None:
            nonlocal killed
            while not done.wait(1.7):
                os.kill(server.workers()[-1], signal.SIGKILL)
                killed += 1

        killer = threading.Thread(target=kill)
        killer.start()
        outcome = send_all(server.port, _launches(made, 1_000), 8, _A_SECOND)
        done.set()
        killer.join()
    return f"{killed} workers killed; {_summary(outcome)}; listeners kept: {_kept(memory)}"


def database_locked(made: Stage) -> str:
    """Another process holds the database's write lock all the time."""
    memory = made.folder / "locked.sqlite3"
    with made.ours(2, memory) as server:
        send_all(server.port, _launches(made, 1), 1)
        with closing(sqlite3.connect(memory)) as holder:
            holder.execute("begin immediate")
            outcome = send_all(server.port, _launches(made, 40, 1_000), 8)
            holder.rollback()
        after = send_all(server.port, _launches(made, 40, 2_000), 8)
    return f"{_summary(outcome)}; afterwards {_summary(after)}; listeners kept: {_kept(memory)}"


def disk_full(made: Stage) -> str:
    """The disk with the database has no room left."""
    with _small_disk(made.folder / "disk") as disk:
        if disk is None:
            return "not run: mounting a small file system needs root"
        memory = disk / "memory.sqlite3"
        with made.ours(2, memory) as server:
            before = send_all(server.port, _launches(made, 40), 4)
            ballast = disk / "ballast"
            with ballast.open("wb", buffering=0) as full, suppress(OSError):
                while full.write(b"0" * 4096):
                    pass
            outcome = send_all(server.port, _launches(made, 400, 1_000), 8)
            ballast.unlink()
            after = send_all(server.port, _launches(made, 40, 2_000), 8)
            kept = _kept(memory)
    return (
        f"{_summary(before)}; full: {_summary(outcome)}; room again: {_summary(after)};"
        f" listeners: {kept}"
    )


def certificate_host_gone(made: Stage) -> str:
    """The chain is known; then its host is gone, and a chain that is not known is asked for."""
    with made.ours(1) as server:
        known = send_all(server.port, _launches(made, 20), 4)
        chain = made.folder / CHAINS / "good.pem"
        kept = chain.read_bytes()
        chain.unlink()
        try:
            outcome = send_all(server.port, _launches(made, 200), 4)
        finally:
            chain.write_bytes(kept)
    options = ["--skill-id", SKILL_ID, "--workers", "1"]
    with made.served(made.folder / "gone.sqlite3", options) as server:
        # This one downloads from Amazon, which cannot be reached from here.
        away = send_all(server.port, _launches(made, 40), 16)
        alive = send_all(server.port, [b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"], 1)
    return (
        f"{_summary(known)}; chain known, host gone: {_summary(outcome)};"
        f" Amazon's host not reached: {_summary(away)}, meanwhile alive: {_summary(alive)}"
    )


def clock_off(made: Stage) -> str:
    """Requests whose clock differs from ours by an hour."""
    outcomes = []
    with made.ours(1) as server:
        for late in (timedelta(hours=1), timedelta(hours=-1), timedelta()):
            signer = made.signer()
            request = replace(signer, now=signer.now - late).signed()
            outcomes.append(_summary(send_all(server.port, [wire(request)] * 50, 4)))
    return f"an hour late: {outcomes[0]}; an hour early: {outcomes[1]}; in time: {outcomes[2]}"


def dynamodb_gone(made: Stage) -> str:
    """The table stops responding, responds again, and is gone; moto stands in for DynamoDB."""
    with _dynamodb() as (process, table), made.ours(2, table=table.name) as server:
        before = send_all(server.port, _launches(made, 40), 4)
        process.send_signal(signal.SIGSTOP)
        silent = send_all(server.port, _launches(made, 40, 1_000), 8)
        process.send_signal(signal.SIGCONT)
        after = send_all(server.port, _launches(made, 40, 2_000), 4)
        kept = sum("attributes" in item for item in table.scan()["Items"])
        process.kill()
        gone = send_all(server.port, _launches(made, 40, 3_000), 8)
    return (
        f"{_summary(before)}; silent: {_summary(silent)}; again: {_summary(after)}, listeners kept:"
        f" {kept}; gone: {_summary(gone)}"
    )


DRILLS = (
    worker_killed,
    database_locked,
    disk_full,
    dynamodb_gone,
    certificate_host_gone,
    clock_off,
)


def _summary(outcome: Outcome) -> str:
    statuses = ", ".join(f"{status} × {times}" for status, times in outcome.statuses.items())
    again = f", {outcome.retried} of them sent twice" if outcome.retried else ""
    return f"{statuses}{again} (slowest {outcome.percentile(1):.0f} ms)"


def _kept(memory: Path) -> str:
    with closing(sqlite3.connect(memory)) as store:
        (sound,) = store.execute("pragma integrity_check").fetchone()
        (count,) = store.execute("select count(*) from listeners").fetchone()
    return f"{count}, integrity {sound}"


@contextmanager
def _dynamodb() -> Iterator[tuple[subprocess.Popen[bytes], Any]]:
    """A process that stands in for DynamoDB, where the AWS SDK finds it, and a table in it."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.environ |= {
        "AWS_ENDPOINT_URL_DYNAMODB": f"http://127.0.0.1:{port}",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
    }
    try:
        # Retries until moto has started.
        config = Config(retries={"mode": "standard", "max_attempts": 12})
        table = boto3.resource("dynamodb", config=config).create_table(
            TableName="listeners",
            KeySchema=[{"AttributeName": PARTITION, "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": PARTITION, "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield process, table
    finally:
        process.kill()
        process.wait()


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path | None]:
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def main() -> None:
    """Run the drills that are named, or all."""
    names = {drill.__name__: drill for drill in DRILLS}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("drill", nargs="*", choices=[[], *names], default=[])
    asked = parser.parse_args().drill or list(names)
    print("| drill | result |\n|---|---|")
    with stage() as made:
        for name in asked:
            print(f"| {name.replace('_', ' ')} | {names[name](made)} |", flush=True)


if __name__ == "__main__":
    main()
