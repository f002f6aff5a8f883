"""`askable simulator`: the smart speaker as a page in the browser."""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path

import click

from skill.cli.shared import settings_of


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8710,
    show_default=True,
    help="Where it listens on this machine; 0 takes any free port.",
)
@click.option(
    "--source",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The article itself: a table of locators and sentences (.tsv), shown with the sources.",
)
@click.option("--browser/--no-browser", default=True, help="Open the page, or only say where.")
@click.pass_context
def simulator(ctx: click.Context, port: int, source: Path | None, browser: bool) -> None:
    """Open a page to talk with the skill: hold to talk or type, hear the answer, see its sources.

    Only this machine can reach it; Ctrl-C ends it.
    """
    from skill.memory import NoMemory
    from skill.simulator.speech_pipeline import check_recognizer
    from skill.simulator.runtime import Runtime
    from skill.simulator.web.app import Simulator, create_app
    from skill.simulator.web.clips import Clips
    from skill.simulator.web.run import serving
    from skill.tools.build import read_sentences

    settings = settings_of(ctx)
    sentences = dict(read_sentences(source)) if source else {}
    runtime = Runtime(settings, NoMemory())
    check_recognizer(runtime)
    clips = Clips(settings.voice)
    shared = Simulator(runtime, settings.locale, sentences, clips=clips)
    with closing(clips), serving(create_app(shared), port) as address:
        click.echo(f"The simulator is at {address}; Ctrl-C ends it.")
        if browser:
            click.launch(address)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            click.echo()
