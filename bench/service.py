"""Measures the web service and prints tables: .venv/bin/python -m bench.service WHAT ...

probe  what our server and the stock adapter let in        speed  requests a second, one worker
share  our own time in a request beside the SDK's          load   200 requests a second for 60 s
fuzz   100,000 malformed requests                          Failure drills: bench.drills
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import cycle, islice, repeat
from pathlib import Path
from typing import Any

from ask_sdk_core.serialize import DefaultSerializer
from ask_sdk_core.skill_builder import CustomSkillBuilder
from ask_sdk_model import RequestEnvelope

from bench.fuzzing import fuzzed
from bench.stage import Stage, stage
from bench.stock_adapter import Hello
from tests.support.traffic import Outcome, send_all, wire
from skill.alexa.envelope import readable
from skill.alexa.request_mapping import to_turn
from skill.content.intents import SEARCH_SLOT
from skill.conversation.dialogue import Dialogue
from skill.conversation.prompts import render
from skill.conversation.replies import to_ssml
from skill.conversation.state import Listener, state_from_attributes, state_to_attributes
from skill.simulator.runtime import Runtime
from skill.tools.probe.client import Endpoint
from skill.tools.probe.run import Finding, probe
from skill.understanding.pieces import START
from skill.understanding.word_vectors import WordVectors
from tests.support.serving import SKILL_ID, Server

MODEL, FREE = "what is oxytocin", "so what would it do for a cut on my hand"


def show_probe(made: Stage) -> None:
    """What each of the two does with every request of the probe."""
    with made.ours(1) as ours, made.stock(verified=True) as stock:
        tables = [
            list(probe(Endpoint(server.url, 60.0), made.authority, SKILL_ID, trusted=True))
            for server in (ours, stock)
        ]
    print("| about | requests | ours wrong | ours faults | stock wrong | stock faults |")
    print("|---|---|---|---|---|---|")
    for about in dict.fromkeys(finding.about for finding in tables[0]):
        counts = [_counts([f for f in table if f.about == about]) for table in tables]
        size = sum(finding.about == about for finding in tables[0])
        print(f"| {about} | {size} | {' | '.join(counts)} |")
    print(f"| all | {len(tables[0])} | {' | '.join(_counts(table) for table in tables)} |\n")
    for finding in tables[1]:
        if not finding.right:
            answer = f"{finding.answer.outcome} ({finding.answer.told})"
            print(f"| stock | {finding.about}: {finding.name[:60]} | {finding.must} | {answer} |")


def _counts(findings: list[Finding]) -> str:
    wrong = sum(not finding.right for finding in findings)
    return f"{wrong} | {sum(finding.answer.outcome == 'fault' for finding in findings)}"


def show_speed(made: Stage) -> None:
    """Requests a second of one worker, in turns, so that both meet the same machine."""
    rounds, count, connections = 7, 700, 8
    rates: dict[str, list[float]] = {}
    spent: dict[str, list[float]] = {}
    with made.ours(1) as ours, made.stock(verified=False) as stock:
        asked = {
            "hello world on the stock adapter, unverified": (stock, repeat(MODEL)),
            "Askable, verified, question of the model": (ours, repeat(MODEL)),
            "Askable, verified, free words asked before": (ours, repeat(FREE)),
            "Askable, verified, free words that are new": (ours, _new_questions()),
        }
        for _ in range(rounds):
            for name, (server, utterances) in asked.items():
                requests = [
                    wire(made.question(utterance)) for utterance in islice(utterances, count)
                ]
                before = _processor(server)
                outcome = send_all(server.port, requests, connections)
                assert set(outcome.statuses) == {"200"}, outcome.statuses
                rates.setdefault(name, []).append(outcome.rate)
                spent.setdefault(name, []).append((_processor(server) - before) / count * 1e6)
    stock_rate, stock_spent = (
        statistics.median(next(iter(found.values()))) for found in (rates, spent)
    )
    print("| one worker, medians of 7 | requests/s | of the stock | processor µs | stock's of it |")
    print("|---|---|---|---|---|")
    for name in rates:
        rate, took = statistics.median(rates[name]), statistics.median(spent[name])
        print(
            f"| {name} | {rate:.0f} | {rate / stock_rate:.2f} × |"
            f" {took:.0f} | {stock_spent / took:.2f} × |"
        )


def _processor(server: Server) -> float:
    """Seconds of processor time that the workers have taken."""
    ticks = 0
    for pid in server.workers():
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def show_share(made: Stage) -> None:
    """Processor time of our own in a request and of the SDK's, in one process, no network."""
    print("| question | ours, µs | SDK's, µs | ours / SDK's |\n|---|---|---|---|")
    for name, utterances in {
        f"of the model: {MODEL}": repeat(MODEL),
        f"free words asked before: {FREE}": repeat(FREE),
        f"free words that are new: {FREE} near a …": _new_questions(),
    }.items():
        body = made.question(next(utterances)).body.decode()
        ours, sdks = _share(made.runtime, body, utterances)
        print(f"| {name} | {ours:.0f} | {sdks:.0f} | {ours / sdks:.2f} |")


