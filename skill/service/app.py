"""The web service's routes, with flask-ask-sdk's adapter behind the verifier."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from skill.alexa import Skill
from skill.errors import RefusedError
from skill.service.flask_adapter import (
    VERIFY_SIGNATURE_APP_CONFIG,
    VERIFY_TIMESTAMP_APP_CONFIG,
    SkillAdapter,
)
from skill.service.verification import Verify

LARGEST_BODY = 256 * 1024  # bytes; Alexa's requests take a few thousand
_LOG = logging.getLogger("askable")
_LAUNCH = {"request": {"type": "LaunchRequest", "locale": "en-US"}}
# Takes a request's outcome, which is "answered" or why it was refused, and its seconds.
Count = Callable[[str, float], None]


def create_app(skill: Skill, verify: Verify, count: Count | None = None) -> Flask:
    """The web service of one skill.

    Args:
        skill: Answers the requests.
        verify: Raises RefusedError for a request that must not reach the skill.
        count: Called after every request, if given.
    """
    app = Flask("askable")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    # The adapter parses before it verifies and has no clean refusal: our verifier runs before it.
    app.config[VERIFY_SIGNATURE_APP_CONFIG] = False
    app.config[VERIFY_TIMESTAMP_APP_CONFIG] = False
    adapter = SkillAdapter(skill=skill.sdk, skill_id=None, app=app)

    def answer() -> Response:
        start = time.perf_counter()
        outcome, status = "failed", 500
        try:
            verify(request.headers, _body())
            response: Response = adapter.dispatch_request()
            outcome, status = "answered", 200
            return response
        except RefusedError as refused:
            outcome, status = refused.reason, refused.status
            return _refusal(outcome, str(refused), status)
        except HTTPException as error:
            outcome, status = _name(error), error.code or 400
            raise
        finally:
            seconds = time.perf_counter() - start
            level = logging.INFO if status < 500 else logging.WARNING
            fields = {"outcome": outcome, "status": status, "ms": round(seconds * 1000, 1)}
            _LOG.log(level, "request", extra=fields)
            if count:
                count(outcome, seconds)

    app.add_url_rule("/", "answer", answer, methods=["POST"])
    app.add_url_rule("/healthz", "healthz", lambda: Response("ok\n", mimetype="text/plain"))
    app.add_url_rule("/readyz", "readyz", lambda: _readiness(skill))
    app.register_error_handler(HTTPException, _http_refusal)
    app.register_error_handler(Exception, _fault)
    return app


def add_metrics(app: Flask, page: Callable[[], bytes], content_type: str, port: int) -> None:
    """Serve `page` under /metrics on `port` alone, which must not be public."""

    def metrics() -> Response:
        if request.environ.get("SERVER_PORT") != str(port):
            raise NotFound
        return Response(page(), content_type=content_type)

    app.add_url_rule("/metrics", "metrics", metrics)


def _body() -> bytes:
    """The raw body, read first, so that the adapter finds the same bytes and no form."""
    try:
        return request.get_data()
    except HTTPException:
        raise
    except Exception as error:
        # gunicorn's own errors, for bad chunks and closed connections, have no common base class.
        raise RefusedError("body", "body: cannot be read") from error


def _readiness(skill: Skill) -> Response:
    """Whether the skill speaks; it does without its memory too."""
    reply = skill.respond(_LAUNCH).get("response")
    speaks = isinstance(reply, dict) and reply.get("outputSpeech")
    return Response("ready\n" if speaks else "not ready\n", 200 if speaks else 503)


def _refusal(reason: str, message: str, status: int) -> Response:
    response = jsonify({"error": reason, "message": message})
    response.status_code = status
    return response


def _http_refusal(error: HTTPException) -> Response:
    response = _refusal(_name(error), error.name, error.code or 400)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(error.valid_methods)
    return response


def _name(error: HTTPException) -> str:
    return error.name.lower().replace(" ", "-")


def _fault(error: Exception) -> Response:
    _LOG.error("request failed", exc_info=error)
    return _refusal("failed", "something went wrong here", 500)
