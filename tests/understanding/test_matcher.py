from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from skill.cli import main
from skill.simulator.runtime import Runtime
from skill.understanding.classifier.network import Inputs
from skill.understanding.classifier.matcher import decide
from skill.understanding.classifier.model_file import load_matcher_model
from skill.understanding.classifier.name_correction import NameCorrector, phonetic_key
from skill.understanding.classifier.training import RECIPES, train
from skill.understanding.classifier.word_vectors import WordVectors
from tests.conftest import REPO


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("what is oxy tosin", "what is oxytocin"),
        ("tell me about oxy toxin please", "tell me about oxytocin please"),
        ("the cuttle hormone", "the cuddle hormone"),
        ("what is a sects blush", "what is a sex blush"),
        ("four play", "foreplay"),
        ("um so what uh is oxytocin", "so what is oxytocin"),
        ("what is what is oxytocin", "what is oxytocin"),
        ("is oxycontin the same", "is oxycontin the same"),
    ],
)
def test_what_speech_recognition_did_is_mended(said: str, heard: str, runtime: Runtime) -> None:
    assert runtime.matcher.rank(said).heard == heard


@given(st.text(max_size=60))
def test_any_text_is_ranked_and_judged(runtime: Runtime, text: str) -> None:
    ranking = runtime.matcher.rank(text)
    assert 0.0 <= ranking.in_scope <= 1.001
    scores = [candidate.score for candidate in ranking.candidates]
    assert scores == sorted(scores, reverse=True)
    decision = decide(ranking)
    assert decision.kind != "answer" or decision.label.startswith("answer:")


_KNOWN = ["what", "is", "oxytocin", "cuddle", "hormone", "sex", "blush"]


@given(st.lists(st.sampled_from(_KNOWN), max_size=8))
def test_words_that_lessons_know_are_left_alone(words: list[str]) -> None:
    line = " ".join(words)
    knows_all = NameCorrector(["oxytocin", "sex blush"], words, lambda _: True)
    assert knows_all.correct(line) == line


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz ", max_size=40))
def test_mending_ends_and_changes_nothing_but_to_names(line: str) -> None:
    mended = NameCorrector(["oxytocin", "sex blush"], [], lambda _: False).correct(line)
    assert set(mended.split()) <= {*line.split(), "oxytocin", "sex", "blush"}


def test_words_that_sound_alike_have_one_key() -> None:
    assert phonetic_key("cuttle hormone") == phonetic_key("cuddle hormone")
    assert phonetic_key("six blush") == phonetic_key("sex blush")
    assert phonetic_key("oxycontin") != phonetic_key("oxytocin")


_TWO = [
    *((f"does {word} help muscle", 0) for word in ("oxytocin", "it", "this", "that hormone")),
    *((f"what is the {word} in paris", 1) for word in ("weather", "time", "news", "rain")),
]


def test_training_learns_and_gives_the_same_from_the_same_seed() -> None:
    vectors = WordVectors.load()
    texts, labels = zip(*_TWO * 10, strict=True)
    recipe = replace(RECIPES[2], buckets=256, width=8, hidden=16, batch=16)
    networks = [train(recipe, texts, labels, vectors) for _ in range(2)]
    asked = Inputs(["does oxytocin make muscles strong", "tell me the weather in london"], vectors)
    logits = [network.logits(asked) for network in networks]
    assert np.array_equal(logits[0], logits[1])
    assert logits[0][:, :2].argmax(axis=1).tolist() == [0, 1]


def test_what_was_learnt_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    learned = load_matcher_model(REPO / "interaction_model" / "matcher.npz")
    learned.save(tmp_path / "again.npz")
    again = load_matcher_model(tmp_path / "again.npz")
    vectors = WordVectors.load()
    for before, after in zip(learned.networks, again.networks, strict=True):
        asked = Inputs(["why do women blush"], vectors)
        assert np.array_equal(before.logits(asked), after.logits(asked))
    assert again.names == learned.names
    assert (tmp_path / "again.npz").read_bytes() == (
        REPO / "interaction_model" / "matcher.npz"
    ).read_bytes()


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x05\x06" + b"\0" * 18])
def test_a_matcher_that_is_none_is_refused(content: bytes, tmp_path: Path) -> None:
    for path in (REPO / "interaction_model").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "matcher.npz").write_bytes(content)
    result = CliRunner().invoke(main, ["--models", str(tmp_path), "ask", "hello"])
    assert result.exit_code == 1
    assert f"{tmp_path}/matcher.npz" in result.output
    assert "askable build" in result.output


# What is asked after what, and what it must lead to: an answer, or a refusal (None).
FOLLOW_UPS = [
    (["what does oxytocin do for men"], "and for women", "women"),
    (["what does oxytocin do for men"], "how long does it last", "how_long"),
    (["what does oxytocin do for men"], "what about muscles", "muscle"),
    (["what does oxytocin do for men", "and for women"], "why", "relaxation"),
    (["what is a sex blush"], "why", "blush_why"),
    (["what is a sex blush"], "what does it look like", "blush_looks"),
    (["what is a sex blush"], "does everybody get it", "blush_everyone"),
    (["what is a sex blush"], "how long does it last", None),
    (["what is oxytocin"], "does it help wounds heal", "wounds"),
    (["does oxytocin help wounds"], "why", None),
    (["tell me about foreplay"], "why does it work", "foreplay"),
]


@pytest.mark.parametrize(("before", "said", "answer"), FOLLOW_UPS, ids=lambda value: str(value))
def test_an_elliptical_question_follows_from_what_was_told(
    before: list[str], said: str, answer: str | None, runtime: Runtime
) -> None:
    device = runtime.device()
    for utterance in before:
        device.say(utterance)
    assert device.say(said).answer == answer


def test_why_with_nothing_told_asks_for_a_question(runtime: Runtime) -> None:
    device = runtime.device()
    device.launch()
    assert "did not get that" in device.say("why").speech


def test_each_kind_of_refusal_has_its_own_words(runtime: Runtime) -> None:
    asked = ("who is the king of spain", "what dose is right for me", "i want to die", "blargle")
    told = [runtime.device().say(text) for text in asked]
    assert {exchange.answer for exchange in told} == {None}
    assert len({exchange.speech for exchange in told}) == len(asked)
