"""`askable ask`, `talk`, `hear` and `answer`: the skill on this machine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO

import click

from skill.cli.shared import settings_of
from skill.errors import AskableError


@click.command()
@click.argument("question", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
@click.option("--speak", is_flag=True, help="Speak the answer aloud.")
@click.option("--wav", type=click.Path(path_type=Path), metavar="FILE", help="Keep the speech.")
@click.pass_context
def ask(
    ctx: click.Context, question: tuple[str, ...], as_json: bool, speak: bool, wav: Path | None
) -> None:
    """Ask one QUESTION and print the answer, how it was matched, and its sources."""
    from skill.simulator import terminal

    terminal.ask(settings_of(ctx), " ".join(question), as_json, speak, wav)


@click.command()
@click.option("--speak", is_flag=True, help="Speak the answers aloud.")
@click.option("--show", is_flag=True, help="Show each request and response as JSON.")
@click.option("--mic", is_flag=True, help="Speak instead of typing: press Enter first.")
@click.option(
    "--hands-free", is_flag=True, help='No Enter: begin with "ask" and the skill\'s name.'
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
    help="Keep each spoken answer there.",
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

    With --mic or --pcm, say it: whoever speaks over an answer is listened to.
    """
    if mic and pcm:
        raise AskableError("--mic and --pcm: are two ways to listen; give one")
    settings = settings_of(ctx)
    if not mic and not pcm:
        from skill.simulator import terminal

        if hands_free or wav_dir:
            raise AskableError("--hands-free and --wav-dir: need --mic or --pcm; add one")
        terminal.talk(settings, speak, show)
        return
    from skill.simulator.voice_terminal import ConversationOptions, PushToTalk, converse
    from skill.speech.microphone import Microphone, PcmStream, Source

    source: Source = PcmStream(pcm) if pcm else Microphone()
    options = ConversationOptions(wake=hands_free, speak=speak or mic, wav_dir=wav_dir, show=show)
    if mic and not hands_free:
        source = PushToTalk(source, sys.stdin)
    converse(settings, source, options)


@click.command()
@click.argument("question", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
@click.option("--speak", is_flag=True, help="Speak the answer aloud.")
@click.option("--wav", type=click.Path(path_type=Path), metavar="FILE", help="Keep the speech.")
@click.pass_context
def hear(ctx: click.Context, question: Path, as_json: bool, speak: bool, wav: Path | None) -> None:
    """Listen to QUESTION, a sound file, and answer it in speech."""
    from skill.simulator import terminal

    terminal.hear(settings_of(ctx), question, as_json, speak, wav)


@click.command()
@click.option("--jsonl", is_flag=True, required=True, help="One JSON object a line, in and out.")
@click.pass_context
def answer(ctx: click.Context, jsonl: bool) -> None:
    """Answer lines of {"text": …} from standard input, for other programs.

    Each line is a new session right after launch; lines with the same "session": "x" go on in one.
    """
    from skill.simulator import jsonl as pipe

    if sys.stdin is None:
        raise AskableError("standard input is closed; send lines of JSON on it")
    standard_input: IO[bytes] = sys.stdin.buffer
    pipe.answer_lines(settings_of(ctx), standard_input, sys.stdout)
