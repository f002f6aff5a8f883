from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.errors import AudioError
from skill.speech import read_audio


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100])
@pytest.mark.parametrize(
    ("kind", "subtype"),
    [("WAV", "FLOAT"), ("WAV", "PCM_24"), ("FLAC", "PCM_16"), ("OGG", "VORBIS")],
)
def test_any_format_rate_and_channels_become_mono_at_16_khz(
    kind: str, subtype: str, rate: int, tmp_path: Path
) -> None:
    path = tmp_path / f"tone.{kind.lower()}"
    wave_form = 0.5 * np.sin(2 * np.pi * 440 * np.arange(rate) / rate)
    soundfile.write(
        path, np.stack([wave_form, wave_form], axis=1), rate, format=kind, subtype=subtype
    )
    audio = read_audio(path)
    assert audio.rate == 16_000
    assert audio.seconds == pytest.approx(1.0, abs=0.01)
    spectrum = np.abs(np.fft.rfft(np.frombuffer(audio.pcm, "<i2")))
    assert np.argmax(spectrum) * 16_000 / (len(audio.pcm) / 2) == pytest.approx(440, abs=3)


@given(mangled=st.binary(max_size=200), keep=st.integers(0, 60))
@settings(max_examples=60)
def test_any_bytes_are_audio_or_raise_an_audio_error(
    mangled: bytes, keep: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("mangled") / "q.wav"
    soundfile.write(path, np.zeros(100), 16_000)
    path.write_bytes(path.read_bytes()[:keep] + mangled)
    try:
        audio = read_audio(path)
    except AudioError as error:
        assert str(path) in str(error)  # noqa: PT017  # both outcomes are right
    else:
        assert audio.seconds > 0


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing.wav", "no such file"),
        (".", "is not a regular file"),
        ("empty.wav", "is not sound"),
        ("text.wav", "is not sound"),
        ("half.flac", "is cut off"),
        ("half.ogg", "is cut off"),
        ("long.wav", "lasts 90 s"),
        ("nothing.wav", "holds no sound"),
        ("silent.wav", "is silent"),
    ],
)
def test_an_unusable_file_raises_an_error_that_names_it(
    name: str, words: str, tmp_path: Path
) -> None:
    tone = 0.5 * np.sin(np.arange(16_000) / 20)
    (tmp_path / "empty.wav").write_bytes(b"")
    (tmp_path / "text.wav").write_text("what is black tea")
    soundfile.write(tmp_path / "long.wav", np.zeros(8_000 * 90), 8_000)
    soundfile.write(tmp_path / "nothing.wav", np.zeros(0), 16_000)
    soundfile.write(tmp_path / "silent.wav", 0.001 * tone, 16_000)
    for half in (tmp_path / "half.flac", tmp_path / "half.ogg"):
        soundfile.write(half, tone, 16_000)
        half.write_bytes(half.read_bytes()[: half.stat().st_size // 2])
    with pytest.raises(AudioError, match=words) as caught:
        read_audio(tmp_path / name)
    assert str(tmp_path / name) in str(caught.value)


def test_a_clipped_or_truncated_sound_is_read_with_a_warning(tmp_path: Path) -> None:
    tone = 0.5 * np.sin(np.arange(16_000) / 20)
    soundfile.write(tmp_path / "good.wav", tone, 16_000)
    soundfile.write(tmp_path / "loud.wav", np.clip(8 * tone, -1, 1), 16_000)
    cut = tmp_path / "cut.wav"
    soundfile.write(cut, tone, 16_000)
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    assert read_audio(tmp_path / "good.wav").warnings == ()
    (clipped,) = read_audio(tmp_path / "loud.wav").warnings
    assert clipped == "is clipped; record it more softly"
    (truncated,) = read_audio(cut).warnings
    assert truncated.startswith("is cut off after 50%")
