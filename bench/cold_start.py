"""Time of the simulator's commands from a cold start, for the whole process.

.venv/bin/python bench/cold_start.py [--runs 5]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
ASKABLE = [sys.executable, "-m", "skill"]


def main() -> None:
    """Run each command several times, and print minimum, median and maximum."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs: int = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        question = Path(folder) / "question.wav"
        spoken = str(Path(folder) / "answer.wav")
        subprocess.run(["espeak-ng", "-w", str(question), "what is a sex blush"], check=True)
        commands = {
            "ask": [*ASKABLE, "ask", "what is oxytocin"],
            "ask, free words": [*ASKABLE, "ask", "so what would it do for a cut on my hand"],
            "ask --wav": [*ASKABLE, "ask", "what is oxytocin", "--wav", spoken],
            "hear": [*ASKABLE, "hear", str(question)],
            "hear --wav": [*ASKABLE, "hear", str(question), "--wav", spoken],
        }
        print("| command | min s | median s | max s |\n|---|---|---|---|")
        for name, command in commands.items():
            times = [_seconds(command) for _ in range(runs + 1)][
                1:
            ]  # the first run warms the disk cache
            low, middle, high = min(times), statistics.median(times), max(times)
            print(f"| {name} | {low:.2f} | {middle:.2f} | {high:.2f} |", flush=True)


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, cwd=REPO, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
