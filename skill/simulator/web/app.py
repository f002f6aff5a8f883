"""The page's routes: a turn in, what the page shows of it out; every failure is one sentence."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Flask, Response, abort, jsonify, render_template, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import HTTPException

from skill.alexa.requests import SKILL_ID
from skill.conversation.replies import from_ssml
from skill.errors import AskableError, EngineError
from skill.simulator.replay import read_replay, write_replay
from skill.simulator.runtime import Runtime
from skill.simulator.web.clips import Clips
from skill.simulator.web.guard import guard
from skill.simulator.web.recognizer_thread import Microphone
from skill.simulator.web.tabs import Tab, Tabs
from skill.simulator.web.turn_view import Turn, show

LONGEST_TEXT = 2_000  # characters; the longest thing anyone says in one breath is far shorter
LARGEST_BODY = 12_000_000  # bytes; a minute of 16-bit stereo at 48 kHz
# How long Alexa waits for a listener before the reprompt, and once more before it gives up.
SILENCE = 8.0


@dataclass(frozen=True)
class Simulator:
    """All that the page's routes share; everything in it may be used by several threads."""

    runtime: Runtime
    locale: str
    sentences: Mapping[str, str]  # locator -> the article's own words, where they were given
    silence: float = SILENCE  # seconds
    clips: Clips = field(default_factory=Clips)
    tabs: Tabs = field(default_factory=Tabs)
    token: str = field(default_factory=secrets.token_urlsafe)


class _AsSent(DefaultJSONProvider):
    """JSON whose keys stand in the order in which Alexa sends them."""

    sort_keys = False


def create_app(simulator: Simulator) -> Flask:
    """The page of one simulator."""
    app = Flask(__name__, template_folder=".")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.json = _AsSent(app)
    guard(app, simulator.token)
    _tell_failures(app)
    _answer_turns(app, simulator)
    _keep_replays(app, simulator)
    article = simulator.runtime.article

    @app.get("/")
    def page() -> str:
        return render_template("page.html", article=article, simulator=simulator)

    @app.get("/favicon.ico")
    def icon() -> Response:
        return app.send_static_file("icon.svg")

    return app


def _answer_turns(app: Flask, simulator: Simulator) -> None:
    article = simulator.runtime.article
    microphone = Microphone(simulator.runtime)

    @app.post("/tabs")
    def open_tab() -> Response:
        locale = request.args.get("locale", simulator.locale)
        if locale not in article.locales:
            known = ", ".join(article.locales)
            raise AskableError(f"locale: is not one of this article's; choose of {known}")
        device = simulator.runtime.device(locale, screen=request.args.get("screen") == "yes")
        return jsonify(tab=simulator.tabs.open(Tab(device, locale)))

    @app.post("/tabs/<name>/say")
    def say(name: str) -> Response:
        return jsonify(_turn(simulator, name, _text()))

    @app.post("/tabs/<name>/hear")
    def recognize(name: str) -> Response:
        _find(simulator, name)  # a listener should not speak to a tab that is gone
        return jsonify(_turn(simulator, name, microphone.recognize(request.get_data())))

    @app.post("/tabs/<name>/silence")
    def stay_silent(name: str) -> Response:
        ssml = _find(simulator, name).stay_silent()
        return jsonify(clip=simulator.clips.keep(ssml) if ssml else "", speech=from_ssml(ssml))

    @app.post("/tabs/<name>/end")
    def end(name: str) -> Response:
        _find(simulator, name).end()
        return jsonify({})

    @app.get("/clips/<name>")
    def clip(name: str) -> Response:
        sound = simulator.clips.take(name)
        if sound is None:
            abort(404, "speech: was heard before or waited too long; ask again")
        return Response(sound, mimetype="audio/wav")


def _keep_replays(app: Flask, simulator: Simulator) -> None:
    article = simulator.runtime.article

    @app.get("/tabs/<name>/record")
    def record(name: str) -> Response:
        tab = _find(simulator, name)
        text = write_replay(SKILL_ID, tab.locale, tab.said(), article.invocation_name)
        kept = {"Content-Disposition": 'attachment; filename="conversation.json"'}
        return Response(text, mimetype="application/json", headers=kept)

    @app.post("/replays")
    def replay() -> Response:
        found = read_replay(request.get_data())
        if found.locale not in article.locales:
            known = ", ".join(article.locales)
            raise AskableError(f"replay:locale: is not one of this article's; choose of {known}")
        return jsonify(found)


def _tell_failures(app: Flask) -> None:
    @app.errorhandler(AskableError)
    def told(error: AskableError) -> tuple[Response, int]:
        return jsonify(error=str(error)), 503 if isinstance(error, EngineError) else 400

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> tuple[Response, int]:
        code = error.code or 500
        if code == 500:
            return jsonify(error="The simulator failed; its terminal tells why."), code
        return jsonify(error=" ".join((error.description or error.name).split())), code


def _turn(simulator: Simulator, name: str, utterance: str) -> Turn:
    exchange = _find(simulator, name).say(utterance)
    clip = simulator.clips.keep(exchange.ssml)
    return show(exchange, simulator.runtime.article, simulator.sentences, clip)


def _find(simulator: Simulator, name: str) -> Tab:
    tab = simulator.tabs.find(name)
    if tab is None:
        abort(404, "This tab's device is gone; reload the page for a new one.")
    return tab


def _text() -> str:
    try:
        text = request.get_data().decode()
    except UnicodeDecodeError as error:
        raise AskableError("text: is not UTF-8; send it as UTF-8") from error
    if not text.strip():
        raise AskableError("text: is empty; type what you would say")
    if len(text) > LONGEST_TEXT:
        raise AskableError(f"text: has {len(text)} characters; send at most {LONGEST_TEXT}")
    return text.strip()
