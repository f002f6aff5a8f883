from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from flask import Response
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from skill.simulator.assemble import Speaker
from skill.simulator.ears import SphinxEars
from skill.simulator.mouth import seconds_of
from skill.simulator.page.app import Simulator, create_app
from skill.simulator.page.serving import serving
from skill.simulator.sound import read_sound
from skill.words import normalise
from tests.browser import CHROMEDRIVER, CHROMIUM, chromium, prefer, resize

pytestmark = pytest.mark.skipif(
    not (CHROMIUM.exists() and CHROMEDRIVER.exists()),
    reason="`make test` installs Debian's Chromium; elsewhere apt may have none",
)

QUESTION = "what is a sex blush"
SCHEMES = ("light", "dark")
ENOUGH = 4.5  # WCAG 2.2 AA, contrast of text


@pytest.fixture(scope="module")
def microphone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a second of silence, the question, and silence again."""
    folder = tmp_path_factory.mktemp("microphone")
    subprocess.run(["espeak-ng", "-w", str(folder / "said.wav"), QUESTION], check=True)
    samples, rate = soundfile.read(folder / "said.wav")
    quiet = np.zeros(rate // 2)
    soundfile.write(folder / "question.wav", np.concatenate([quiet, samples, quiet]), rate)
    return folder / "question.wav"


@pytest.fixture(scope="module")
def browser(microphone: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with chromium(tmp_path_factory.mktemp("profile"), microphone) as started:
        yield started


@pytest.fixture(scope="module")
def sounds() -> list[bytes]:
    """Every answer's sound as it went to the browser."""
    return []


@pytest.fixture(scope="module")
def address(speaker: Speaker, sounds: list[bytes]) -> Iterator[str]:
    app = create_app(Simulator(speaker, "en-US", {}))

    @app.after_request
    def keep(response: Response) -> Response:
        if response.mimetype == "audio/wav":
            sounds.append(response.get_data())
        return response

    with serving(app, 0) as served:
        yield served


@pytest.fixture
def page(browser: Chrome, address: str) -> Iterator[Page]:
    opened = Page(browser, address)
    yield opened
    assert opened.complaints() == []


class Page:
    """The page as a person meets it."""

    def __init__(self, browser: Chrome, address: str) -> None:
        self.browser = browser
        resize(browser, 1200, 900)
        prefer(browser, prefers_color_scheme="light")
        browser.get(address)

    def find(self, selector: str) -> WebElement:
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[WebElement]:
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def run(self, script: str, *values: object) -> Any:
        return self.browser.execute_script(script, *values)

    def wait(self, true: Callable[[], object]) -> Any:
        return WebDriverWait(self.browser, 30, 0.05).until(lambda _: true())

    def wait_for_text(self, selector: str, text: str) -> None:
        self.wait(lambda: text in self.find(selector).text)

    def keys(self, *keys: str) -> None:
        ActionChains(self.browser, duration=0).send_keys(*keys).perform()

    def hold(self, key: str) -> None:
        ActionChains(self.browser, duration=0).key_down(key).perform()

    def let_go(self, key: str) -> None:
        ActionChains(self.browser, duration=0).key_up(key).perform()

    def say(self, text: str, turns: int) -> None:
        self.find("#say").send_keys(text + Keys.ENTER)
        self.wait(lambda: len(self.all(".turn")) == turns)

    def complaints(self) -> list[str]:
        """What the browser's console took down since it was last asked: faults, refused loads."""
        entries = self.browser.execute("getLog", {"type": "browser"})["value"]
        return [entry["message"] for entry in entries]

    def playing(self) -> Any:
        return self.run("return answer.currentTime > 0 && !answer.paused")


