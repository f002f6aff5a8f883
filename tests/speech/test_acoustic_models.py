from __future__ import annotations

import tempfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pocketsphinx
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from skill.errors import EngineError
from skill.simulator.speech_pipeline import HypothesisReranker, SpeechPipeline, sphinx_recognizer
from skill.simulator.runtime import Runtime
from skill.speech.audio import Audio
from skill.speech.recognition.acoustic_models import Voice, acoustic_models, over_noise, read_models
from skill.speech.recognition.adaptation import SILENT, in_noise, noise_maps, to_voice
from skill.speech.recognition.adapting import ACCENTS, SPEAKERS, Sentence, aligned, main
from skill.speech.recognition.cepstra import cepstra
from skill.speech.recognition.denoise import Samples
from skill.speech.recognition.gaussians import SHAPE, Likelihood, read, stock, write
from skill.speech.recognition.lexicon import pronounce
from skill.speech.recognition.sphinx import cleaned
from skill.tools.audition.conditions import CONDITIONS, through
from skill.tools.audition.results import SHORT_WORDS
from skill.tools.audition.voices import ESPEAK, PIPER, VoicesByName

NOISES = {each.name: each for each in CONDITIONS if each.name in ("clean", "20 dB", "10 dB")}
# Asked as people may, in no template and no example.
ASKED = {
    "is oxytocin involved when people blush during arousal": "blush_why",
    "is there any proof that oxytocin helps wounds close up": "wounds",
    "why does my chest go pink when i am turned on": "blush_why",
    "can oxytocin help me get over being sad": "mood",
    "what is the other name that people give to oxytocin": "other_name",
    "does oxytocin do anything for injured muscles": "damaged_muscle",
    "how does this hormone keep people young": "young",
    "does a hug from my partner make me trust him more": "trust",
}


@pytest.fixture(scope="module")
def voices() -> VoicesByName:
    return VoicesByName()


def heard(voices: VoicesByName, text: str, voice: str, noise: str) -> Samples:
    """What reaches the ears, of 32,767."""
    pause = np.zeros(3_200, np.float32)
    speech = np.concatenate([pause, voices.speak(text, voice, 175), pause])
    return (np.clip(through(NOISES[noise], speech, 1), -1, 1) * 32_767).astype(np.float32)


def test_cepstra_are_those_that_pocketsphinx_hears(voices: VoicesByName) -> None:
    samples = cleaned(heard(voices, "what does oxytocin do for trust", "en-gb", "clean"))
    samples = samples.astype("<i2").astype(np.float32)
    with tempfile.TemporaryDirectory() as model, tempfile.TemporaryDirectory() as folder:
        acoustic_models().write(Voice.ESPEAK, Path(model))
        decoder = pocketsphinx.Decoder(
            hmm=model, lm=None, keyphrase="trust", mfclogdir=folder, loglevel="FATAL"
        )
        decoder.start_utt()
        decoder.process_raw(samples.astype("<i2").tobytes(), full_utt=True)
        decoder.end_utt()
        (path,) = Path(folder).iterdir()
        theirs = np.frombuffer(path.read_bytes()[4:], ">f4").reshape(-1, 13)
    ours = cepstra(samples)[:, :13]
    # Theirs has one frame more, of what is left; ours are less their mean.
    theirs = theirs[: len(ours)] - theirs[: len(ours)].mean(axis=0)
    assert np.abs(ours - theirs).max() < 0.05