def _new_questions() -> Iterator[str]:
    """The same question with another common word at its end each time."""
    pieces = WordVectors.load().pieces
    common = [piece[1:] for piece in pieces if re.fullmatch(f"{START}[a-z]{{4,}}", piece)]
    return cycle(f"{FREE} near a {word}" for word in common)


def _share(runtime: Runtime, body: str, utterances: Iterator[str]) -> tuple[float, float]:
    """(matching, dialogue and reply; the SDK's deserialising, dispatching and serialising)."""
    sdk, serializer, hello = runtime.skill.sdk, DefaultSerializer(), _hello_world()
    article, dialogue = runtime.article, Dialogue(runtime.article, runtime.matcher.rank)
    locale, sent = article.default_locale, json.loads(body)
    envelope = sdk.serializer.deserialize(body, RequestEnvelope)
    response = sdk.invoke(envelope, None)
    hers = serializer.deserialize(body, RequestEnvelope)
    query = (envelope.request.intent.slots or {}).get(SEARCH_SLOT)

    def ours() -> None:
        utterance = next(utterances)
        if query:
            query.value = utterance
        readable(sent)
        turn = to_turn(article, envelope.request)
        state, _ = dialogue.move(turn, state_from_attributes({}), Listener())
        reply = render(article, locale, state)
        to_ssml(reply.speech), to_ssml(reply.reprompt), state_to_attributes(state)

    own, *parts = _micros(
        ours,
        lambda: serializer.deserialize(body, RequestEnvelope),
        lambda: hello.invoke(hers, None),
        lambda: serializer.serialize(response),
    )
    return own, sum(parts)


def _hello_world() -> Any:
    builder = CustomSkillBuilder()
    builder.add_request_handler(Hello())
    return builder.create()


def _micros(*calls: Callable[[], object], times: int = 100, rounds: int = 40) -> list[float]:
    """The least of each, taken in turns, since others may use the machine too."""
    found: list[list[float]] = []
    for _ in range(rounds):
        found.append([])
        for call in calls:
            start = time.process_time()
            for _ in range(times):
                call()
            found[-1].append((time.process_time() - start) / times * 1e6)
    return [min(each) for each in zip(*found, strict=True)]


def show_load(made: Stage, seconds: int, a_second: int) -> None:
    """A steady load of listeners old and new, on two workers with a memory."""
    utterances = (MODEL, "who wrote this", "read me the article", "tell me about wounds")
    with made.ours(2) as server:
        # Whoever listens is not yet whoever answers: the workers are still starting.
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


def _memory(server: Server) -> float:
    """Megabytes that the workers have to themselves or share by parts."""
    total = 0
    for pid in server.workers():
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def show_fuzz(made: Stage, count: int) -> None:
    """Requests with bodies and headers that are random, mangled, or signed rubbish."""
    chance = random.Random(5)
    statuses: Counter[str] = Counter()
    started = time.perf_counter()
    with made.ours(2) as server:
        for _ in range(max(1, count // 5_000)):
            good, batch = made.question(MODEL), []
            for _ in range(min(count, 5_000)):
                batch.append(wire(fuzzed(good, chance, made.forge())))
            statuses += send_all(server.port, batch, 8).statuses
        alive = send_all(server.port, [wire(made.question(MODEL))], 1).statuses
        faults = [line for line in server.records() if line["level"] == "error"]
    taken = time.perf_counter() - started
    print("| requests | statuses | errors in the log | a good request afterwards | seconds |")
    print("|---|---|---|---|---|")
    print(f"| {count} | {dict(statuses)} | {len(faults)} | {dict(alive)} | {taken:.0f} |")


def main() -> None:
    """Measure what is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="+", choices=["probe", "speed", "share", "load", "fuzz"])
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--requests", type=int, default=100_000)
    given = parser.parse_args()
    with stage() as made:
        for what in given.what:
            if what == "probe":
                show_probe(made)
            elif what == "speed":
                show_speed(made)
            elif what == "share":
                show_share(made)
            elif what == "load":
                show_load(made, given.seconds, 200)
            else:
                show_fuzz(made, given.requests)


if __name__ == "__main__":
    main()
