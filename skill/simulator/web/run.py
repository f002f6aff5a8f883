"""Serves the page on this machine alone, until it is told to stop."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from skill.errors import EngineError

HOST = "127.0.0.1"


@contextmanager
def serving(app: Flask, port: int) -> Iterator[str]:
    """The address under which `app` is served meanwhile; port 0 takes any free one."""
    try:
        listener = socket.create_server((HOST, port))
    except OSError as error:
        reason = error.strerror or error
        raise EngineError(f"--port {port}: cannot be used ({reason}); name another") from error
    with listener:
        bound = listener.getsockname()[1]
        # Werkzeug leaves the process when it cannot bind; so the bound socket is handed to it.
        server = make_server(
            HOST,
            bound,
            app,
            threaded=True,
            request_handler=_Silent,
            fd=listener.fileno(),
        )
    threading.Thread(target=server.serve_forever, name="page", daemon=True).start()
    try:
        yield f"http://{HOST}:{bound}/"
    finally:
        server.shutdown()
        server.server_close()


class _Silent(WSGIRequestHandler):
    """A line a request would bury what a person should read."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""
