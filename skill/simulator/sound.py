"""Sound files: any format, rate and number of channels -> mono speech at 16 kHz."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr

from skill.errors import SoundError

RATE = 16_000  # Hz; what PocketSphinx's acoustic model was trained on
SHORTEST = 0.05  # seconds; below it there is not one frame to listen to
LONGEST = 60.0  # seconds; a question takes a few


@dataclass(frozen=True)
class Sound:
    """Mono 16-bit PCM, little-endian."""

    pcm: bytes
    rate: int  # Hz

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.pcm) / 2 / self.rate


def read_sound(path: Path) -> Sound:
    """Read a sound file as mono at 16 kHz.

    Raises SoundError for what is missing, empty, too long or no sound at all.
    """
    if not path.exists():
        raise SoundError(f"{path}: no such file; name a WAV, FLAC or OGG file")
    if not path.is_file():
        raise SoundError(f"{path}: is no plain file; save the sound and name that file")
    try:
        with soundfile.SoundFile(path) as file:
            seconds = file.frames / file.samplerate
            if seconds > LONGEST:
                raise SoundError(f"{path}: lasts {seconds:.0f} s; give at most {LONGEST:.0f} s")
            samples = file.read(dtype="float32", always_2d=True)
            rate = file.samplerate
    # soundfile raises its own error for an odd file and others for odd headers.
    except (soundfile.SoundFileError, OSError, ValueError, TypeError, ArithmeticError) as error:
        raise SoundError(f"{path}: is not sound that can be read ({error}); give a WAV") from error
    mono = np.nan_to_num(samples.mean(axis=1)) if len(samples) else np.zeros(0, np.float32)
    if rate != RATE and len(mono):
        mono = soxr.resample(mono, rate, RATE)
    if len(mono) < RATE * SHORTEST:
        raise SoundError(f"{path}: holds no sound; record it again")
    pcm = (np.clip(mono, -1.0, 1.0) * 32_767).astype("<i2").tobytes()
    return Sound(pcm, RATE)
