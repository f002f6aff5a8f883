"""What tests share: the tea article, compiled, and ways to ask its skill."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import soundfile
from hypothesis import settings as hypothesis_settings

from skill.content import Article, load_article
from skill.memory import NoMemory
from skill.settings import Settings, find_settings
from skill.simulator.device import Device
from skill.simulator.language_model_file import write_language_model
from skill.simulator.runtime import Runtime
from skill.tools.build import Built, build, train, write
from skill.understanding.classifier import RECIPES

if TYPE_CHECKING:  # only the tests of the page pay for Flask and Selenium
    from flask import Response
    from flask.testing import FlaskClient
    from selenium.webdriver import Chrome

    from tests.support.browser import Page

# How long an example takes is for bench/, not for a test to pass or fail by. CI tries the same
# examples every time; new ones are found where somebody is there to look at them.
hypothesis_settings.register_profile(
    "askable", deadline=None, derandomize="ASKABLE_CI" in os.environ
)
hypothesis_settings.load_profile("askable")

REPO = Path(__file__).resolve().parent.parent
# The article that the tests of the code use; tests/oxytocin/ has those of the shipped one.
TEA = REPO / "tests" / "data" / "tea"
SPOKEN_QUESTION = "what is black tea"
# Learns in a second, and badly: enough where samples decide.
QUICK = (replace(RECIPES[1], epochs=2, hidden=32, width=8),)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The tea article, compiled, with a matcher that learned quickly."""
    folder = tmp_path_factory.mktemp("tea")
    models = folder / "interaction_model"
    compiled = build(TEA)
    write(compiled, models, folder)
    train(compiled, models, recipes=QUICK)
    settings = replace(find_settings(str(TEA), str(models)), memory=folder / "memory.sqlite3")
    write_language_model(Runtime(settings, NoMemory()))
    return settings


@pytest.fixture(scope="session")
def runtime(settings: Settings) -> Runtime:
    return Runtime(settings, NoMemory())


@pytest.fixture(scope="session")
def built() -> Built:
    return build(TEA)


@pytest.fixture(scope="session")
def article() -> Article:
    return load_article(TEA)


@pytest.fixture
def device(runtime: Runtime) -> Device:
    return runtime.device()


@pytest.fixture
def copied_content(tmp_path: Path) -> Path:
    """A copy of the tea article that a test may break."""
    folder = tmp_path / "content" / "tea"
    shutil.copytree(TEA, folder)
    return folder


@pytest.fixture(scope="session")
def client(runtime: Runtime) -> FlaskClient:
    """The page's routes, without a server."""
    from skill.simulator.web.app import Simulator, create_app
    from tests.support.page_client import TOKEN

    sentences = {"p1.s1": "What the article says there."}
    return create_app(Simulator(runtime, "en-US", sentences, token=TOKEN)).test_client()


@pytest.fixture
def tab(client: FlaskClient) -> str:
    from tests.support.page_client import open_tab

    return open_tab(client)


@pytest.fixture(scope="session")
def microphone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a second of silence, the spoken question, and silence again."""
    folder = tmp_path_factory.mktemp("microphone")
    said = folder / "said.wav"
    subprocess.run(["espeak-ng", "-w", str(said), SPOKEN_QUESTION], check=True)
    samples, rate = soundfile.read(said)
    quiet = np.zeros(rate // 2)
    soundfile.write(folder / "question.wav", np.concatenate([quiet, samples, quiet]), rate)
    return folder / "question.wav"


@pytest.fixture(scope="session")
def chromium_is_here() -> None:
    from tests.support.browser import CHROMEDRIVER, CHROMIUM

    if not (CHROMIUM.exists() and CHROMEDRIVER.exists()):
        pytest.skip("`make test-slow` installs Debian's Chromium; elsewhere apt may have none")


@pytest.fixture(scope="session")
def browser(
    chromium_is_here: None, microphone: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Chrome]:
    from tests.support.browser import chromium

    with chromium(tmp_path_factory.mktemp("profile"), microphone) as started:
        yield started


@pytest.fixture(scope="session")
def sounds() -> list[bytes]:
    """Every answer's sound as it went to the browser."""
    return []


@pytest.fixture(scope="session")
def address(runtime: Runtime, sounds: list[bytes]) -> Iterator[str]:
    """Where the page is served."""
    from skill.simulator.web.app import Simulator, create_app
    from skill.simulator.web.run import serving

    app = create_app(Simulator(runtime, "en-US", {}))

    @app.after_request
    def keep(response: Response) -> Response:
        if response.mimetype == "audio/wav":
            sounds.append(response.get_data())
        return response

    with serving(app, 0) as served:
        yield served


@pytest.fixture
def page(browser: Chrome, address: str) -> Iterator[Page]:
    """The page, newly opened; what its browser complains of is a failure."""
    from tests.support.browser import Page

    opened = Page(browser, address)
    yield opened
    assert opened.complaints() == []


@pytest.fixture(scope="module")
def aws() -> Iterator[Any]:
    """DynamoDB as moto plays it, on a port of its own."""
    import boto3  # these two take a second to import, and few tests want them
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    # AWS's own variables are how the AWS SDK is pointed there.
    with pytest.MonkeyPatch.context() as environ:
        environ.setenv("AWS_ENDPOINT_URL_DYNAMODB", f"http://{host}:{port}")
        environ.setenv("AWS_DEFAULT_REGION", "us-east-1")
        environ.setenv("AWS_ACCESS_KEY_ID", "none")
        environ.setenv("AWS_SECRET_ACCESS_KEY", "none")
        yield boto3.session.Session().resource("dynamodb")
    server.stop()
