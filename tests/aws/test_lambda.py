from __future__ import annotations

import hashlib
from collections.abc import Callable
from operator import mul
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from skill.aws.endpoint import SKILL_ID, make_handler
from skill.aws.packed import FOLDER, LEARNED_FILE, load_packed
from skill.aws.packing import SHIPPED, Rounding, packed_learned
from skill.cli import main
from skill.content.article_json import article_from_json, article_to_json
from skill.conversation.replies import from_ssml
from skill.errors import AskableError, RefusedError
from skill.simulator.runtime import Runtime
from skill.understanding.arrays import Arrays
from skill.understanding.features import TABLE_SCALE, VECTOR_SCALE
from skill.understanding.lanes import WIDE, Lanes, row_of, row_of_bytes
from skill.understanding.matcher import Decision, Matcher, Ranking, decide
from skill.understanding.model_file import load_matcher_model
from skill.understanding.plain_learned import PlainLearned
from skill.understanding.plain_network import BYTE, SCALES
from skill.understanding.word_vectors import WordVectors
from tests.conftest import REPO

pytestmark = pytest.mark.slow

OURS = "amzn1.ask.skill.ours"
LAUNCH = {"type": "LaunchRequest"}
QUESTIONS = [
    case["text"]
    for path in sorted((REPO / "tests/data").glob("questions_*.yaml"))
    for case in yaml.safe_load(path.read_text("utf-8"))
]
MOST_OWN_BYTES = 5_000_000
LARGEST_SUM = 2**31  # of a lane of four bytes


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
    learned = load_matcher_model(REPO / "interaction_model" / "matcher.npz")
    path.write_bytes(packed_learned(learned, WordVectors.load(), Rounding(1, 1, layers=20, lane=8)))
    taught = PlainLearned(Arrays(path))
    return Matcher(taught, taught.probabilities)


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


def test_an_article_is_the_same_after_json(runtime: Runtime) -> None:
    assert article_from_json(article_to_json(runtime.article)) == runtime.article


def _meant(ranking: Ranking) -> Decision:
    verdict = decide(ranking)
    return Decision(verdict.kind, verdict.label, verdict.other)


def test_verdicts_are_those_of_numpy(plain: Matcher, runtime: Runtime) -> None:
    for question in QUESTIONS[::10]:
        ours, numpys = plain.rank(question), runtime.matcher.rank(question)
        assert _meant(ours) == _meant(numpys), question


@given(st.text(max_size=60))
@settings(max_examples=25)
def test_any_text_is_ranked_as_by_numpy(plain: Matcher, runtime: Runtime, text: str) -> None:
    ours, numpys = plain.rank(text), runtime.matcher.rank(text)
    assert ours.heard == numpys.heard
    assert ours.in_scope == pytest.approx(numpys.in_scope, abs=0.002)


def test_rounding_what_is_packed_changes_hardly_a_verdict(unpacked: Path, runtime: Runtime) -> None:
    _, rank = load_packed(unpacked)
    changed = [
        question
        for question in QUESTIONS
        if _meant(rank(question)) != _meant(runtime.matcher.rank(question))
    ]
    assert len(changed) <= len(QUESTIONS) // 100, changed


@pytest.mark.parametrize("width", [4, WIDE])
@given(data=st.data())
def test_lanes_add_up_as_numbers_do_up_to_the_largest_that_fit(
    width: int, data: st.DataObject
) -> None:
    count, bias = data.draw(st.integers(1, 9)), 1 << data.draw(st.integers(0, 8 * width - 2))
    numbers = st.lists(st.integers(-bias, bias - 1), min_size=count, max_size=count)
    rows = data.draw(st.lists(numbers, max_size=6))
    most = ((1 << 8 * width - 1) - 1) // max(1, bias * len(rows))
    weights = data.draw(st.lists(st.integers(-most, most), min_size=len(rows), max_size=len(rows)))
    stored = [
        row_of(b"".join((number + bias).to_bytes(width, "little") for number in row))
        for row in rows
    ]
    columns = list(zip(*rows, strict=True)) or [()] * count
    assert Lanes(count, bias, width).sums(weights, stored) == [
        sum(map(mul, weights, column)) for column in columns
    ]


@given(st.binary(max_size=9))
def test_a_row_of_bytes_is_one_of_wide_lanes(numbers: bytes) -> None:
    wide = b"".join(number.to_bytes(WIDE, "little") for number in numbers)
    assert row_of_bytes(numbers) == row_of(wide)


def test_no_sum_outgrows_its_lane_whatever_is_asked(unpacked: Path) -> None:
    arrays = Arrays(unpacked / LEARNED_FILE)
    for name in arrays.facts["networks"]:
        hidden, scale, added = _layer(arrays, f"{name}.hidden")
        start = len(hidden)
        sums = np.zeros(hidden.shape[1])
        for kind in reversed(arrays.facts[name]):
            scales = np.array(arrays.view(f"{name}.{kind}.scales", "I")) * (TABLE_SCALE / SCALES)
            table = np.array(arrays.view(f"{name}.{kind}")).reshape(len(scales), -1) - float(BYTE)
            start -= table.shape[1]
            most = np.abs(table * scales[:, None]).max(axis=0)
            sums += most @ np.abs(hidden[start : start + len(most)])
        sums += VECTOR_SCALE * np.linalg.norm(hidden[:start], axis=0)
        assert (sums * arrays.facts[f"{name}.hidden"]["input_scale"]).max() < LARGEST_SUM
        output, _, _ = _layer(arrays, f"{name}.output")
        raised = np.maximum(sums / scale + added, 0)
        sums = raised @ np.abs(output)
        assert (sums * arrays.facts[f"{name}.output"]["input_scale"]).max() < LARGEST_SUM


def _layer(arrays: Arrays, name: str) -> tuple[NDArray[np.float64], float, NDArray[np.float64]]:
    """Its weights as whole numbers, what they were multiplied by, and what is added."""
    facts = arrays.facts[name]
    assert facts["lane"] == SHIPPED.lane
    stored = np.array(arrays.view(name, "I")).reshape(-1, len(facts["added"]))
    return stored - float(facts["bias"]), facts["weight_scale"], np.array(facts["added"])


@pytest.mark.parametrize(
    "held", [b"", b"no array", b"\xff\n", b"{}\n", b"[]\n", b'{"facts": 1, "arrays": 2}\n']
)
def test_a_file_that_holds_no_arrays_is_refused(tmp_path: Path, held: bytes) -> None:
    path = tmp_path / "other.arrays"
    path.write_bytes(held)
    with pytest.raises(ValueError, match="holds no arrays"):
        Arrays(path)


def test_a_file_that_was_cut_off_is_refused(unpacked: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.arrays"
    path.write_bytes((unpacked / LEARNED_FILE).read_bytes()[:-1])
    with pytest.raises(ValueError, match="its length is not"):
        Arrays(path)


def test_weights_too_fine_for_their_lanes_are_refused() -> None:
    learned = load_matcher_model(REPO / "interaction_model" / "matcher.npz")
    with pytest.raises(ValueError, match="30 bits of a weight: do not fit 4 bytes"):
        packed_learned(learned, WordVectors.load(), Rounding(1, 1, layers=30, lane=4))
