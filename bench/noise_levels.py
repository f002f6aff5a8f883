"""How far apart the voices and noises are that the ears choose an acoustic model by.

.venv/bin/python bench/voices.py [--sentences 20]

Samples of the skill, spoken by each voice of the audition that is here, clean and in noise; as a
table of how much better they fit eSpeak's model than people's, and of decibels over noise.
"""

from __future__ import annotations

import argparse
import random

import numpy as np

from skill.memory import NoMemory
from skill.settings import find_settings
from skill.simulator.runtime import Runtime
from skill.speech.audio import RATE
from skill.speech.recognition.acoustic_models import Voice, acoustic_models, over_noise
from skill.speech.recognition.sphinx import cleaned
from skill.tools.audition.conditions import CONDITIONS, through
from skill.tools.audition.voices import VoicesByName, voices


def main() -> None:
    """Print the table, a row as soon as it is known."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sentences", type=int, default=20, help="in each cell (default: 20)")
    runtime = Runtime(find_settings(None, None, None, None, None), NoMemory())
    samples = sorted(runtime.utterances())
    chosen = random.Random(0).sample(samples, parser.parse_args().sentences)
    models, speak, pause = acoustic_models(), VoicesByName().speak, np.zeros(RATE // 5, np.float32)
    heads = " | ".join(voice.value for voice in Voice)
    print(f"| voice | noise | fit: least, median, most | dB: least, most | {heads} |")
    print("|---|---|---|---|" + "---|" * len(Voice))
    for name in voices():
        for condition in (each for each in CONDITIONS if each.words_a_minute == 175):
            fits, levels, heard_as = [], [], []
            for seed, text in enumerate(chosen):
                speech = np.concatenate([pause, speak(text, name, condition.words_a_minute), pause])
                sound = (through(condition, speech, seed) * 32_767).astype(np.float32)
                quiet = cleaned(sound)
                fits.append(models.fit(quiet))
                levels.append(over_noise(sound))
                heard_as.append(models.voice_of(sound, quiet))
            counts = " | ".join(str(heard_as.count(voice)) for voice in Voice)
            least, middle, most = np.percentile(fits, (0, 50, 100))
            print(
                f"| {name} | {condition.name} | {least:.1f}, {middle:.1f}, {most:.1f} "
                f"| {min(levels):.0f}, {max(levels):.0f} | {counts} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
