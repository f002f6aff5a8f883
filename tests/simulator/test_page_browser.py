from __future__ import annotations

import json
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, Keys

from skill.content import normalise
from skill.simulator import Runtime
from skill.simulator.web import Simulator, create_app, serving
from skill.speech import read_audio
from skill.speech.recognition import SphinxRecognizer, pronounceable, to_arpa
from tests.conftest import SPOKEN_QUESTION
from tests.support.browser import Page

pytestmark = pytest.mark.slow


def test_a_spoken_question_is_recognized_shown_and_answered_in_speech(
    page: Page, runtime: Runtime, microphone: Path, sounds: list[bytes], tmp_path: Path
) -> None:
    page.run(_WATCH_THE_METER)
    page.run("talk.focus()")
    page.hold(Keys.SPACE)
    page.wait_for_text("#activity", f"Listening · {read_audio(microphone).seconds:.0f} s")
    page.let_go(Keys.SPACE)
    page.wait(lambda: page.all(".turn"))
    assert page.run("return loudest") > 0.5
    assert page.find(".said").text.splitlines() == ["heard", SPOKEN_QUESTION]
    assert page.find(".match").text == "exact"
    page.wait(page.playing)
    assert page.find("#activity").text == "Speaking"
    path = tmp_path / "answer.wav"
    path.write_bytes(sounds[-1])
    assert page.run("return answer.duration") == pytest.approx(read_audio(path).seconds, abs=0.1)
    words = set(normalise(page.find(".speech").text).split())
    heard = set(_answer_recognizer(runtime).recognize(read_audio(path)).hypotheses[0].split())
    assert {"black", "tea", "leaves", "left", "brown"} <= words & heard
    assert len(words & heard) > 0.8 * len(words)
    # The microphone's file has ended; silence follows.
    page.hold(Keys.SPACE)
    page.wait_for_text("#activity", "Listening · 1 s")
    page.let_go(Keys.SPACE)
    page.wait_for_text("#trouble", "Nothing was heard")
    assert len(page.all(".turn")) == 1
    page.complaints()  # Chromium logs the refusal, as it should


_WATCH_THE_METER = """
window.loudest = 0;
const watch = () => (loudest = Math.max(loudest, level.value));
new MutationObserver(watch).observe(level, { attributes: true });
"""


def _answer_recognizer(runtime: Runtime) -> SphinxRecognizer:
    sentences = {
        normalise(sentence.text): 1
        for answer in runtime.article.answers.values()
        for part in answer.parts
        for sentence in part
    }
    counts = {**sentences, "would you like to hear more": 9}
    own = runtime.article.pronunciations
    return SphinxRecognizer(to_arpa(pronounceable(counts, own)), own)


def test_a_new_turn_stops_the_old_answer_at_once(page: Page) -> None:
    page.say("what is black tea", 1)
    page.wait(page.playing)
    script = "say.value = 'stop'; typing.requestSubmit(); return answer.paused"
    assert page.run(script) is True
    page.wait_for_text("#session [aria-current]", "closed")
    assert page.all(".speech")[-1].text.startswith("Goodbye")


def test_the_microphone_and_escape_stop_an_answer_too(page: Page) -> None:
    page.say("what is black tea", 1)
    page.wait(page.playing)
    page.run("document.activeElement.blur()")
    page.hold(Keys.SPACE)
    assert page.run("return answer.paused")
    page.wait_for_text("#activity", "Listening")
    page.keys(Keys.ESCAPE)
    page.let_go(Keys.SPACE)
    page.wait_for_text("#session [aria-current]", "waiting")
    page.find(".told button").click()
    page.wait(page.playing)
    page.keys(Keys.ESCAPE)
    assert page.run("return answer.paused")
    assert len(page.all(".turn")) == 1


# A screen reader clicks without a pointer or a key, as a script does.
@pytest.mark.parametrize("press", ["pointer", "screen reader"])
def test_a_short_press_keeps_the_microphone_open_until_the_next(press: str, page: Page) -> None:
    def click() -> None:
        page.find("#talk").click() if press == "pointer" else page.run("talk.click()")

    click()
    page.wait_for_text("#activity", "Listening")
    assert page.find("#talk").get_attribute("aria-pressed") == "true"
    click()
    page.wait(lambda: page.find("#talk").get_attribute("aria-pressed") == "false")
    page.wait(lambda: page.find("#trouble").is_displayed() or page.all(".turn"))
    page.complaints()  # half a question may be refused


def test_silence_brings_a_reprompt_and_then_the_end(browser: Chrome, runtime: Runtime) -> None:
    with serving(create_app(Simulator(runtime, "en-US", {}, silence=0.3)), 0) as address:
        page = Page(browser, address)
        page.find("#aloud").click()
        page.find("#patience").click()
        page.say("what is black tea", 1)
        page.wait_for_text("#activity", "Waiting for you")
        assert not page.find("#countdown").is_displayed()
        # A listener who types is not silent.
        page.find("#say").send_keys("y")
        page.find("#patience").click()
        assert not page.find("#countdown").is_displayed()
        page.find("#say").send_keys(Keys.BACKSPACE)
        page.wait_for_text("#conversation", "Two silences: the session is closed.")
        assert page.all(".said")[-1].text == "(silence)"
        assert page.all(".speech")[-1].text.startswith("Say yes to hear it")
        assert page.find("#session [aria-current]").text == "closed"


def test_a_conversation_is_saved_and_replayed(page: Page, tmp_path: Path) -> None:
    folder = {"behavior": "allow", "downloadPath": str(tmp_path)}
    page.browser.execute_cdp_cmd("Browser.setDownloadBehavior", folder)
    page.find("#aloud").click()
    page.find("#locale").send_keys("en-GB")
    page.say("what is black tea", 1)
    page.say("yes", 2)
    page.find("#record").click()
    path = tmp_path / "conversation.json"
    page.wait(path.exists)
    record = json.loads(path.read_text())
    assert record["locale"] == "en-GB"
    path.write_text(json.dumps({**record, "userInput": [*record["userInput"], "stop", ".quit"]}))
    page.browser.refresh()
    page.find("#aloud").click()
    page.find("#replay").send_keys(str(path))
    page.wait(lambda: len(page.all(".turn")) == 3)
    assert page.all(".speech")[-1].text.startswith("Goodbye")
    assert page.find("#locale").get_attribute("value") == "en-GB"
    path.write_text("{}")
    page.find("#replay").send_keys(str(path))
    page.wait_for_text("#trouble", "replay:locale: is missing")
    page.complaints()  # the refusal


@pytest.mark.parametrize(
    ("refusal", "message"),
    [("NotAllowedError", "microphone is refused"), ("NotFoundError", "No microphone is found")],
)
def test_a_missing_microphone_gives_one_sentence(page: Page, refusal: str, message: str) -> None:
    # A browser that was started with a fake microphone always has one.
    lacking = (
        "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', name) }"
    )
    page.run(f"const [name] = arguments; {lacking}", refusal)
    page.find("#talk").click()
    page.wait_for_text("#trouble", message)
    assert page.find("#trouble").aria_role == "alert"
    assert page.find("#talk").get_attribute("aria-pressed") == "false"


def test_a_stopped_simulator_gives_one_sentence(browser: Chrome, runtime: Runtime) -> None:
    with serving(create_app(Simulator(runtime, "en-US", {})), 0) as address:
        page = Page(browser, address)
        page.say("what is black tea", 1)
    page.find("#say").send_keys("yes" + Keys.ENTER)
    page.wait_for_text("#trouble", "does not answer; start `askable simulator` again")
    page.complaints()  # the refused connection
