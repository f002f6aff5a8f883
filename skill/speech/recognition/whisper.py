"""Speech to text by Whisper, the extra `askable[whisper]`.

Whisper recognizes any English and knows nothing of the skill, so a prompt names its terms.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skill.content import Article, normalise
from skill.errors import EngineError
from skill.speech.audio import RATE, SHORTEST, Audio
from skill.speech.recognition.recognizer import Recognition, is_quiet
from skill.speech.recognition.transcript import utterance_of

# The numbers below were found in trials that docs/measurements/speech.md describes ("Whisper").
_HYPOTHESES = 5
# Whisper pads every sound to half a minute, which takes a second or two. With half of that, 25
# questions were recognized as well in less than half the time; with a third, it repeats itself.
_LONGEST, _WINDOW, _AFTER = 30.0, 15.0, 5.0  # seconds
_LEAD = 0.2  # seconds of silence before a sound; without it Whisper mistakes the first word
_FRAMES = 100  # a second
_TOKENS, _TOKENS_A_SECOND = 12, 8  # more than anyone says; in noise Whisper may not stop
# For sounds without speech Whisper repeats its prompt, or says "you". Without a prompt, it gives
# silence, hiss, hum, clicks and music a no-speech probability of 0.58 to 0.77, and single words at
# most 0.43. With a prompt the two overlap, differently for each article.
_NO_SPEECH = 0.5
_DOUBTFUL, _UNLIKELY = 0.3, -1.0  # no-speech probability, and mean log probability of a token
_MOST_NAMES = 50  # of nearly four tokens each; Whisper reads 223
_REPETITION = re.compile(r"\b(\w+(?: \w+){0,5})(?: \1){3,}\b")


class WhisperRecognizer:
    """Recognizes any words, offline."""

    def __init__(
        self, folder: Path, prompt: str, own_words: Collection[str] = (), threads: int = 0
    ) -> None:
        """Load a model.

        Args:
            folder: A model for CTranslate2; see `find_model`.
            prompt: Names to expect; see `prompt_of`.
            own_words: Words of the skill, which a transcript may always hold.
            threads: CPU threads; 0 means one for each core.

        Raises:
            EngineError: The model cannot be used.
        """
        # An optional dependency that takes half a second to import.
        from faster_whisper import WhisperModel
        from faster_whisper.tokenizer import Tokenizer

        self._own_words = own_words
        try:
            # A path and not the name of a model, so that nothing is downloaded.
            self._whisper: Any = WhisperModel(
                str(folder.resolve()),
                device="cpu",
                compute_type="int8",
                cpu_threads=threads or len(os.sched_getaffinity(0)),
                local_files_only=True,
            )
            self._tokenizer: Any = Tokenizer(
                self._whisper.hf_tokenizer,
                self._whisper.model.is_multilingual,
                task="transcribe",
                language="en",
            )
            self._prompt, self._no_prompt = self._tokens(prompt), self._tokens("")
            # The first use shows whether the parts of a model fit together.
            list(self._hypotheses(np.zeros(RATE, np.float32)))
        except Exception as error:  # neither CTranslate2 nor tokenizers raises a narrower one
            why = " ".join(str(error).split())
            raise EngineError(
                f"{folder}: is no Whisper model that CTranslate2 can use ({why}); name another one "
                "with --whisper-model"
            ) from error

    def recognize(self, audio: Audio) -> Recognition:
        """Return what the first half minute says; silence and noise say nothing."""
        samples = np.frombuffer(audio.pcm, "<i2").astype(np.float32)
        if audio.seconds < SHORTEST or is_quiet(samples):
            return Recognition(())
        transcripts = self._hypotheses(samples / np.float32(32_768))
        hypotheses = [utterance_of(text, self._own_words) for text in transcripts]
        return Recognition(tuple(dict.fromkeys(filter(None, hypotheses))))

    def _hypotheses(self, samples: NDArray[np.float32]) -> Iterator[str]:
        samples = np.pad(samples, (round(_LEAD * RATE), 0))
        seconds = min(_LONGEST, len(samples) / RATE)
        features = self._whisper.feature_extractor(samples[: round(seconds * RATE)], padding=0)
        frames = round(_FRAMES * min(_LONGEST, max(_WINDOW, seconds + _AFTER)))
        features = np.pad(features, ((0, 0), (0, frames)))[:, :frames]
        encoded = self._whisper.encode(np.ascontiguousarray(features))
        no_speech = self._generate(encoded, self._no_prompt, 1).no_speech_prob
        if no_speech > _NO_SPEECH:
            return
        length = _TOKENS + round(_TOKENS_A_SECOND * seconds)
        found = self._generate(encoded, self._prompt, length, _HYPOTHESES)
        for tokens, score in zip(found.sequences_ids, found.scores, strict=True):
            text = self._tokenizer.decode(tokens)
            doubtful = no_speech > _DOUBTFUL and score < _UNLIKELY
            if not doubtful and not _REPETITION.search(normalise(text)):
                yield text

    def _generate(
        self, encoded: object, prompt: list[int], length: int, hypotheses: int = 1
    ) -> Any:
        (found,) = self._whisper.model.generate(
            encoded,
            [prompt],
            beam_size=hypotheses,
            num_hypotheses=hypotheses,
            max_length=len(prompt) + length,
            return_scores=True,
            return_no_speech_prob=True,
        )
        return found

    def _tokens(self, text: str) -> list[int]:
        tokens = self._tokenizer.encode(f" {text}") if text else []
        prompt: list[int] = self._whisper.get_prompt(
            self._tokenizer, tokens, without_timestamps=True
        )
        return prompt


def prompt_of(article: Article) -> str:
    """Return the prompt for Whisper: the terms as they are spelled, then how to call the skill.

    The prompt holds no question, because Whisper repeats its prompt where it hears nothing, and
    the skill would answer. The last words weigh most, and the call is the hardest to recognize: of
    15 spoken calls, 7 without it and all with it (docs/measurements/speech.md).
    """
    names = (name for term in article.terms.values() for _, name in term.names())
    known = {*article.stop_words, *normalise(article.author).split()}
    listed = []
    for name in (article.subject, *names, *article.pronunciations):
        words = normalise(name).split()
        if not known.issuperset(words):
            known.update(words)
            listed.append(name)
    things = ", ".join(listed[:_MOST_NAMES])
    return f"Someone asks {article.author} about {things}, or says: Ask {article.invocation_name}"
