"""Measures the web service and prints tables.

.venv/bin/python -m bench.service WHAT ...

probe  what our service and the stock adapter accept of the probe's requests
speed  requests a second, one worker, of ours and of the stock adapter; both verify every request
load   200 requests a second for 60 seconds
fuzz   100,000 malformed requests

bench.drills breaks things while the service runs.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import string
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice, repeat
from pathlib import Path

from bench.fuzzing import fuzzed
from bench.stage import Stage, stage
from skill.tools.probe import ProbeResult, probe
from tests.support.serving import SKILL_ID, Server
from tests.support.traffic import Outcome, send_all, wire

MODEL, FREE = "what is oxytocin", "so what would it do for a cut on my hand"


def show_probe(made: Stage) -> None:
    """What each of the two does with every request of the probe."""
    with made.ours(1) as ours, made.stock() as stock:
        ours_results, stock_results = (
            list(probe(server.url, SKILL_ID, made.folder, timeout=60.0)) for server in (ours, stock)
        )
    print("| about | requests | ours wrong | ours faults | stock wrong | stock faults |")
    print("|---|---|---|---|---|---|")
    for about in dict.fromkeys(result.about for result in ours_results):
        rows = [
            [result for result in results if result.about == about]
            for results in (ours_results, stock_results)
        ]
        print(f"| {about} | {len(rows[0])} | {_counts(rows[0])} | {_counts(rows[1])} |")
    counts = f"{_counts(ours_results)} | {_counts(stock_results)}"
    print(f"| all | {len(ours_results)} | {counts} |\n")
    for result in stock_results:
        if not result.right:
            response = f"{result.outcome} ({result.detail})"
            print(f"| stock | {result.about}: {result.name[:60]} | {result.must} | {response} |")


def _counts(results: list[ProbeResult]) -> str:
    wrong = sum(not result.right for result in results)
    return f"{wrong} | {sum(result.outcome == 'fault' for result in results)}"


def show_speed(made: Stage) -> None:
    """Requests a second of one worker each, in turns, so that both meet the same machine."""
    rounds, count, connections = 7, 700, 8
    rates: dict[str, list[float]] = {}
    with made.ours(1) as ours, made.stock() as stock:
        asked = {
            "hello world on the stock adapter": (stock, repeat(MODEL)),
            "Askable, question by its intent": (ours, repeat(MODEL)),
            "Askable, question in free words, always the same": (ours, repeat(FREE)),
            "Askable, question in free words, always new": (ours, _new_questions()),
        }
        for _ in range(rounds):
            for name, (server, utterances) in asked.items():
                requests = [wire(made.question(said)) for said in islice(utterances, count)]
                outcome = send_all(server.port, requests, connections)
                assert set(outcome.statuses) == {"200"}, outcome.statuses
                rates.setdefault(name, []).append(outcome.rate)
    stock_rate = statistics.median(next(iter(rates.values())))
    print(f"| one worker, verified, medians of {rounds} | requests/s | × stock |\n|---|---|---|")
    for name, found in rates.items():
        rate = statistics.median(found)
        print(f"| {name} | {rate:.0f} | {rate / stock_rate:.2f} |")
    _print_load_average()


def _new_questions() -> Iterator[str]:
    """The same question with another invented word at its end each time."""
    chance = random.Random(5)
    while True:
        word = "".join(chance.choices(string.ascii_lowercase, k=7))
        yield f"{FREE} near a {word}"


def show_load(made: Stage, seconds: int, a_second: int) -> None:
    """A steady load of listeners old and new, on two workers with a memory."""
    utterances = (MODEL, "who wrote this", "read me the article", "tell me about wounds")
    with made.ours(2) as server:
        # The server listens before its workers have started.
        send_all(server.port, [wire(made.question(MODEL))] * 100, 16)
        outcome, memory = Outcome(), [_memory(server)]
        for _ in range(seconds // 10):
            requests = [
                wire(made.question(random.choice(utterances), random.randrange(5_000)))
                for _ in range(500)
            ]
            requests = [random.choice(requests) for _ in range(10 * a_second)]
            part = send_all(server.port, requests, 16, a_second)
            outcome.statuses += part.statuses
            outcome.seconds += part.seconds
            memory.append(_memory(server))
        records = server.records()
    wrong = [line for line in records if line["level"] != "info"]
    inside = sorted(float(str(line["ms"])) for line in records if "ms" in line)
    print("| requests | statuses | p50 ms | p99 ms | max ms | p99 inside | workers' memory, MB |")
    print("|---|---|---|---|---|---|---|")
    spread = ", ".join(f"{part:.0f}" for part in memory)
    print(
        f"| {len(outcome.seconds)} | {dict(outcome.statuses)} | {outcome.percentile(0.5):.1f} |"
        f" {outcome.percentile(0.99):.1f} | {outcome.percentile(1):.1f} |"
        f" {inside[int(0.99 * len(inside))]:.1f} | {spread} |"
    )
    print(f"warnings in the log: {len(wrong)} {wrong[:2]}")
    _print_load_average()


def _memory(server: Server) -> float:
    """The workers' proportional set size in megabytes: shared pages are divided among them."""
    total = 0
    for pid in server.workers():
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def show_fuzz(made: Stage, count: int) -> None:
    """Requests with random or changed bodies and headers, or with signed nonsense."""
    chance = random.Random(5)
    statuses: Counter[str] = Counter()
    started = time.perf_counter()
    with made.ours(2) as server:
        for _ in range(max(1, count // 5_000)):
            good = made.question(MODEL)
            batch = [wire(fuzzed(good, chance, made.signer())) for _ in range(min(count, 5_000))]
            statuses += send_all(server.port, batch, 8).statuses
        alive = send_all(server.port, [wire(made.question(MODEL))], 1).statuses
        faults = [line for line in server.records() if line["level"] == "error"]
    taken = time.perf_counter() - started
    print("| requests | statuses | errors in the log | a valid request afterwards | seconds |")
    print("|---|---|---|---|---|")
    print(f"| {count} | {dict(statuses)} | {len(faults)} | {dict(alive)} | {taken:.0f} |")


def _print_load_average() -> None:
    print(f"load average afterwards: {os.getloadavg()[0]:.2f}, processors: {os.cpu_count()}\n")


def main() -> None:
    """Measure what is named."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", nargs="+", choices=["probe", "speed", "load", "fuzz"])
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--requests", type=int, default=100_000)
    given = parser.parse_args()
    with stage() as made:
        for what in given.what:
            if what == "probe":
                show_probe(made)
            elif what == "speed":
                show_speed(made)
            elif what == "load":
                show_load(made, given.seconds, 200)
            else:
                show_fuzz(made, given.requests)


if __name__ == "__main__":
    main()
