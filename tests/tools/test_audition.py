from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from skill.cli import main
from skill.content import normalise
from skill.settings import Settings
from skill.speech import RATE, Audio
from skill.tools.audition import CONDITIONS, as_html, as_json, as_text
from skill.tools.audition.conditions import (
    Condition,
    Samples,
    power_of,
    speak,
    through,
    with_echo,
    with_noise,
)
from skill.tools.audition.results import (
    Audition,
    Outcome,
    SpokenAnswer,
    TimedRecognition,
    Trial,
    align,
    word_error_rate,
)
from skill.tools.audition.spoken_answers import (
    GeneralRecognizer,
    first_pronunciations,
    hard_words,
    reading_ease,
    syllables,
)
from skill.tools.evaluate import Case

pytestmark = pytest.mark.slow

TINY = ["--voices", "en-us", "--conditions", "clean,20 dB", "--sample", "1", "--jobs", "1"]


def _audition(settings: Settings, *options: str) -> Result:
    folders = ["--content", str(settings.content), "--models", str(settings.models)]
    return CliRunner().invoke(main, [*folders, "audition", *TINY, *options])


def test_an_audition_reports_what_is_misheard_and_continues_from_its_cache(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = tmp_path / "questions.yaml"
    questions.write_text("- {text: explain the brown kind of tea, answer: black}\n")
    cache, page = tmp_path / "cache", tmp_path / "report.html"
    options = ["--questions", str(questions), "--cache", str(cache), "--json"]
    first = _audition(settings, *options, "--html", str(page))
    assert first.exit_code == 0, first.output
    report = json.loads(first.stdout)
    groups = {outcome["group"] for outcome in report["outcomes"]}
    assert groups == {"sample", "paraphrase", "outside", "control", "short word"}
    assert len(report["outcomes"]) == 2 * len(groups)
    (sample,) = (
        o for o in report["outcomes"] if (o["group"], o["condition"]) == ("sample", "clean")
    )
    assert sample["hearings"]
    assert sample["heard_as"] == "people"
    assert 1 < report["answers"][0]["seconds"] < 20
    assert {row["name"] for row in report["by_condition"]} == {"clean", "20 dB"}
    assert page.read_text(encoding="utf-8").count("<svg") == 2
    # Without espeak-ng only the cache can have what is asked for, after an interrupted line too.
    monkeypatch.setenv("PATH", "")
    (kept,) = cache.iterdir()
    kept.write_bytes(kept.read_bytes() + b'\n{"key": "brok')
    again = _audition(settings, *options)
    assert again.exit_code == 0, again.output
    assert json.loads(again.stdout) == report
    assert _audition(settings, *options[:-1]).stdout.startswith("ears: default, real-time factor")
    assert "espeak-ng" in _audition(settings, *options, "--conditions", "echo").output


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--conditions", "hail"], "--conditions hail"),
        (["--ears", "elephant"], "--ears elephant: is unknown; use one of default, whisper"),
        (["--ears", "grammar"], "run python -m bench.baselines grammar"),
        (["--voices", "zz-nobody"], "zz-nobody"),
        (["--questions", "missing.yaml"], "missing.yaml"),
    ],
)
def test_a_wrong_option_is_an_error_that_names_it(
    options: list[str], words: str, settings: Settings, tmp_path: Path
) -> None:
    result = _audition(settings, "--no-answers", "--cache", str(tmp_path), *options)
    assert result.exit_code == 1
    assert words in result.output


def test_the_general_recognizer_transcribes_speech() -> None:
    speech = speak("this is a simple sentence about the weather", "en-us", 160)
    audio = Audio((speech * 32_767).astype("<i2").tobytes(), RATE)
    (transcript,) = GeneralRecognizer().recognize(audio).hypotheses
    assert word_error_rate("this is a simple sentence about the weather", transcript) < 0.7


_WORDS = st.lists(st.sampled_from(["what", "is", "the", "tea", "for"]), max_size=7)


@given(_WORDS, _WORDS)
def test_an_alignment_has_every_word_once_and_the_fewest_errors(
    reference: list[str], hypothesis: list[str]
) -> None:
    pairs = align(reference, hypothesis)
    assert [word for word, _ in pairs if word] == reference
    assert [other for _, other in pairs if other] == hypothesis
    errors = sum(word != other for word, other in pairs)
    assert abs(len(reference) - len(hypothesis)) <= errors <= max(len(reference), len(hypothesis))
    rate = word_error_rate(" ".join(reference), " ".join(hypothesis))
    assert rate == pytest.approx(errors / max(1, len(reference)))
    assert align(reference, [*reference, "more"])[-1] == ("", "more")