@given(st.lists(st.integers(-32_768, 32_767), max_size=3_000))
def test_any_samples_have_cepstra_that_are_numbers(samples: list[int]) -> None:
    found = cepstra(np.array(samples, np.float32))
    assert found.shape == (max(0, (len(samples) - 410) // 160 + 1), 39)
    assert np.isfinite(found).all()


def voice_of(samples: Samples) -> Voice:
    return acoustic_models().voice_of(samples, cleaned(samples))


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("voice", ESPEAK)
def test_a_voice_of_espeak_is_known(voice: str, noise: str, voices: VoicesByName) -> None:
    for text in ("what is oxytocin", "can oxytocin help me to get over a break up"):
        assert voice_of(heard(voices, text, voice, noise)) is Voice.ESPEAK


@pytest.mark.parametrize("noise", ["clean", "20 dB"])
@pytest.mark.parametrize("voice", ["en-us", "en-gb", "en-us+f3"])
def test_a_word_alone_is_heard_in_a_voice_of_espeak(
    voice: str, noise: str, runtime: Runtime, voices: VoicesByName
) -> None:
    listening = SpeechPipeline(sphinx_recognizer(runtime), HypothesisReranker(runtime))
    for word in SHORT_WORDS:
        samples = heard(voices, word, voice, noise)
        assert voice_of(samples) is Voice.ESPEAK
        text = listening.listen(Audio(samples.astype("<i2").tobytes(), 16_000)).text
        assert runtime.nlu.understand(text).intent == runtime.nlu.understand(word).intent


@pytest.mark.skipif(not find_spec("piper"), reason="needs the extra askable[voice]")
@pytest.mark.parametrize("noise", NOISES)
def test_a_voice_like_a_person_is_none_of_espeak(noise: str, voices: VoicesByName) -> None:
    for text in ("what is oxytocin", "can oxytocin help me to get over a break up"):
        wanted = Voice.IN_NOISE if noise == "10 dB" else Voice.PEOPLE
        assert voice_of(heard(voices, text, PIPER, noise)) is wanted


@pytest.mark.parametrize("length", [0, 1, 400, 16_000])
def test_silence_and_noise_are_not_taken_for_espeak(length: int) -> None:
    noise = np.random.default_rng(3).normal(0, 2_000, length).astype(np.float32)
    assert voice_of(noise) is not Voice.ESPEAK
    assert voice_of(np.zeros(length, np.float32)) is not Voice.ESPEAK


@pytest.mark.parametrize("decibels", [6, 10, 20, 30])
def test_how_far_speech_is_above_noise_is_found(decibels: int) -> None:
    time = np.arange(32_000) / 16_000
    tone = np.where(time > 1, 10_000 * np.sin(2 * np.pi * 300 * time), 0)
    spread = np.sqrt(10_000**2 / 2 / 10 ** (decibels / 10))
    noisy = tone + np.random.default_rng(4).normal(0, spread, len(tone))
    assert over_noise(noisy.astype(np.float32)) == pytest.approx(decibels, abs=1.5)


def test_the_voices_that_are_adapted_to_are_not_those_of_the_audition() -> None:
    assert not {f"{accent}+{runtime}" for accent in ACCENTS for runtime in SPEAKERS} & set(ESPEAK)


@pytest.mark.slow
@pytest.mark.parametrize("voice", ["en-us", "en-gb"])
def test_most_paraphrases_are_answered_in_noise_and_none_wrongly(
    voice: str, runtime: Runtime, voices: VoicesByName
) -> None:
    listening = SpeechPipeline(sphinx_recognizer(runtime), HypothesisReranker(runtime))
    told = {}
    for question in ASKED:
        pcm = heard(voices, question, voice, "10 dB").astype("<i2").tobytes()
        told[question] = runtime.device().say(listening.listen(Audio(pcm, 16_000)).text).answer
    print(voice, told)
    assert sum(told[question] == answer for question, answer in ASKED.items()) >= 5
    assert all(told[question] in (answer, None) for question, answer in ASKED.items())


@pytest.mark.slow
def test_means_adapted_to_some_voices_fit_another(runtime: Runtime, voices: VoicesByName) -> None:
    texts = ["what is oxytocin", "does oxytocin help with trust", "tell me about wound healing"]
    said = pronounce({word for text in texts for word in text.split()}, {})
    spoken = [
        Sentence(text, voice, "clean", 1) for text in texts for voice in ("en-us+m1", "en-us+m3")
    ]
    found = aligned(spoken, said)
    assert len(found.heard) == len(found.quiet) == len(found.spoken) == len(found.noisy) > 500
    assert not found.noisy.any()
    old, variances = stock()
    adapted = to_voice(found.heard, found.spoken)
    other = cepstra(cleaned(heard(voices, "does oxytocin help with wounds", "en-us", "clean")))
    gain = Likelihood(adapted, variances).of(other) - Likelihood(old, variances).of(other)
    assert gain.mean() > 1.0
    untouched = [phone for phone in range(SHAPE[0]) if phone not in found.spoken[:, 0]]
    assert untouched
    assert np.array_equal(adapted[untouched], old[untouched])


@pytest.mark.slow
def test_models_made_by_the_command_can_be_read_and_opened(tmp_path: Path) -> None:
    path = tmp_path / "models.npz"
    done = CliRunner().invoke(main, ["--sounds", "25", "--to", str(path)])
    assert done.exit_code == 0, done.output
    models = read_models(path)
    for voice in Voice:
        folder = tmp_path / voice.name
        folder.mkdir()
        models.write(voice, folder)
        pocketsphinx.Decoder(hmm=str(folder), lm=None, keyphrase="trust", loglevel="FATAL")


def test_how_noise_moves_frames_is_found_and_moves_means_alike() -> None:
    source = np.random.default_rng(5)
    quiet = source.normal(0, 10, (4_000, 39)).astype(np.float32)
    spoken = np.stack([np.repeat((SILENT[-1], 5), 2_000), np.zeros(4_000)], axis=1)
    faint = np.where(spoken[:, :1] == 5, 0.5 * quiet + 3, 0.1 * quiet)
    maps = noise_maps(quiet, faint.astype(np.float32), spoken.astype(np.int32))
    means, _ = stock()
    moved = in_noise(means, maps)
    assert np.allclose(moved[5], 0.5 * means[5] + 3, atol=0.05)
    assert np.allclose(moved[SILENT[-1]], 0.1 * means[SILENT[-1]], atol=0.05)


def test_gaussians_are_read_as_they_are_written(tmp_path: Path) -> None:
    means, _ = stock()
    path = tmp_path / "means"
    write(path, means)
    assert np.array_equal(read(path), means)


@pytest.mark.parametrize("bytes_", [b"", b"s3\nendhdr\n", b"endhdr\n" + bytes(40)])
def test_another_kind_of_model_is_one_sentence(bytes_: bytes, tmp_path: Path) -> None:
    path = tmp_path / "means"
    path.write_bytes(bytes_)
    with pytest.raises(EngineError, match=f"{path}: not PocketSphinx's English model"):
        read(path)


@given(st.binary(max_size=200))
def test_damaged_models_are_one_sentence(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "models.npz"
        path.write_bytes(content)
        with pytest.raises(EngineError, match=r"cannot be read: .*; make them again: make voices"):
            read_models(path)


def test_models_of_another_shape_are_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "models.npz"
    np.savez(path, espeak=np.zeros((2, 2)), noise=np.zeros((2, 3, 14, 13)))
    with pytest.raises(EngineError, match="other numbers than it should"):
        read_models(path)
    np.savez(path, espeak=np.zeros(SHAPE), noise=np.zeros((2, 2)))
    with pytest.raises(EngineError, match="other maps than it should"):
        read_models(path)
