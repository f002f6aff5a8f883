"""Logs as one JSON object a line, without a listener's words and without user ids."""

from __future__ import annotations

import logging
from traceback import extract_tb
from typing import Any

_FRAMES = 8  # the innermost, of an exception's traceback


class PrivacyFilter(logging.Filter):
    """Replaces an exception's text, which can quote a listener, by its type and places."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record in place and keep it."""
        record.level = record.levelname.lower()
        if record.exc_info and record.exc_info[0]:
            kind, _, trace = record.exc_info
            record.error = kind.__name__
            record.at = [f"{at.filename}:{at.lineno}" for at in extract_tb(trace)[-_FRAMES:]]
        record.exc_info = record.exc_text = None
        return True


def logging_config(level: str) -> dict[str, Any]:
    """The log's configuration for `logging.config.dictConfig` and gunicorn: to standard error."""
    lines = {"handlers": ["lines"], "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"privacy": {"()": "skill.service.logs.PrivacyFilter"}},
        "formatters": {
            "json": {
                "()": "pythonjsonlogger.json.JsonFormatter",
                "fmt": ["level", "name", "message"],
                "rename_fields": {"name": "logger"},
                "timestamp": "time",
            }
        },
        "handlers": {
            "lines": {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "filters": ["privacy"],
            }
        },
        "root": {"level": "WARNING", "handlers": ["lines"]},
        "loggers": {
            "askable": {"level": level, **lines},
            "gunicorn.error": {"level": "INFO", **lines},
            "gunicorn.access": {"level": "WARNING", **lines},
        },
    }
