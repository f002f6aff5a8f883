"""The server of the page, which only this machine can reach."""

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
    """Serve `app` in a thread, and yield its address.

    Args:
        app: What to serve.
        port: Where; 0 takes any free port.

    Raises:
        EngineError: The port cannot be used.
    """
    try:
        listener = socket.create_server((HOST, port))
    except OSError as error:
        reason = error.strerror or error
        raise EngineError(f"--port {port}: cannot be used ({reason}); name another") from error
    with listener:
        bound = listener.getsockname()[1]
        # Werkzeug ends the process if it cannot bind, so it gets a bound socket.
        server = make_server(
            HOST, bound, app, threaded=True, request_handler=_SilentHandler, fd=listener.fileno()
        )
    threading.Thread(target=server.serve_forever, name="page", daemon=True).start()
    try:
        yield f"http://{HOST}:{bound}/"
    finally:
        server.shutdown()
        server.server_close()


class _SilentHandler(WSGIRequestHandler):
    """Logs no requests, which would hide the simulator's own messages."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Do nothing."""
