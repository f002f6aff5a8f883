"""`askable ask`, `talk`, `hear`, `answer` and `simulator`: the skill on this machine."""

from __future__ import annotations

import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import IO, Any

import click

from skill.cli.shared import PATH, settings_of
from skill.errors import AskableError

_JSON = click.option("--json", "as_json", is_flag=True, help="Print everything, as JSON.")
_SPEAK = click.option("--speak", is_flag=True, help="Speak the answer aloud.")
_WAV = click.option("--wav", type=PATH, metavar="FILE", help="Write the speech to FILE.")


@click.command()
@click.argument("question", nargs=-1, required=True)
@_JSON
@_SPEAK
@_WAV
@click.pass_context
def ask(ctx: click.Context, /, question: tuple[str, ...], **output: Any) -> None:
    """Ask one QUESTION and print the answer, how it was matched, and its sources."""
    from skill.simulator import terminal

    terminal.ask(settings_of(ctx), " ".join(question), **output)


@click.command()
@click.option("--speak", is_flag=True, help="Speak the answers aloud.")
@click.option("--show", is_flag=True, help="Show each request and response as JSON.")
@click.option("--mic", is_flag=True, help="Speak instead of typing; press Enter first.")
@click.option(
    "--hands-free", is_flag=True, help='Without Enter: begin with "ask" and the skill\'s name.'
)
@click.option(
    "--pcm",
    type=click.File("rb"),
    metavar="FILE",
    help="Listen to raw PCM, 16 kHz mono s16le; - is standard input.",
)
@click.option(
    "--wav-dir",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write each spoken answer to a file in DIR.",
)
@click.pass_context
def talk(
    ctx: click.Context,
    speak: bool,
    show: bool,
    mic: bool,
    hands_free: bool,
    pcm: IO[bytes] | None,
    wav_dir: Path | None,
) -> None:
    """Hold a conversation: type what you would say; an empty line is silence, Ctrl-D leaves.

    With --mic or --pcm, speak; you can interrupt an answer by speaking over it.
    """
    from skill.simulator import terminal, voice_terminal
    from skill.speech import Microphone, PcmStream, Source

    if mic and pcm:
        raise AskableError("--mic and --pcm: are two ways to listen; give one")
    settings = settings_of(ctx)
    if not mic and not pcm:
        if hands_free or wav_dir:
            raise AskableError("--hands-free and --wav-dir: need --mic or --pcm; add one")
        terminal.talk(settings, speak, show)
        return
    source: Source = PcmStream(pcm) if pcm else Microphone()
    options = voice_terminal.ConversationOptions(hands_free, speak or mic, wav_dir, show)
    if mic and not hands_free:
        source = voice_terminal.PushToTalk(source, sys.stdin)
    voice_terminal.converse(settings, source, options)


@click.command()
@click.argument("question", type=PATH)
@_JSON
@_SPEAK
@_WAV
@click.pass_context
def hear(ctx: click.Context, /, question: Path, **output: Any) -> None:
    """Listen to QUESTION, a sound file, and print the answer."""
    from skill.simulator import terminal

    terminal.hear(settings_of(ctx), question, **output)


@click.command()
@click.option("--jsonl", is_flag=True, required=True, help="Read and write one JSON object a line.")
@click.pass_context
def answer(ctx: click.Context, jsonl: bool) -> None:
    """Answer lines of {"text": …} from standard input, for other programs.

    Each line is a new session right after launch; lines with the same "session": "x" share one.
    """
    from skill.simulator import jsonl as protocol

    if sys.stdin is None:
        raise AskableError("standard input is closed; send lines of JSON on it")
    protocol.answer_lines(settings_of(ctx), sys.stdin.buffer, sys.stdout)


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8710,
    show_default=True,
    help="The port on this machine; 0 takes any free one.",
)
@click.option(
    "--source",
    type=PATH,
    metavar="FILE",
    help="The article itself, a table of locators and sentences (.tsv), to show with the sources.",
)
@click.option(
    "--browser/--no-browser", default=True, help="Open the page, or only print its address."
)
@click.pass_context
def simulator(ctx: click.Context, port: int, source: Path | None, browser: bool) -> None:
    """Open a page to talk with the skill: hold to talk or type, hear the answer, see its sources.

    Only this machine can reach the page; Ctrl-C ends it.
    """
    from skill.content import read_sentences
    from skill.memory import NoMemory
    from skill.simulator import Runtime, check_recognizer
    from skill.simulator.web import Clips, Simulator, create_app, serving

    settings = settings_of(ctx)
    sentences = dict(read_sentences(source)) if source else {}
    runtime = Runtime(settings, NoMemory())
    check_recognizer(runtime)
    with closing(Clips(settings.voice)) as clips:
        app = create_app(Simulator(runtime, settings.locale, sentences, clips=clips))
        with serving(app, port) as address:
            click.echo(f"The simulator is at {address}; Ctrl-C ends it.")
            if browser:
                click.launch(address)
            try:
                threading.Event().wait()
            except KeyboardInterrupt:
                click.echo()
