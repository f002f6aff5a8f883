from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.arrays import Arrays
from skill.article_json import article_from_json, article_to_json
from skill.cli import main
from skill.errors import AskableError, RefusedError
from skill.lambda_endpoint import SKILL_ID, make_handler
from skill.learned import load_learned
from skill.matcher import Matcher, Verdict, judge
from skill.packed import FOLDER, load_packed
from skill.packing import Rounding, packed_learned
from skill.plain_learned import PlainLearned
from skill.replies import from_ssml
from skill.simulator.assemble import Speaker
from skill.vectors import WordVectors
from tests.conftest import REPO

pytestmark = pytest.mark.slow

OURS = "amzn1.ask.skill.ours"
LAUNCH = {"type": "LaunchRequest"}
QUESTIONS = [
    case["text"]
    for case in yaml.safe_load((REPO / "tests/data/questions_dev.yaml").read_text("utf-8"))
]
MOST_OWN_BYTES = 5_000_000


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The zip as the command makes it, and what the command says."""
    path = tmp_path_factory.mktemp("lambda") / "first.zip"
    result = CliRunner().invoke(main, ["package", "--lambda", "--out", str(path)])
    assert result.exit_code == 0, result.output
    return path, result.output


@pytest.fixture(scope="module")
def unpacked(packed: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with ZipFile(packed[0]) as made:
        inside = f"skill/{FOLDER}/"
        made.extractall(folder, [name for name in made.namelist() if name.startswith(inside)])
    return folder / "skill" / FOLDER


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    """The shipped matcher without numpy, as finely as it can be packed."""
    path = tmp_path_factory.mktemp("fine") / "matcher.arrays"
    learned = load_learned(REPO / "interaction_model" / "matcher.npz")
    path.write_bytes(packed_learned(learned, WordVectors.load(), Rounding(1, 1, layers=20, lane=8)))
    taught = PlainLearned(Arrays(path))
    return Matcher(taught, taught.shares)


def test_the_zip_answers_in_a_python_that_has_nothing_else(packed: tuple[Path, str]) -> None:
    _, told = packed
    assert "it said  Welcome to" in told
    assert told.count("it said") == 2


def test_the_zip_is_the_same_each_time(packed: tuple[Path, str], tmp_path: Path) -> None:
    path = tmp_path / "second.zip"
    assert CliRunner().invoke(main, ["package", "--lambda", "--out", str(path)]).exit_code == 0
    first, second = (hashlib.sha256(made.read_bytes()).digest() for made in (packed[0], path))
    assert first == second


def test_the_zip_holds_what_lambda_needs_and_no_more(packed: tuple[Path, str]) -> None:
    with ZipFile(packed[0]) as made:
        files = made.infolist()
    outside = {file.filename.split("/")[0] for file in files} - {"skill"}
    for absent in ("flask", "hassil", "numpy", "click", "yaml", "soundfile", "boto3", "pyttsx3"):
        assert absent not in outside
    assert not [file.filename for file in files if file.filename.endswith((".so", ".pyd"))]
    own = [file for file in files if file.filename.startswith("skill/")]
    assert not [file.filename for file in own if "/simulator/" in file.filename]
    assert sum(file.compress_size for file in own) <= MOST_OWN_BYTES


def test_a_stale_matcher_is_not_packed(copied_content: Path, tmp_path: Path) -> None:
    about = copied_content / "article.yaml"
    about.write_text(about.read_text() + "\n# edited\n")
    models = str(REPO / "interaction_model")
    options = ["--content", str(copied_content), "--models", models, "package", "--lambda"]
    result = CliRunner().invoke(main, [*options, "--out", str(tmp_path / "none.zip")])
    assert result.exit_code == 1
    assert "run `askable build`" in result.output
    assert not (tmp_path / "none.zip").exists()


def _event(skill_id: object, request: object, session_id: object = OURS) -> dict[str, object]:
    return {
        "session": {"application": {"applicationId": session_id}},
        "context": {"System": {"application": {"applicationId": skill_id}}},
        "request": request,
    }


@pytest.fixture(scope="module")
def handler(unpacked: Path) -> Callable[[object, object], Any]:
    return make_handler(unpacked, {SKILL_ID: OURS})


def test_a_request_for_this_skill_is_answered(handler: Callable[[object, object], Any]) -> None:
    response = handler(_event(OURS, LAUNCH), None)
    assert "Welcome to" in from_ssml(response["response"]["outputSpeech"]["ssml"])


@pytest.mark.parametrize(
    "event",
    [
        _event("amzn1.ask.skill.other", LAUNCH),
        _event(OURS, LAUNCH, session_id="amzn1.ask.skill.other"),
        _event("amzn1.ask.skill.other", LAUNCH, session_id=OURS),
        _event(None, LAUNCH),
        {"request": LAUNCH},
        {},
        None,
    ],
)
def test_a_request_for_another_skill_raises(
    handler: Callable[[object, object], Any], event: object
) -> None:
    with pytest.raises(RefusedError, match="ASKABLE_SKILL_ID"):
        handler(event, None)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just("LaunchRequest"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(event=_JSON)
@settings(max_examples=40)
def test_anything_that_is_no_request_of_ours_raises(
    handler: Callable[[object, object], Any], event: object
) -> None:
    with pytest.raises(RefusedError):
        handler(event, None)


@given(request=_JSON)
@settings(max_examples=40)
def test_any_request_for_this_skill_is_answered(
    handler: Callable[[object, object], Any], request: object
) -> None:
    assert handler(_event(OURS, request), None)["response"]["outputSpeech"]


def test_a_function_without_a_skill_id_does_not_start(unpacked: Path) -> None:
    with pytest.raises(AskableError, match="ASKABLE_SKILL_ID: is not set"):
        make_handler(unpacked, {})


def test_an_article_is_the_same_after_json(speaker: Speaker) -> None:
    assert article_from_json(article_to_json(speaker.article)) == speaker.article


def _verdict(matcher: Matcher, utterance: str) -> Verdict:
    verdict = judge(matcher.rank(utterance))
    return Verdict(verdict.kind, verdict.label, verdict.other)


def test_verdicts_are_those_of_numpy(plain: Matcher, speaker: Speaker) -> None:
    for question in QUESTIONS[::10]:
        assert _verdict(plain, question) == _verdict(speaker.matcher, question), question


@given(st.text(max_size=60))
@settings(max_examples=25)
def test_any_text_is_ranked_as_by_numpy(plain: Matcher, speaker: Speaker, text: str) -> None:
    ours, numpys = plain.rank(text), speaker.matcher.rank(text)
    assert ours.heard == numpys.heard
    assert ours.covered == pytest.approx(numpys.covered, abs=0.002)


def test_rounding_what_is_packed_changes_hardly_a_verdict(unpacked: Path, speaker: Speaker) -> None:
    _, rank = load_packed(unpacked)
    asked = QUESTIONS[1::10]
    changed = [
        question
        for question in asked
        if judge(rank(question)).label != judge(speaker.matcher.rank(question)).label
    ]
    assert len(changed) <= len(asked) // 20, changed


@pytest.mark.parametrize("held", [b"", b"no array", b"\xff\n", b"{}\n", b"[]\n"])
def test_a_file_that_holds_no_arrays_is_refused(tmp_path: Path, held: bytes) -> None:
    path = tmp_path / "other.arrays"
    path.write_bytes(held)
    with pytest.raises(ValueError, match="holds no arrays"):
        Arrays(path)
