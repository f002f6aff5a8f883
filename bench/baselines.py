"""Auditions recognizers that know less of the skill, for comparison with its own.

.venv/bin/python -m bench.baselines general --sample 25
.venv/bin/python -m bench.baselines grammar --questions tests/oxytocin/questions_dev.yaml

`general` is PocketSphinx with its own English language model, `grammar` accepts the samples only.
`askable audition` measures the skill's own recognizer on the same sounds.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import pocketsphinx

from bench.word_graph import to_fsg
from skill.memory import NoMemory
from skill.settings import find_settings
from skill.simulator import HypothesisReranker, Runtime
from skill.speech import Audio
from skill.speech.recognition import Recognition, Recognizer, decode, pronounce
from skill.speech.recognition.lexicon import dictionary_lines
from skill.tools.audition import CONDITIONS, as_text, installed_voices
from skill.tools.audition.cases import cases_to_ask
from skill.tools.audition.results import Audition, Trial
from skill.tools.audition.run import outcome_of, recognize

_DITHER = 60  # as the skill's own recognizer has it


class Baseline:
    """PocketSphinx with default settings: its best hypothesis alone."""

    def __init__(self, decoder: pocketsphinx.Decoder) -> None:
        self._decoder = decoder

    def recognize(self, audio: Audio) -> Recognition:
        """Return the best hypothesis."""
        samples = np.frombuffer(audio.pcm, "<i2")
        noise = np.random.default_rng(0).normal(0.0, _DITHER, len(samples))
        decode(self._decoder, np.clip(samples + noise, -32_768, 32_767).astype(np.float32))
        best = self._decoder.hyp()
        return Recognition((best.hypstr,) if best and best.hypstr else ())


def main() -> None:
    """Print the tables of an audition."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("recognizer", choices=("general", "grammar"))
    parser.add_argument("--sample", type=int, default=25, help="of each kind (default: 25)")
    parser.add_argument("--questions", type=Path, action="append", default=[])
    parser.add_argument("--conditions", default="clean,20 dB,10 dB")
    options = parser.parse_args()
    conditions = [each for each in CONDITIONS if each.name in options.conditions.split(",")]
    runtime = Runtime(find_settings(), NoMemory())
    recognizer: Recognizer = grammar(runtime) if options.recognizer == "grammar" else general()
    reranker = HypothesisReranker(runtime)
    outcomes = tuple(
        outcome_of(
            runtime,
            reranker,
            Trial(case, group, voice, condition),
            recognize(recognizer, case.text, voice, condition),
        )
        for case, group in cases_to_ask(runtime, options.questions, options.sample)
        for voice in installed_voices()
        for condition in conditions
    )
    print(as_text(Audition(options.recognizer, outcomes, ())))


def general() -> Baseline:
    """Return PocketSphinx with its general English language model."""
    return Baseline(pocketsphinx.Decoder(loglevel="FATAL", cmn="batch"))


def grammar(runtime: Runtime) -> Baseline:
    """Return PocketSphinx with a grammar of the samples, in American pronunciation."""
    utterances = {utterance for _, utterance in runtime.nlu.utterances()}
    words = {word for utterance in utterances for word in utterance.split()}
    found = pronounce(words, runtime.article.pronunciations)
    first = {word: ways[:1] for word, ways in found.items()}
    with tempfile.TemporaryDirectory() as folder:
        path, dictionary = Path(folder) / "skill.fsg", Path(folder) / "words.dict"
        path.write_text(to_fsg(u for u in utterances if first.keys() >= set(u.split())))
        dictionary.write_text("".join(dictionary_lines(first)), encoding="utf-8")
        decoder = pocketsphinx.Decoder(
            lm=None,
            fsg=str(path),
            dict=str(dictionary),
            loglevel="FATAL",
            cmn="batch",
            bestpath=False,
        )
    return Baseline(decoder)


if __name__ == "__main__":
    main()