def test_a_spoken_question_is_heard_shown_and_answered_in_speech(
    page: Page, speaker: Speaker, microphone: Path, sounds: list[bytes], tmp_path: Path
) -> None:
    page.run("talk.focus()")
    page.hold(Keys.SPACE)
    page.wait(lambda: float(page.find("#level").get_attribute("value") or 0) > 0.5)
    page.wait_for_text("#activity", f"Listening · {read_sound(microphone).seconds:.0f} s")
    page.let_go(Keys.SPACE)
    page.wait(lambda: page.all(".turn"))
    assert page.find(".said").text.splitlines() == ["heard", QUESTION]
    assert page.find(".match").text == "slot"
    page.wait(page.playing)
    assert page.find("#activity").text == "Speaking"
    path = tmp_path / "answer.wav"
    path.write_bytes(sounds[-1])
    assert page.run("return answer.duration") == pytest.approx(seconds_of(path), abs=0.1)
    words = set(normalise(page.find(".speech").text).split())
    heard = set(_ears_for_answers(speaker).hear(read_sound(path)).hearings[0].split())
    assert {"blush", "pink", "red", "chest", "orgasm"} <= words & heard
    assert len(words & heard) > 0.8 * len(words)
    # The microphone's file is at its end: what comes now is silence.
    page.hold(Keys.SPACE)
    page.wait_for_text("#activity", "Listening · 1 s")
    page.let_go(Keys.SPACE)
    page.wait_for_text("#trouble", "Nothing was heard")
    assert len(page.all(".turn")) == 1
    page.complaints()  # Chromium notes the refusal, as it should


def _ears_for_answers(speaker: Speaker) -> SphinxEars:
    told = {
        normalise(sentence.text): 1
        for answer in speaker.article.answers.values()
        for part in answer.parts
        for sentence in part
    }
    return SphinxEars({**told, "would you like to hear more": 9}, speaker.article.pronunciations)


def test_a_new_turn_stops_the_old_answer_at_once(page: Page) -> None:
    page.say("what is oxytocin", 1)
    page.wait(page.playing)
    script = "say.value = 'stop'; typing.requestSubmit(); return answer.paused"
    assert page.run(script) is True
    page.wait_for_text("#session [aria-current]", "closed")
    assert page.all(".speech")[-1].text.startswith("Goodbye")


def test_the_microphone_and_escape_stop_an_answer_too(page: Page) -> None:
    page.say("what is oxytocin", 1)
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


# A screen reader clicks without a pointer or a key, and so does a script.
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


def test_everything_works_with_the_keyboard_alone(page: Page) -> None:
    page.find("body").click()
    names = _walk(page)
    for name in ("What you say", "Say it", "Hold to talk", "Locale", "Silence counts"):
        assert name in names
    page.run("say.focus()")
    page.keys("what is a sex blush", Keys.ENTER)
    page.wait(lambda: page.all(".turn"))
    source = page.find(".sources button")
    page.run("arguments[0].focus()", source)
    page.keys(Keys.ENTER)
    assert source.get_attribute("aria-expanded") == "true"
    assert page.find(".cited").text.startswith("Paragraph 9, sentence 2")
    page.keys(Keys.TAB, Keys.TAB, Keys.TAB)
    assert page.browser.switch_to.active_element.text == "JSON"
    page.keys(Keys.ENTER)
    assert '"WhatIsSexBlushIntent"' in page.find("#request").text
    assert '"shouldEndSession": false' in page.find("#response").text
    page.keys(Keys.ESCAPE)
    assert not page.find("#drawer").is_displayed()
    assert page.browser.switch_to.active_element.text == "JSON"


def _walk(page: Page) -> list[str]:
    """The names of all that Tab reaches, in order, from the top of the page."""
    names = []
    for _ in range(40):
        page.keys(Keys.TAB)
        focused = page.browser.switch_to.active_element
        if focused.tag_name == "body":
            break
        names.append(focused.accessible_name)
    return names


def test_every_control_has_a_name_and_every_text_stands_out(page: Page) -> None:
    page.find("#aloud").click()
    page.find("[name=screen][value=yes] + span").click()
    page.say("can it make my hair grow", 1)
    page.say("what is a sex blush", 2)
    page.find(".sources button").click()
    page.find("summary").click()
    page.wait_for_text("#activity", "Waiting")
    assert _nameless(page) == []
    page.find("#talk").click()
    page.wait_for_text("#activity", "Listening")
    assert _nameless(page) == []
    page.keys(Keys.ESCAPE)
    page.find(".told .more :last-child").click()
    assert _nameless(page, "dialog, dialog *") == []
    page.keys(Keys.ESCAPE)
    assert page.find("#announcer").aria_role == "status"
    for scheme in SCHEMES:
        prefer(page.browser, prefers_color_scheme=scheme, prefers_reduced_motion="reduce")
        assert page.run(_FAINT_TEXTS, ENOUGH) == [], scheme
        assert page.run("return getComputedStyle(patience).transitionDuration") == "0s"


