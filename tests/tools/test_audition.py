from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from skill.cli import main
from skill.content.text import normalise
from skill.simulator.runtime import Runtime
from skill.speech.audio import RATE, Audio
from skill.tools.audition.conditions import (
    CONDITIONS,
    Condition,
    Samples,
    power_of,
    through,
    with_echo,
    with_noise,
)
from skill.tools.audition.page import to_html
from skill.tools.audition.readability import hard_words, reading_ease, syllables
from skill.tools.audition.recognizers import open_kind, pronouncing_dictionary
from skill.tools.audition.report import to_json, to_text
from skill.tools.audition.results import Audition, Heard, Outcome, Spoken, Trial
from skill.tools.audition.voices import VoicesByName
from skill.tools.audition.word_graph import to_fsg
from skill.tools.evaluation import Case
from skill.tools.word_errors import align, errors
from tests.conftest import REPO

pytestmark = pytest.mark.slow

DEV = str(REPO / "tests/oxytocin/questions_dev.yaml")
TINY = ["audition", "--voices", "en-us", "--conditions", "clean,20 dB", "--sample", "1"]


def test_an_audition_tells_what_is_misheard_and_goes_on_from_its_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache, page = tmp_path / "cache", tmp_path / "report.html"
    options = [*TINY, "--questions", DEV, "--jobs", "1", "--cache", str(cache), "--json"]
    first = CliRunner().invoke(main, [*options, "--html", str(page)])
    assert first.exit_code == 0, first.output
    report = json.loads(first.stdout)
    groups = {outcome["group"] for outcome in report["outcomes"]}
    assert groups == {"sample", "paraphrase", "outside", "control", "short word"}
    assert len(report["outcomes"]) == 2 * len(groups)
    (sample,) = (
        o for o in report["outcomes"] if (o["group"], o["condition"]) == ("sample", "clean")
    )
    assert sample["verdict"] == "right"
    assert sample["hearings"]
    assert 2 < report["answers"][0]["seconds"] < 20
    assert {row["name"] for row in report["by_condition"]} == {"clean", "20 dB"}
    assert page.read_text(encoding="utf-8").count("<svg") == 2
    # Nothing can be spoken any more, and nothing needs to be: broken off in its last line, the
    # file still has all that is asked for.
    monkeypatch.setenv("PATH", "")
    (kept,) = cache.iterdir()
    kept.write_bytes(kept.read_bytes() + b'\n{"key": "brok')
    again = CliRunner().invoke(main, options)
    assert again.exit_code == 0, again.output
    assert json.loads(again.stdout) == report
    # Another condition is not in the cache.
    options[options.index("clean,20 dB")] = "echo"
    assert "espeak-ng" in CliRunner().invoke(main, options).output


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--conditions", "hail"], "--conditions hail"),
        (["--ears", "elephant"], "elephant"),
        (["--voices", "zz-nobody"], "zz-nobody"),
        (["--questions", "missing.yaml"], "missing.yaml"),
    ],
)
def test_what_cannot_be_auditioned_is_told(options: list[str], words: str, tmp_path: Path) -> None:
    given_options = [*TINY, "--no-answers", "--jobs", "1", "--cache", str(tmp_path), *options]
    result = CliRunner().invoke(main, given_options)
    assert result.exit_code != 0
    assert words in result.output


def test_baselines_hear_in_their_way(runtime: Runtime) -> None:
    speech = VoicesByName().speak("what is a sex blush", "en-us", 160)
    sound = Audio((speech * 32_767).astype("<i2").tobytes(), RATE)
    assert len(open_kind("general", runtime).recognize(sound).hypotheses) == 1
    assert open_kind("grammar", runtime).recognize(sound).hypotheses == ("what is a sex blush",)


_WORDS = st.lists(st.sampled_from(["what", "is", "the", "hormone", "for"]), max_size=7)


@given(st.sets(_WORDS.filter(bool).map(" ".join), min_size=1, max_size=12))
def test_a_word_graph_accepts_its_utterances_and_no_others(utterances: set[str]) -> None:
    arcs: dict[str, list[tuple[str, str]]] = {}
    ends = {}
    for line in to_fsg(utterances).splitlines():
        kind, *fields = line.split()
        if kind == "TRANSITION":
            arcs.setdefault(fields[0], []).append((fields[1], " ".join(fields[3:])))
        elif len(fields) == 1:
            ends[kind] = fields[0]

    def accepted(state: str) -> Iterator[str]:
        if state == ends["FINAL_STATE"]:
            yield ""
        for after, word in arcs.get(state, ()):
            yield from (f"{word} {rest}".strip() for rest in accepted(after))

    found = list(accepted(ends["START_STATE"]))
    assert sorted(found) == sorted(utterances)
    assert len(arcs) == int(ends["NUM_STATES"]) - 1
    assert len({frozenset(ways) for ways in arcs.values()}) == len(arcs)  # no state is there twice


@given(_WORDS, _WORDS)
def test_an_alignment_has_every_word_once_and_the_fewest_errors(
    said: list[str], heard: list[str]
) -> None:
    pairs = align(said, heard)
    assert [word for word, _ in pairs if word] == said
    assert [other for _, other in pairs if other] == heard
    assert errors(said, heard) == errors(heard, said) <= max(len(said), len(heard))
    assert errors(said, heard) >= abs(len(said) - len(heard))
    assert (errors(said, heard) == 0) == (said == heard)
    assert errors(said, [*said, "more"]) == 1


