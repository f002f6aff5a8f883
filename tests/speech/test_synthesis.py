from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from skill.conversation.replies import from_ssml
from skill.errors import EngineError
from skill.simulator.runtime import Runtime
from skill.speech.audio import Audio, read_audio
from skill.speech.player import Playback
from skill.speech.synthesis.ssml import read_script
from skill.speech.synthesis.synthesizer import Speech, Synthesizer, open_synthesizer, write_speech
from skill.speech.voice import SpeechOutput
from tests.conftest import REPO

CASES = yaml.safe_load((REPO / "tests/data/ssml.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def synthesizer() -> Iterator[Synthesizer]:
    with open_synthesizer() as opened:
        yield opened


def _sound(synthesizer: Synthesizer, ssml: str) -> Audio:
    (sound,) = synthesizer.speak(ssml).chunks
    return sound


def _loudness(sound: Audio) -> float:
    return float(np.frombuffer(sound.pcm, "<i2").astype(float).std())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["ssml"])
def test_ssml_becomes_words_and_pauses_and_what_is_dropped_is_told(
    case: dict[str, Any], synthesizer: Synthesizer
) -> None:
    script = read_script(case["ssml"])
    assert " ".join(piece.text for piece in script.pieces if piece.text) == case["text"]
    assert sum(piece.pause for piece in script.pieces) == pytest.approx(case.get("pause", 0))
    dropped = case.get("drops", [])
    assert list(script.dropped) == dropped
    spoken = synthesizer.speak(case["ssml"])
    assert list(spoken.dropped) == dropped + case.get("espeak", [])
    assert sum(sound.seconds for sound in spoken.chunks) > case.get("pause", 0) + 0.2


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["ssml"])
def test_piper_speaks_the_same_and_tells_what_it_drops(
    case: dict[str, Any], piper: Synthesizer
) -> None:
    spoken = piper.speak(case["ssml"])
    assert list(spoken.dropped) == case.get("drops", []) + case.get("piper", [])
    assert sum(sound.seconds for sound in spoken.chunks) > case.get("pause", 0) + 0.1


@pytest.fixture(scope="module")
def piper() -> Synthesizer:
    pytest.importorskip("piper", reason="Piper is the extra askable[voice]")
    return open_synthesizer("piper")


def test_what_ssml_asks_for_is_heard(synthesizer: Synthesizer) -> None:
    plain = _sound(synthesizer, "<speak>Hello there my friend.</speak>")
    breaks = _sound(synthesizer, '<speak>Hello there <break time="2s"/> my friend.</speak>')
    assert breaks.seconds == pytest.approx(plain.seconds + 2, abs=0.6)
    for rate, factor in (("50%", 1.6), ("200%", 0.6)):
        spoken = f'<speak><prosody rate="{rate}">Hello there my friend.</prosody></speak>'
        assert _sound(synthesizer, spoken).seconds == pytest.approx(factor * plain.seconds, rel=0.2)
    soft = '<speak><prosody volume="-12dB">Hello there my friend.</prosody></speak>'
    assert _loudness(_sound(synthesizer, soft)) < 0.4 * _loudness(plain)
    for changed in (
        '<speak>Hello <emphasis level="strong">there</emphasis> my friend.</speak>',
        '<speak><prosody pitch="+30%">Hello there my friend.</prosody></speak>',
        '<speak>Hello there my <phoneme alphabet="ipa" ph="fiːnd">friend</phoneme>.</speak>',
    ):
        assert _sound(synthesizer, changed).pcm != plain.pcm, changed


def test_a_substitute_and_a_pronunciation_sound_like_the_words_they_stand_for(
    synthesizer: Synthesizer,
) -> None:
    said = _sound(synthesizer, "<speak>by doctor Who</speak>").pcm
    assert _sound(synthesizer, '<speak>by <sub alias="doctor">Dr.</sub> Who</speak>').pcm == said
    hello = '<speak><phoneme alphabet="ipa" ph="{}">{}</phoneme></speak>'
    first = _sound(synthesizer, hello.format("həˈloʊ", "x")).pcm
    assert _sound(synthesizer, hello.format("həˈloʊ", "y")).pcm == first
    assert _sound(synthesizer, hello.format("həˈlɑː", "x")).pcm != first


@pytest.mark.parametrize("ssml", ["<speak>a & b</speak>", "<speak>a", "<speak><b></speak>"])
def test_ssml_that_is_not_well_formed_is_one_sentence(ssml: str, synthesizer: Synthesizer) -> None:
    with pytest.raises(EngineError, match="not well formed"):
        synthesizer.speak(ssml)


