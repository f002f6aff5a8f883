"""Logs as one JSON object a line, without a word of a listener and without user ids."""

from __future__ import annotations

import json
import logging
import os
import threading
from datetime import UTC, datetime
from traceback import extract_tb
from typing import Any, TextIO

_MOMENT = 0.2  # seconds


class JsonLines(logging.Formatter):
    """A record as a line of JSON; what is given as `extra={"fields": {…}}` stands beside it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[0]:
            kind, _, trace = record.exc_info
            # The text of an exception can quote what a listener said; where it was raised cannot.
            line["error"] = kind.__name__
            line["at"] = [f"{at.filename}:{at.lineno}" for at in extract_tb(trace)[-8:]]
        return json.dumps(line)


class Gathered(logging.StreamHandler[TextIO]):
    """Writes lines to standard error by the fifth of a second, and warnings at once.

    A write for each request would wake whoever reads the log at each, on the service's processors;
    and lines that are made together take less time than lines made one by one.
    """

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[logging.LogRecord] = []
        # What waits in a parent is the parent's to write, and so is its timer.
        os.register_at_fork(after_in_child=self._forget)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record for a moment; the caller holds the handler's lock."""
        self._waiting.append(record)
        if record.levelno >= logging.WARNING:
            self.flush()
        elif len(self._waiting) == 1:
            self._flush_soon()

    def _flush_soon(self) -> None:
        timer = threading.Timer(_MOMENT, self.flush)
        timer.daemon = True  # whoever leaves flushes all handlers
        try:
            timer.start()
        except RuntimeError:  # no thread is to be had
            self.flush()

    def _forget(self) -> None:
        self._waiting = []

    def flush(self) -> None:
        """Write what waits; where that cannot be, it is lost, and no answer with it."""
        self.acquire()
        try:
            waiting, self._waiting = self._waiting, []
            if waiting:
                self.stream.write("".join(map(self._line, waiting)))
            super().flush()
        except (OSError, ValueError):  # a full disk; a stream that is closed
            pass
        finally:
            self.release()

    def _line(self, record: logging.LogRecord) -> str:
        try:
            return self.format(record) + "\n"
        except Exception:  # as every handler of logging does: no answer is lost for a line
            self.handleError(record)
            return ""


def logging_config(level: str) -> dict[str, Any]:
    """For `logging.config.dictConfig`, and so for gunicorn: everything goes to standard error."""
    quiet = {"handlers": ["lines"], "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "skill.service.json_logs.JsonLines"}},
        "handlers": {
            "lines": {"class": "logging.StreamHandler", "formatter": "json"},
            "gathered": {"class": "skill.service.json_logs.Gathered", "formatter": "json"},
        },
        "root": {"level": "WARNING", "handlers": ["lines"]},
        "loggers": {
            "askable": {"level": level, **quiet, "handlers": ["gathered"]},
            "gunicorn.error": {"level": "INFO", **quiet},
            "gunicorn.access": {"level": "WARNING", **quiet},
        },
    }