_SPEECH = st.integers(0, 2**16).map(
    lambda seed: (
        np.sin(np.arange(4_000) / (2 + seed % 9)).astype(np.float32)
        * np.float32(0.05 + seed % 7 / 10)
    )
)


@given(_SPEECH, st.integers(-5, 40), st.integers(0, 9))
def test_noise_is_as_loud_as_it_was_asked_for(speech: Samples, snr: int, seed: int) -> None:
    noise = with_noise(speech, snr, np.random.default_rng(seed)) - speech
    measured = 10 * np.log10(power_of(speech) / np.mean(noise.astype(float) ** 2))
    assert measured == pytest.approx(snr, abs=0.5)


@given(_SPEECH, st.sampled_from(CONDITIONS), st.integers(0, 9))
def test_any_condition_gives_the_same_sound_for_the_same_seed_and_never_clips(
    speech: Samples, condition: Condition, seed: int
) -> None:
    heard = through(condition, speech, seed)
    assert np.array_equal(heard, through(condition, speech, seed))
    assert np.abs(heard).max() <= 1
    assert len(heard) >= len(speech)
    assert np.isfinite(heard).all()


def test_an_echo_comes_after_the_sound_and_dies_away() -> None:
    click = np.zeros(RATE, np.float32)
    click[100] = 1.0
    heard = with_echo(click, np.random.default_rng(0))
    assert np.abs(heard[:100]).max() < 1e-5
    assert heard[100] == pytest.approx(1.0, abs=1e-3)
    early, late = power_of(heard[101:1_700]), power_of(heard[6_000:7_600])
    assert 0 < late < early / 100


@given(st.text(max_size=80))
def test_any_text_has_a_reading_ease_and_hard_words_are_of_it(text: str) -> None:
    dictionary = {"hormone": "HH AO R M OW N"}
    assert reading_ease(text, dictionary) <= 206.835
    hard = hard_words(text, dictionary)
    assert len(set(hard)) == len(hard) <= len(normalise(text).split())
    assert "hormone" not in hard


def test_long_words_and_long_sentences_are_harder() -> None:
    known = pronouncing_dictionary()
    plain = reading_ease("The cat sat on the mat. It was fat.", known)
    assert plain > 100
    assert reading_ease("The cat sat on the mat and it was fat.", known) < plain
    assert reading_ease("Neuroendocrine mechanisms facilitate cervical dilatation.", known) < 0
    assert [syllables(word, known) for word in ("cat", "hormone", "oxytocin")] == [1, 2, 4]
    assert [syllables(word, {}) for word in ("cat", "hormone", "oxytocin", "able")] == [1, 2, 4, 2]
    assert hard_words("The hormone pitocin's zzyx", known) == ("pitocin", "zzyx")


_TEXT = st.text("ab <>&\"'", max_size=12)
_OUTCOME = st.builds(
    Outcome,
    st.builds(
        Trial,
        st.builds(Case, _TEXT, st.sampled_from([("answer:men",), ("refuse:outside",)])),
        st.sampled_from(["sample", "outside"]),
        st.just("en-us"),
        st.sampled_from(["clean", "5 dB"]),
    ),
    st.builds(Heard, st.lists(_TEXT, max_size=2).map(tuple), st.floats(0.1, 9), st.floats(0, 9)),
    _TEXT,
    st.sampled_from(["answer:men", "answer:women", "refuse:outside"]),
)
_SPOKEN = st.builds(
    Spoken,
    _TEXT,
    st.integers(0, 3),
    st.just("en-us"),
    st.floats(0, 60),
    st.floats(-100, 120),
    st.lists(_TEXT, max_size=2).map(tuple),
    st.floats(0, 2),
)


class _Nesting(HTMLParser):
    """Fails where a tag is not closed in its place, or where a text has become one."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("a", "b", "ab", "ba"), "a text became a tag"
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None: ...

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@examples(max_examples=30)
@given(st.lists(_OUTCOME, max_size=8).map(tuple), st.lists(_SPOKEN, max_size=3).map(tuple))
def test_any_outcomes_make_a_report_whose_figures_add_up(
    outcomes: tuple[Outcome, ...], spoken: tuple[Spoken, ...]
) -> None:
    found = Audition("default", outcomes, spoken)
    assert sum(row.right.of for row in found.by_condition) == len(outcomes)
    right = sum(outcome.verdict == "right" for outcome in outcomes)
    assert sum(row.right.right for row in found.by_voice) == right
    assert all(times <= of for _, times, of, _ in (*found.misheard, *found.misheard_words))
    told = sum(times for _, times, _, _ in (*found.misheard, *found.misunderstood))
    assert told == sum(
        outcome.verdict != "right" for outcome in outcomes if outcome.trial.group != "outside"
    )
    assert all(normalise(text) == heard for text, _, _, heard in found.misunderstood)
    assert "-0.0" not in to_text(found)
    assert len(json.loads(to_json(found))["outcomes"]) == len(outcomes)
    assert to_text(found).count("\n| ") >= 2
    parser = _Nesting()
    parser.feed(to_html(found))
    assert parser.open == []
