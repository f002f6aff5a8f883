"""The routes of the page; every failure is one sentence."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Flask, Response, abort, jsonify, render_template, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import HTTPException

from skill.alexa import SKILL_ID, Exchange
from skill.conversation import from_ssml
from skill.errors import AskableError, EngineError
from skill.simulator.replay import read_replay, write_replay
from skill.simulator.runtime import Runtime
from skill.simulator.turn_loop import TIMING
from skill.simulator.web.clips import Clips
from skill.simulator.web.guard import guard
from skill.simulator.web.recognizer_thread import RecognizerThread
from skill.simulator.web.tabs import Tab, Tabs

LONGEST_TEXT = 2_000  # characters; nobody says as much in one breath
LARGEST_BODY = 12_000_000  # bytes; a minute of 16-bit stereo at 48 kHz


@dataclass(frozen=True)
class Simulator:
    """What the routes of one page share; everything in it can be used by several threads."""

    runtime: Runtime
    locale: str
    sentences: Mapping[str, str]  # locator -> the article's own words, if they were given
    silence: float = TIMING.silence  # seconds that the page waits for a listener
    clips: Clips = field(default_factory=Clips)
    tabs: Tabs = field(default_factory=Tabs)
    token: str = field(default_factory=secrets.token_urlsafe)


class _JsonAsSent(DefaultJSONProvider):
    """JSON whose keys keep the order in which Alexa sends them."""

    sort_keys = False


def create_app(simulator: Simulator) -> Flask:
    """The page of one simulator."""
    app = Flask(__name__, template_folder=".")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.json = _JsonAsSent(app)
    guard(app, simulator.token)
    _add_error_handlers(app)
    _add_turns(app, simulator)
    _add_replays(app, simulator)
    article = simulator.runtime.article

    @app.get("/")
    def page() -> str:
        return render_template("page.html", article=article, simulator=simulator)

    @app.get("/favicon.ico")
    def icon() -> Response:
        return app.send_static_file("icon.svg")

    return app


def _add_turns(app: Flask, simulator: Simulator) -> None:
    recognizer = RecognizerThread(simulator.runtime)

    @app.post("/tabs")
    def open_tab() -> Response:
        locale = request.args.get("locale", simulator.locale)
        _check_locale(simulator, "locale", locale)
        device = simulator.runtime.device(locale, screen=request.args.get("screen") == "yes")
        return jsonify(tab=simulator.tabs.open(Tab(device, locale)))

    @app.post("/tabs/<name>/say")
    def say(name: str) -> Response:
        return _turn(simulator, name, _text())

    @app.post("/tabs/<name>/hear")
    def hear(name: str) -> Response:
        _find(simulator, name)  # a missing tab is reported before the recognizer runs
        return _turn(simulator, name, recognizer.recognize(request.get_data()))

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
        wav = simulator.clips.take(name)
        if wav is None:
            abort(404, "speech: was played before or waited too long; ask again")
        return Response(wav, mimetype="audio/wav")


def _add_replays(app: Flask, simulator: Simulator) -> None:
    @app.get("/tabs/<name>/record")
    def record(name: str) -> Response:
        tab = _find(simulator, name)
        invocation_name = simulator.runtime.article.invocation_name
        text = write_replay(SKILL_ID, tab.locale, tab.said(), invocation_name)
        headers = {"Content-Disposition": 'attachment; filename="conversation.json"'}
        return Response(text, mimetype="application/json", headers=headers)

    @app.post("/replays")
    def replay() -> Response:
        found = read_replay(request.get_data())
        _check_locale(simulator, "replay:locale", found.locale)
        return jsonify(found)


def _add_error_handlers(app: Flask) -> None:
    @app.errorhandler(AskableError)
    def known(error: AskableError) -> tuple[Response, int]:
        return jsonify(error=str(error)), 503 if isinstance(error, EngineError) else 400

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> tuple[Response, int]:
        code = error.code or 500
        if code == 500:
            return jsonify(error="The simulator failed; its terminal says why."), code
        return jsonify(error=" ".join((error.description or error.name).split())), code


def _turn(simulator: Simulator, name: str, utterance: str) -> Response:
    exchange = _find(simulator, name).say(utterance)
    match, card = exchange.intent_match, exchange.card
    return jsonify(
        utterance=exchange.utterance,
        intent=exchange.name,
        match=match.match,
        score=round(match.score, 4),
        runner_up=match.runner_up,
        runner_up_score=round(match.runner_up_score, 4),
        speech=exchange.speech,
        sources=_sources(simulator, exchange),
        card={"title": card.title, "text": card.text} if card else None,
        session_open=exchange.session_open,
        clip=simulator.clips.keep(exchange.ssml),
        request=exchange.request,
        response=exchange.response,
    )


def _sources(simulator: Simulator, exchange: Exchange) -> list[dict[str, str]]:
    outline = simulator.runtime.article.outline
    return [
        {
            "locator": locator,
            "gist": outline[locator].gist if locator in outline else "",
            "sentence": simulator.sentences.get(locator, ""),
        }
        for locator in exchange.sources
    ]


def _check_locale(simulator: Simulator, field: str, locale: str) -> None:
    locales = simulator.runtime.article.locales
    if locale not in locales:
        known = ", ".join(locales)
        raise AskableError(f"{field}: is not a locale of this article; choose one of {known}")


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
