"""Sound files of any format, rate and number of channels, read as mono speech at 16 kHz."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from skill.errors import AudioError, SilentAudioError

RATE = 16_000  # Hz; PocketSphinx's acoustic model was trained on it
SHORTEST = 0.05  # seconds; a shorter sound has no whole frame
LONGEST = 60.0  # seconds; a question takes a few
_SILENT = 0.003  # peak of samples from -1 to 1; speech is louder
_FULL = 0.999  # full scale
_CLIPPED = 0.01  # share of samples at full scale from which words suffer
# libsndfile's note on a WAV whose data is shorter than its header says.
_CUT_OFF = re.compile(r"data : (\d+) \(should be (\d+)\)")
_UNKNOWN = 0x7FF0_0000  # bytes; pipes write such sizes for an unknown length


@dataclass(frozen=True)
class Audio:
    """Mono 16-bit PCM, little-endian."""

    pcm: bytes
    rate: int  # Hz
    warnings: tuple[str, ...] = ()  # flaws that may hide words, and what to do

    @property
    def seconds(self) -> float:
        """The length."""
        return len(self.pcm) / 2 / self.rate


def read_audio(path: Path) -> Audio:
    """Read a sound file as mono at 16 kHz; `warnings` lists flaws.

    Raises:
        AudioError: The file is missing, empty, silent, too long or not a sound.
    """
    if not path.exists():
        raise AudioError(f"{path}: no such file; name a WAV, FLAC or OGG file")
    if not path.is_file():
        raise AudioError(f"{path}: is not a regular file; save the sound and name that file")
    try:
        with soundfile.SoundFile(path) as file:
            seconds = file.frames / file.samplerate
            if seconds > LONGEST:
                raise AudioError(
                    f"{path}: lasts {seconds:.0f} s, and a question at most {LONGEST:.0f} s; cut "
                    "out the question, or pass raw PCM to `askable talk --pcm FILE`"
                )
            samples = file.read(dtype="float32", always_2d=True)
            rate = file.samplerate
            notes = file.extra_info
    # soundfile raises its own error for a broken file and others for broken headers.
    except (soundfile.SoundFileError, OSError, ValueError, TypeError, ArithmeticError) as error:
        raise AudioError(
            f"{path}: is not sound that can be read, or is cut off ({error}); use a WAV file"
        ) from error
    mono = np.nan_to_num(samples.mean(axis=1)) if len(samples) else np.zeros(0, np.float32)
    warnings = tuple(_flaws(mono, notes))
    if rate != RATE and len(mono):
        mono = soxr.resample(mono, rate, RATE)
    if len(mono) < RATE * SHORTEST:
        raise AudioError(f"{path}: holds no sound; record it again")
    if np.abs(mono).max() < _SILENT:
        raise SilentAudioError(
            f"{path}: is silent; check that the microphone is on and record again"
        )
    pcm = (np.clip(mono, -1.0, 1.0) * 32_767).astype("<i2").tobytes()
    return Audio(pcm, RATE, warnings)


def _flaws(mono: NDArray[np.float32], notes: str) -> Iterator[str]:
    if len(mono) and float(np.mean(np.abs(mono) >= _FULL)) > _CLIPPED:
        yield "is clipped; record it more softly"
    cut = _CUT_OFF.search(notes)
    if cut and int(cut[2]) < int(cut[1]) < _UNKNOWN:
        yield f"is cut off after {int(cut[2]) / int(cut[1]):.0%}; copy or record it again"