@pytest.mark.parametrize("ssml", ["", "  ", "<speak></speak>", "<speak> <p/> </speak>"])
def test_nothing_to_say_is_told(ssml: str, synthesizer: Synthesizer) -> None:
    with pytest.raises(EngineError, match="nothing to say"):
        synthesizer.speak(ssml)


@given(st.text(max_size=60))
def test_any_text_is_a_script_or_an_error_in_one_sentence(text: str) -> None:
    for speech in (text, f"<speak>{text}</speak>"):
        try:
            script = read_script(speech)
        except EngineError as error:
            assert str(error).startswith("SSML: ")  # noqa: PT017  # both outcomes are right
        else:
            if not {"<", "&"} & set(text):  # then all of it is words
                spoken = "".join(piece.text for piece in script.pieces)
                assert spoken.split() == text.split()


_WORDS = st.text("abc &<'é", min_size=1).filter(str.strip)


@given(st.lists(st.tuples(_WORDS, st.sampled_from(["", "s", "p", "emphasis", "lang"]))))
def test_no_word_is_lost_and_none_is_added(said: list[tuple[str, str]]) -> None:
    pieces = [f"<{tag}>{escape(words)}</{tag}>" if tag else escape(words) for words, tag in said]
    script = read_script(f"<speak>{' '.join(pieces)}</speak>")
    spoken = " ".join(piece.text for piece in script.pieces)
    assert "".join(spoken.split()) == "".join("".join(words.split()) for words, _ in said)


def test_every_answer_is_spoken_and_drops_nothing(
    runtime: Runtime, synthesizer: Synthesizer
) -> None:
    device = runtime.device()
    for question in ("what is oxytocin", "i want to die", "help", "what can i ask"):
        ssml = device.say(question).ssml
        spoken = synthesizer.speak(ssml)
        assert spoken.dropped == ()
        words = len(from_ssml(ssml).split())
        assert 0.2 * words < sum(sound.seconds for sound in spoken.chunks) < 0.8 * words


def test_many_at_once_each_get_their_own_words(synthesizer: Synthesizer, tmp_path: Path) -> None:
    texts = ["one", "one two", "one two three", "one two three four five six"] * 2

    def say(number: int) -> float:
        path = tmp_path / f"{number}.wav"
        write_speech(texts[number], path)
        return read_audio(path).seconds

    with ThreadPoolExecutor(4) as pool:
        seconds = list(pool.map(say, range(8)))
    assert seconds[:4] == sorted(seconds[:4])
    assert seconds[:4] == seconds[4:]


def test_a_voice_that_is_not_installed_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    # The extra may be installed where this runs; None makes its import fail.
    monkeypatch.setitem(sys.modules, "piper", None)
    with pytest.raises(EngineError, match=r"askable\[voice\]"):
        open_synthesizer("piper")


class _Card:
    """A sound card that plays a little and is then slow to take more."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.heard = 0
        self.dropped = threading.Event()
        self.playing = threading.Event()

    def write(self, pcm: bytes) -> None:
        self.heard += len(pcm)
        if self.heard > 4_000:
            self.playing.set()
            self.dropped.wait(0.02)

    def drain(self) -> None:
        self.playing.set()

    def abort(self) -> None:
        self.dropped.set()


def test_a_new_turn_stops_the_answer_and_the_rest_is_not_played() -> None:
    cards: list[_Card] = []
    opened = threading.Event()

    def open_card(rate: int) -> _Card:
        cards.append(_Card(rate))
        opened.set()
        return cards[-1]

    long = "What is told here goes on and on, " * 20
    with SpeechOutput(aloud=True, open_output=open_card) as voice:
        voice.say(long)
        assert opened.wait(10)
        assert cards[0].playing.wait(10)
        assert voice.speaking
        voice.hush()
        assert not voice.speaking
        assert cards[0].dropped.is_set()
        heard = cards[0].heard
        voice.say("Yes?")
        voice.finish()
    assert cards[0].heard == heard < 2 * cards[0].rate * 20
    assert not cards[1].dropped.is_set()
    assert cards[1].heard > cards[1].rate


def test_what_cannot_be_played_is_told_when_it_is_waited_for() -> None:
    def no_card(rate: int) -> _Card:
        raise EngineError("--speak: no sound card")

    playing = Playback(Speech(iter([Audio(bytes(100), 16_000)]), ()), no_card)
    with pytest.raises(EngineError, match="no sound card"):
        playing.wait()
