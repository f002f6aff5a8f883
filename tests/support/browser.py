"""Debian's Chromium, headless, with its own chromedriver."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium.webdriver import ActionChains, Chrome, ChromeOptions, ChromeService, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

CHROMIUM = Path("/usr/bin/chromium")
CHROMEDRIVER = Path("/usr/bin/chromedriver")
_FLAGS = (
    "--headless=new",
    "--no-sandbox",  # CI is root in a container, where Chromium has no sandbox
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)


@contextmanager
def chromium(profile: Path, microphone: Path | None = None) -> Iterator[Chrome]:
    """Start a browser with an empty `profile`; its microphone plays the WAV file once."""
    options = ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in (*_FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    if microphone:
        options.add_argument(f"--use-file-for-fake-audio-capture={microphone}%noloop")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = Chrome(options, ChromeService(str(CHROMEDRIVER)))
    try:
        yield browser
    finally:
        browser.quit()


def resize(browser: Chrome, width: int, height: int, *, scale: float = 1) -> None:
    """Set the size of the page; a window cannot be as narrow as a phone."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def prefer(browser: Chrome, **media: str) -> None:
    """Set media features, such as `prefers_color_scheme="dark"`."""
    features = [{"name": name.replace("_", "-"), "value": value} for name, value in media.items()]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


class Page:
    """The page as a person uses it."""

    def __init__(self, browser: Chrome, address: str) -> None:
        self.browser = browser
        resize(browser, 1200, 900)
        prefer(browser, prefers_color_scheme="light")
        # The page before may have lost its server; its complaints do not count.
        browser.get("about:blank")
        self.complaints()
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
        """The new messages in the browser's console: errors and refused loads."""
        entries = self.browser.execute("getLog", {"type": "browser"})["value"]
        return [entry["message"] for entry in entries]

    def playing(self) -> Any:
        return self.run("return answer.currentTime > 0 && !answer.paused")