def _nameless(page: Page, within: str = "body *") -> list[str | None]:
    controls = page.all(f":is({within}):is(button, input, select, summary, meter, progress, pre)")
    shown = [control for control in controls if control.is_displayed()]
    assert shown
    return [control.get_attribute("outerHTML") for control in shown if not control.accessible_name]


# Every visible text against the nearest background that covers what is behind it.
_FAINT_TEXTS = """
const [enough] = arguments;
const parse = (color) => color.match(/[\\d.]+/g).map(Number);
const light = ([r, g, b]) => [r, g, b]
  .map((c) => c / 255)
  .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
const behind = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const [r, g, b, alpha = 1] = parse(getComputedStyle(at).backgroundColor);
    if (alpha === 1) return [r, g, b];
  }
  return [255, 255, 255];
};
return [...document.querySelectorAll("body *")].flatMap((element) => {
  const texts = [...element.childNodes].filter((n) => n.nodeType === 3 && n.data.trim());
  if (!texts.length || !element.checkVisibility()) return [];
  const [one, two] = [parse(getComputedStyle(element).color), behind(element)].map(light);
  const contrast = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
  return contrast < enough ? [`${texts[0].data.trim()}: ${contrast.toFixed(2)}`] : [];
});
"""


def test_nothing_is_wider_than_a_small_telephone(page: Page) -> None:
    resize(page.browser, 360, 640)
    width = "return document.documentElement.scrollWidth"
    assert page.run(width) == 360
    page.find("#options").click()
    assert page.find("#side").is_displayed()
    page.run("document.querySelector('[value=yes]').click()")
    page.say("which touch makes more of the hormone", 1)
    page.find(".sources button").click()
    page.say("w" * 300, 2)
    assert page.run(width) == 360
    page.all(".told button")[1].click()
    assert page.run("return drawer.getBoundingClientRect().right") <= 360
    assert page.find("#talk").size["width"] >= 44
    page.keys(Keys.ESCAPE)


def test_silence_brings_a_reprompt_and_then_the_end(browser: Chrome, speaker: Speaker) -> None:
    with serving(create_app(Simulator(speaker, "en-US", {}, silence=0.3)), 0) as address:
        page = Page(browser, address)
        page.find("#aloud").click()
        page.find("#patience").click()
        page.say("what is oxytocin", 1)
        page.wait_for_text("#activity", "Waiting for you")
        assert not page.find("#countdown").is_displayed()
        # Whoever types is not silent.
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
    page.say("what is oxytocin", 1)
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
    ("refusal", "told"),
    [("NotAllowedError", "microphone is refused"), ("NotFoundError", "No microphone is found")],
)
def test_no_microphone_is_one_sentence(page: Page, refusal: str, told: str) -> None:
    # A browser started with a fake microphone has no way to lack one.
    lacking = (
        "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', name) }"
    )
    page.run(f"const [name] = arguments; {lacking}", refusal)
    page.find("#talk").click()
    page.wait_for_text("#trouble", told)
    assert page.find("#trouble").aria_role == "alert"
    assert page.find("#talk").get_attribute("aria-pressed") == "false"


def test_a_simulator_that_is_gone_is_one_sentence(browser: Chrome, speaker: Speaker) -> None:
    with serving(create_app(Simulator(speaker, "en-US", {})), 0) as address:
        page = Page(browser, address)
        page.say("what is oxytocin", 1)
    page.find("#say").send_keys("yes" + Keys.ENTER)
    page.wait_for_text("#trouble", "does not answer; start `askable simulator` again")
    page.complaints()  # the refused connection
