"""The `askable` command: parse, call, print."""

from __future__ import annotations

import sys
from typing import NoReturn

import click

from skill import __version__
from skill.cli import audition as auditioning
from skill.cli import build as compiling
from skill.cli import evaluate as understanding
from skill.cli import publish as packaging
from skill.cli import serve as serving
from skill.cli import talk as asking
from skill.errors import AskableError
from skill.settings import RECOGNIZERS, VOICES, find_settings

__all__ = ["main"]

_EXAMPLES = """
\b
Examples:
  askable ask "what is oxytocin"         one question, one answer
  askable talk                           a conversation, typed
  askable hear question.wav --wav a.wav  speech in, speech out
  askable simulator                      the speaker as a page in the browser
  askable build                          compile content/ after editing it
"""


class _Friendly(click.Group):
    """Tells what a person can mend in one sentence, without a traceback, and exits with 1."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except AskableError as error:
            _fail(str(error))
        except BrokenPipeError:
            # The reader of our output went away (`askable build | head`): not an error of ours.
            sys.stderr.close()
            sys.exit(0)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            _fail(f"{where}{error.strerror or error}; check the path, its rights and the disk")


def _fail(message: str) -> NoReturn:
    for line in message.splitlines():
        click.echo(f"askable: {line}", err=True)
    sys.exit(1)


@click.group(
    cls=_Friendly,
    epilog=_EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "ASKABLE"},
)
@click.version_option(__version__, prog_name="askable")
@click.option("--content", metavar="DIR", help="One article's folder [the one in ./content].")
@click.option("--models", metavar="DIR", help="Compiled models [./interaction_model].")
@click.option("--locale", metavar="NAME", help="en-US, en-GB, en-CA, en-AU or en-IN [en-US].")
@click.option(
    "--memory", metavar="FILE", help="Where `talk` remembers you [~/.local/state/askable]."
)
@click.option("--dynamodb-table", metavar="NAME", help="Remember in DynamoDB instead [no].")
@click.option("--misses", metavar="FILE", help="Keep questions that get no answer there [nowhere].")
@click.option("--sentences", is_flag=True, help="Match by whole sentences too; see the README.")
@click.option("--voice", type=click.Choice(VOICES), help="Who speaks the answers [espeak].")
@click.option("--ears", type=click.Choice(RECOGNIZERS), help="Who listens to speech [sphinx].")
@click.option(
    "--whisper-model", metavar="DIR", help="Whisper for CTranslate2 [the one of askable[whisper]]."
)
@click.pass_context
def main(
    ctx: click.Context,
    content: str | None,
    models: str | None,
    locale: str | None,
    memory: str | None,
    dynamodb_table: str | None,
    misses: str | None,
    sentences: bool,
    voice: str | None,
    ears: str | None,
    whisper_model: str | None,
) -> None:
    """Askable turns an article into a voice skill that says nothing without a source.

    Everything here runs on this machine: no account and no network.
    """
    ctx.obj = lambda: find_settings(
        content,
        models,
        locale,
        memory,
        misses,
        sentences,
        dynamodb_table,
        voice,
        ears,
        whisper_model,
    )


for _command in (
    asking.ask,
    asking.talk,
    asking.hear,
    asking.answer,
    asking.simulator,
    compiling.build,
    compiling.outline,
    packaging.check,
    packaging.package,
    serving.serve,
    serving.probe,
    understanding.evaluate,
    understanding.explain,
    understanding.misses,
    auditioning.audition,
):
    main.add_command(_command)
