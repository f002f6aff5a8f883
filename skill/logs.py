"""Logs as one JSON object a line, without a word of a listener and without user ids."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from traceback import extract_tb
from typing import Any


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


def logging_config(level: str) -> dict[str, Any]:
    """For `logging.config.dictConfig`, and so for gunicorn: everything goes to standard error."""
    quiet = {"handlers": ["lines"], "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "skill.logs.JsonLines"}},
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"level": "WARNING", "handlers": ["lines"]},
        "loggers": {
            "askable": {"level": level, **quiet},
            "gunicorn.error": {"level": "INFO", **quiet},
            "gunicorn.access": {"level": "WARNING", **quiet},
        },
    }
