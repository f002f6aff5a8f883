"""What commands share: their settings and a progress bar."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from skill.settings import Settings

PATH = click.Path(path_type=Path)


def settings_of(ctx: click.Context) -> Settings:
    """Return the settings from the options before the command."""
    settings: Settings = ctx.obj()
    return settings


class Bar:
    """A progress bar that only shows once there is progress."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._bar: Any = None
        self._done = 0

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.render_finish()

    def update(self, done: int, steps: int) -> None:
        """Show that `done` of `steps` are finished."""
        if self._bar is None:
            self._bar = click.progressbar(length=steps, label=self._label, file=sys.stderr)
        self._bar.update(done - self._done)
        self._done = done