_SPEECH = st.integers(0, 2**16).map(
    lambda seed: (
        np.sin(np.arange(4_000) / (2 + seed % 9)).astype(np.float32)
        * np.float32(0.05 + seed % 7 / 10)
    )
)


@given(_SPEECH, st.integers(-5, 40), st.integers(0, 9))
def test_noise_has_the_requested_level(speech: Samples, decibels: int, seed: int) -> None:
    noise = with_noise(speech, decibels, np.random.default_rng(seed)) - speech
    measured = 10 * np.log10(power_of(speech) / np.mean(noise.astype(float) ** 2))
    assert measured == pytest.approx(decibels, abs=0.5)


@given(_SPEECH, st.sampled_from(CONDITIONS), st.integers(0, 9))
def test_a_condition_gives_the_same_sound_for_the_same_seed_and_never_clips(
    speech: Samples, condition: Condition, seed: int
) -> None:
    recorded = through(condition, speech, seed)
    assert np.array_equal(recorded, through(condition, speech, seed))
    assert np.abs(recorded).max() <= 1
    assert len(recorded) >= len(speech)
    assert np.isfinite(recorded).all()


def test_an_echo_follows_the_sound_and_decays() -> None:
    click = np.zeros(RATE, np.float32)
    click[100] = 1.0
    recorded = with_echo(click, np.random.default_rng(0))
    assert np.abs(recorded[:100]).max() < 1e-5
    assert recorded[100] == pytest.approx(1.0, abs=1e-3)
    early, late = power_of(recorded[101:1_700]), power_of(recorded[6_000:7_600])
    assert 0 < late < early / 100


@given(st.text(max_size=80))
def test_any_text_has_a_reading_ease_and_its_own_hard_words(text: str) -> None:
    pronunciations = {"hormone": "HH AO R M OW N"}
    assert reading_ease(text, pronunciations) <= 206.835
    hard = hard_words(text, pronunciations)
    assert len(set(hard)) == len(hard) <= len(normalise(text).split())
    assert "hormone" not in hard


def test_long_words_and_long_sentences_are_harder() -> None:
    known = first_pronunciations()
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
        st.builds(Case, _TEXT, st.sampled_from([("answer:green",), ("refuse:outside",)])),
        st.sampled_from(["sample", "outside"]),
        st.just("en-us"),
        st.sampled_from(CONDITIONS),
    ),
    st.builds(
        TimedRecognition,
        hypotheses=st.lists(_TEXT, max_size=2).map(tuple),
        seconds=st.floats(0.1, 9),
        processor_seconds=st.floats(0, 9),
    ),
    _TEXT,
    st.sampled_from(["answer:green", "answer:black", "refuse:outside"]),
)
_ANSWER = st.builds(
    SpokenAnswer,
    _TEXT,
    st.integers(0, 3),
    st.just("en-us"),
    st.floats(0, 60),
    st.floats(-100, 120),
    st.lists(_TEXT, max_size=2).map(tuple),
    st.floats(0, 2),
)


class _Nesting(HTMLParser):
    """Fails on a tag that is not closed in its place, and on text that became a tag."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("a", "b", "ab", "ba"), "text became a tag"
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None: ...

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@examples(max_examples=30)
@given(st.lists(_OUTCOME, max_size=8).map(tuple), st.lists(_ANSWER, max_size=3).map(tuple))
def test_the_figures_of_any_report_add_up(
    outcomes: tuple[Outcome, ...], answers: tuple[SpokenAnswer, ...]
) -> None:
    found = Audition("default", outcomes, answers)
    assert sum(row.right.of for row in found.by_condition) == len(outcomes)
    right = sum(outcome.verdict == "right" for outcome in outcomes)
    assert sum(row.right.right for row in found.by_voice) == right
    assert all(each.times <= each.of for each in (*found.misheard, *found.misheard_words))
    missed = sum(each.times for each in (*found.misheard, *found.misunderstood))
    assert missed == sum(
        outcome.verdict != "right" for outcome in outcomes if outcome.trial.group != "outside"
    )
    assert all(normalise(each.text) == each.mostly_as for each in found.misunderstood)
    assert "-0.0" not in as_text(found)
    record = json.loads(as_json(found))
    assert len(record["outcomes"]) == len(outcomes)
    assert len(record["answers"]) == len(answers)
    assert as_text(found).count("\n| ") >= 2
    parser = _Nesting()
    parser.feed(as_html(found))
    assert parser.open == []
