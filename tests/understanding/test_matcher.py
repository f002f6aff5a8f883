from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from skill.cli import main
from skill.simulator.runtime import Runtime
from skill.tools.evaluation import Case, Share, evaluate
from skill.understanding.classifier import Inputs
from skill.understanding.matcher import decide
from skill.understanding.model_file import load_matcher_model
from skill.understanding.name_correction import NameCorrector, phonetic_key
from skill.understanding.training import RECIPES, train
from skill.understanding.word_vectors import WordVectors
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


QUESTIONS = """
- {text: what is oxytocin, answer: what_is}
- {text: who discovered oxytocin, refuse: outside}
- {text: what is oxytocin, answer: [men, women]}
- {text: and for women, before: [what about men], answer: women}
- {text: help, intent: AMAZON.HelpIntent}
"""


def test_eval_counts_right_ones_by_kind_and_draws_a_page(tmp_path: Path) -> None:
    questions, page = tmp_path / "q.yaml", tmp_path / "q.html"
    questions.write_text(QUESTIONS)
    result = CliRunner().invoke(main, ["eval", str(questions), "--html", str(page)])
    assert result.exit_code == 0, result.output
    assert "2 of 3" in result.output
    assert "1 x answer:men taken for answer:what_is" in result.output
    html = page.read_text()
    assert html.count("<svg") == 2
    assert "answer:men taken for answer:what_is: 1" in html


@pytest.mark.parametrize(("least", "code"), [("70", 0), ("90", 1)])
def test_eval_fails_under_a_share(least: str, code: int, tmp_path: Path) -> None:
    questions = tmp_path / "q.yaml"
    questions.write_text(QUESTIONS)
    result = CliRunner().invoke(main, ["eval", str(questions), "--json", "--fail-under", least])
    assert result.exit_code == code


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("q.yaml", "- {text: a, answer: nobody}", 'question 1: answer: "nobody" is not known'),
        ("q.yaml", "- {text: a}", "exactly one of"),
        ("q.yaml", "- {answer: men}", "text: is missing"),
        ("q.yaml", "- {text: a, anser: men}", "anser: unknown field"),
        ("q.yaml", "- {text: a, refuse: [1]}", "refuse: should be a text"),
        ("q.yaml", "a: 'b", "bad YAML"),
        ("q.yaml", "{}", "should be a list"),
        ("q.yaml", "[]", "holds no question"),
        ("q.jsonl", '{"text": "a"\n', ":1: is not JSON"),
    ],
)
def test_a_bad_question_is_one_sentence(name: str, text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text)
    result = CliRunner().invoke(main, ["eval", str(path)])
    assert result.exit_code == 1
    assert says in result.output
    assert str(path) in result.output


def test_eval_of_a_data_set_learns_it_and_refuses_what_is_none(tmp_path: Path) -> None:
    def part(start: int) -> list[list[str]]:
        things = ["lamp", "radio", "heater", "fan", "oven", "light"][start : start + 3]
        return [
            *([f"please turn on the {thing}", "on"] for thing in things),
            *([f"what does the {thing} cost", "price"] for thing in things),
        ]

    odd = [[text, "oos"] for text in ("sing a song of whales", "who won the war", "is snow cold")]
    data = {"train": part(0) * 30, "val": part(1), "test": part(3), "oos_val": odd, "oos_test": odd}
    path = tmp_path / "set.json"
    path.write_text(json.dumps(data))
    result = CliRunner().invoke(main, ["eval", "--model", str(path)])
    assert result.exit_code == 0, result.output
    assert "2 labels" in result.output
    assert "out-of-scope recall  100.0%" in result.output
    assert "without refusing     100.0%" in result.output


@pytest.mark.parametrize("text", ["{", "[]", '{"train": []}', '{"train": [["a"]]}'])
def test_a_data_set_that_is_none_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "set.json"
    path.write_text(text)
    result = CliRunner().invoke(main, ["eval", "--model", str(path)])
    assert result.exit_code == 1
    assert str(path) in result.output


def test_explain_tells_limits_labels_and_the_nearest_lessons() -> None:
    result = CliRunner().invoke(main, ["explain", "is the cuttle hormone good for wounds"])
    assert result.exit_code == 0
    for words in ("heard    is the cuddle hormone", "answer:wounds", "told from", "best", "then"):
        assert words in result.output


def test_misses_are_kept_only_when_asked_for_and_hold_words_alone(tmp_path: Path) -> None:
    log = tmp_path / "misses.txt"
    asked = b'{"text": "who discovered oxytocin"}\n{"text": "what is oxytocin"}\n'
    assert CliRunner().invoke(main, ["answer", "--jsonl"], input=asked).exit_code == 0
    assert not log.exists()
    options = ["--misses", str(log)]
    for _ in range(2):
        assert CliRunner().invoke(main, [*options, "answer", "--jsonl"], input=asked).exit_code == 0
    assert log.read_text() == "who discovered oxytocin\n" * 2
    result = CliRunner().invoke(main, [*options, "misses"])
    assert "2  near silence:history" in result.output


def test_misses_without_a_file_say_how_to_get_one() -> None:
    result = CliRunner().invoke(main, ["misses"])
    assert result.exit_code == 1
    assert "--misses" in result.output


@given(st.integers(0, 50), st.integers(0, 50))
def test_an_interval_holds_its_share(right: int, wrong: int) -> None:
    share = Share(right, right + wrong)
    low, high = share.interval
    assert 0.0 <= low <= high <= 1.0
    assert not share.of or low - 1e-9 <= share.value <= high + 1e-9


def test_risk_and_coverage_go_from_the_surest_answer_down() -> None:
    told = {"a": ("answer:men", 0.9), "b": ("answer:men", 0.8), "c": ("refuse:outside", 0.1)}
    cases = [
        Case("a", ("answer:men",)),
        Case("b", ("refuse:outside",)),
        Case("c", ("answer:men",)),
    ]
    report = evaluate(cases, lambda case: told[case.text], lambda: 0.0)
    assert report.risk_coverage() == [(1 / 3, 0.0), (2 / 3, 0.5)]
    assert report.false_facts.right == 1
    assert [outcome.case.text for outcome in report.worst] == ["b", "c"]
