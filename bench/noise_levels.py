"""Measures how far speech is above the noise in each voice and condition.

.venv/bin/python -m bench.noise_levels [--sentences 20]

The recognizer chooses its acoustic model by this level (`is_noisy`).
"""

from __future__ import annotations

import argparse
import random

import numpy as np

from skill.memory import NoMemory
from skill.settings import find_settings
from skill.simulator import Runtime
from skill.speech import RATE
from skill.speech.recognition.sphinx import estimated_snr, is_noisy
from skill.tools.audition.conditions import CONDITIONS, installed_voices, speak, through


def main() -> None:
    """Print a table, a row as soon as it is known."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sentences", type=int, default=20, help="in each cell (default: 20)")
    count = parser.parse_args().sentences
    runtime = Runtime(find_settings(), NoMemory())
    samples = sorted({utterance for _, utterance in runtime.nlu.utterances()})
    chosen = random.Random(0).sample(samples, count)
    pause = np.zeros(RATE // 5, np.float32)
    print("| voice | condition | dB: least, most | noisy |\n|---|---|---|---|")
    for voice in installed_voices():
        for condition in CONDITIONS:
            levels, noisy = [], 0
            for seed, text in enumerate(chosen):
                speech = speak(text, voice, condition.words_a_minute)
                sound = through(condition, np.concatenate([pause, speech, pause]), seed)
                scaled = (sound * 32_767).astype(np.float32)
                levels.append(estimated_snr(scaled))
                noisy += is_noisy(scaled)
            spread = f"{min(levels):.0f}, {max(levels):.0f}"
            print(f"| {voice} | {condition.name} | {spread} | {noisy} of {count} |", flush=True)


if __name__ == "__main__":
    main()
