from __future__ import annotations

import pytest
from selenium.webdriver import Keys

from tests.support.browser import Page, prefer, resize

pytestmark = pytest.mark.slow

SCHEMES = ("light", "dark")
CONTRAST = 4.5  # of text, WCAG 2.2 AA


def test_everything_works_with_the_keyboard_alone(page: Page) -> None:
    page.find("body").click()
    names = _walk(page)
    for name in ("What you say", "Say it", "Hold to talk", "Locale", "Silence counts"):
        assert name in names
    page.run("say.focus()")
    page.keys("what is black tea", Keys.ENTER)
    page.wait(lambda: page.all(".turn"))
    source = page.find(".sources button")
    page.run("arguments[0].focus()", source)
    page.keys(Keys.ENTER)
    assert source.get_attribute("aria-expanded") == "true"
    assert page.find(".cited").text.startswith("Paragraph 1, sentence 2")
    page.keys(Keys.TAB, Keys.TAB)
    assert page.browser.switch_to.active_element.text == "JSON"
    page.keys(Keys.ENTER)
    assert '"BlackTeaIntent"' in page.find("#request").text
    assert '"shouldEndSession": false' in page.find("#response").text
    page.keys(Keys.ESCAPE)
    assert not page.find("#drawer").is_displayed()
    assert page.browser.switch_to.active_element.text == "JSON"


def _walk(page: Page) -> list[str]:
    """The names of everything that Tab reaches, in order, from the top of the page."""
    names = []
    for _ in range(40):
        page.keys(Keys.TAB)
        focused = page.browser.switch_to.active_element
        if focused.tag_name == "body":
            break
        names.append(focused.accessible_name)
    return names


def test_every_control_has_a_name_and_every_text_has_contrast(page: Page) -> None:
    page.find("#aloud").click()
    page.find("[name=screen][value=yes] + span").click()
    page.say("can it fly to the moon", 1)
    page.say("what is black tea", 2)
    page.find(".sources button").click()
    page.find("summary").click()
    page.wait_for_text("#activity", "Waiting")
    assert _nameless(page) == []
    page.find("#talk").click()
    page.wait_for_text("#activity", "Listening")
    assert _nameless(page, "footer *") == []
    page.keys(Keys.ESCAPE)
    page.find(".told .more :last-child").click()
    assert _nameless(page, "dialog, dialog *") == []
    page.keys(Keys.ESCAPE)
    assert page.find("#announcer").aria_role == "status"
    for scheme in SCHEMES:
        prefer(page.browser, prefers_color_scheme=scheme, prefers_reduced_motion="reduce")
        assert page.run(_FAINT_TEXTS, CONTRAST) == [], scheme
        assert page.run("return getComputedStyle(patience).transitionDuration") == "0s"


def _nameless(page: Page, within: str = "body *") -> list[str | None]:
    commands = page.all(f":is({within}):is(button, input, select, summary, meter, progress, pre)")
    shown = page.run("return arguments[0].filter((one) => one.checkVisibility())", commands)
    assert shown
    return [control.get_attribute("outerHTML") for control in shown if not control.accessible_name]


# The visible texts whose contrast with the nearest opaque background is too low.
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


def test_nothing_is_wider_than_a_small_phone(page: Page) -> None:
    resize(page.browser, 360, 640)
    width = "return document.documentElement.scrollWidth"
    assert page.run(width) == 360
    page.find("#options").click()
    assert page.find("#side").is_displayed()
    page.run("document.querySelector('[value=yes]').click()")
    page.say("which leaves are brown in black tea", 1)
    page.find(".sources button").click()
    page.say("w" * 300, 2)
    assert page.run(width) == 360
    page.all(".told button")[1].click()
    assert page.run("return drawer.getBoundingClientRect().right") <= 360
    assert page.find("#talk").size["width"] >= 44
    page.keys(Keys.ESCAPE)
