"""A hello world on the stock flask-ask-sdk adapter, under gunicorn as our service: the baseline.

.venv/bin/python -m bench.stock_adapter --authority DIR

The adapter's own verification is on. It trusts the test authority of `askable probe
--make-authority DIR` and fetches chains from DIR. Nothing else is changed, except that oscrypto can
read OpenSSL's version: without that, the adapter cannot be imported.
"""

from __future__ import annotations

import argparse
import io
import os
import re
from collections.abc import Callable
from contextlib import contextmanager
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from ask_sdk_core.dispatch_components import AbstractExceptionHandler, AbstractRequestHandler
from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_core.skill_builder import CustomSkillBuilder
from ask_sdk_core.utils import is_intent_name, is_request_type
from ask_sdk_model import Response
from flask import Flask
from gunicorn.app.base import BaseApplication

from tests.support.serving import SKILL_ID

_ROOT_FILE = "root.pem"


class Hello(AbstractRequestHandler):
    """Greets, and keeps the session open."""

    def can_handle(self, handler_input: HandlerInput) -> bool:
        """Whether the request is an intent or a launch."""
        return any(
            is_request_type(kind)(handler_input) for kind in ("IntentRequest", "LaunchRequest")
        )

    def handle(self, handler_input: HandlerInput) -> Response:
        """Greet."""
        builder = handler_input.response_builder.speak("Hello world! What is next?")
        return builder.ask("What is next?").response


class Goodbye(AbstractRequestHandler):
    """Ends the session."""

    def can_handle(self, handler_input: HandlerInput) -> bool:
        """Whether the listener wants to stop."""
        stops = ("AMAZON.StopIntent", "AMAZON.CancelIntent")
        return any(is_intent_name(name)(handler_input) for name in stops)

    def handle(self, handler_input: HandlerInput) -> Response:
        """Say goodbye."""
        return handler_input.response_builder.speak("Goodbye!").response


class Ended(AbstractRequestHandler):
    """Handles every other request, such as the end of a session."""

    def can_handle(self, handler_input: HandlerInput) -> bool:
        """Always."""
        return True

    def handle(self, handler_input: HandlerInput) -> Response:
        """Say nothing."""
        return handler_input.response_builder.response


class Sorry(AbstractExceptionHandler):
    """Handles every exception."""

    def can_handle(self, handler_input: HandlerInput, exception: Exception) -> bool:
        """Always."""
        return True

    def handle(self, handler_input: HandlerInput, exception: Exception) -> Response:
        """Apologise."""
        return handler_input.response_builder.speak("Sorry, say that again?").ask("Again?").response


def make_app(authority: Path) -> Flask:
    """The hello world on the stock adapter."""
    builder: Any = CustomSkillBuilder()
    builder.skill_id = SKILL_ID
    for handler in (Goodbye(), Hello(), Ended()):
        builder.add_request_handler(handler)
    builder.add_exception_handler(Sorry())
    app = Flask("hello")
    os.environ["SSL_CERT_FILE"] = str(authority / _ROOT_FILE)  # the roots that certvalidator trusts
    # Before anything of skill.service, which imports the adapter without certvalidator.
    with _readable_version():
        from ask_sdk_webservice_support import verifier
        from flask_ask_sdk.skill_adapter import SkillAdapter
    vars(verifier)["urlopen"] = _host(authority)
    SkillAdapter(skill=builder.create(), skill_id=SKILL_ID, app=app).register(app, "/")
    return app


def _host(authority: Path) -> Callable[[str], io.BytesIO]:
    """Replaces urllib's `urlopen` by the authority's chains, at any spelling of their address."""
    from skill.errors import RefusedError
    from skill.service.verification import CHAIN_HEADER, chain_address
    from skill.tools.probe import fetch_from

    fetch = fetch_from(authority)

    def urlopen(address: str) -> io.BytesIO:
        try:
            return io.BytesIO(fetch(chain_address({CHAIN_HEADER: address})))
        except RefusedError as error:
            raise HTTPError(address, 404, "Not Found", Message(), None) from error

    return urlopen


@contextmanager
def _readable_version() -> Any:
    """Let oscrypto read "3.0.19": its regular expression allows one digit where there are two."""
    search: Callable[..., Any] = re.search

    def lenient(pattern: Any, *rest: Any) -> Any:
        if pattern == r"\b(\d\.\d\.\d[a-z]*)\b":
            pattern = r"\b(\d\.\d\.\d+[a-z]*)\b"
        return search(pattern, *rest)

    vars(re)["search"] = lenient
    try:
        yield
    finally:
        vars(re)["search"] = search


class _Gunicorn(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    def __init__(self, app: Flask) -> None:
        self._app = app
        super().__init__()

    def load_config(self) -> None:
        options = {
            "bind": ["127.0.0.1:0"],
            "workers": 1,
            "threads": 16,
            "worker_class": "gthread",
            "keepalive": 75,
            "control_socket_disable": True,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


def main() -> None:
    """Serve until it is stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--authority", type=Path, required=True)
    _Gunicorn(make_app(parser.parse_args().authority)).run()


if __name__ == "__main__":
    main()
