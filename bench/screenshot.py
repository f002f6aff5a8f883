"""The README's pictures of the simulator, docs/simulator.png and docs/simulator-dark.png.

.venv/bin/python -m bench.screenshot [--folder docs] [--width 1200]
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from skill.memory import NoMemory
from skill.settings import find_settings
from skill.simulator import Runtime
from skill.simulator.web import Simulator, create_app, serving
from tests.support.browser import chromium, prefer, resize

# A refusal, and an answer to a question that is not a sample.
_QUESTIONS = ("can it make my hair grow", "which touch makes more of the hormone")
_HEIGHT = 1_145
# Speech and the silence timer are off during set-up, so that the pictures show it waiting.
_QUIET = "for (const id of ['aloud', 'patience']) document.getElementById(id).click()"
_SETTLE = "scrollTo(0, document.documentElement.scrollHeight); document.activeElement.blur()"


def main() -> None:
    """Hold a short conversation, open a source, and take a light and a dark picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("docs"))
    parser.add_argument("--width", type=int, default=1200)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    runtime = Runtime(find_settings(), NoMemory())
    app = create_app(Simulator(runtime, "en-US", {}))
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(app, 0) as address,
        chromium(Path(folder)) as browser,
    ):
        resize(browser, options.width, _HEIGHT)
        browser.get(address)
        browser.execute_script(_QUIET)
        if options.width > 760:
            browser.find_element(By.CSS_SELECTOR, "[name=screen][value=yes]").send_keys(" ")
        for number, question in enumerate(_QUESTIONS, start=1):
            browser.find_element(By.ID, "say").send_keys(question + "\n")
            _wait_for_turn(browser, number)
        browser.find_elements(By.CSS_SELECTOR, ".sources button")[0].click()
        browser.execute_script(_QUIET)
        for scheme, name in (("light", "simulator"), ("dark", "simulator-dark")):
            prefer(browser, prefers_color_scheme=scheme, prefers_reduced_motion="reduce")
            browser.execute_script(_SETTLE)
            _wait_until_drawn(browser)
            path = options.folder / f"{name}.png"
            path.write_bytes(browser.get_screenshot_as_png())
            print(path)


def _wait_for_turn(browser: Chrome, number: int) -> None:
    WebDriverWait(browser, 20).until(lambda page: len(_turns(page)) == number)


def _turns(page: Chrome) -> list[WebElement]:
    return page.find_elements(By.CLASS_NAME, "turn")


def _wait_until_drawn(browser: Chrome) -> None:
    browser.execute_async_script(
        "requestAnimationFrame(() => requestAnimationFrame(arguments[arguments.length - 1]))"
    )


if __name__ == "__main__":
    main()
