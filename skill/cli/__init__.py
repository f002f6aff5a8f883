"""The `askable` command: parse, call, print."""

from __future__ import annotations

import sys
from typing import Any, NoReturn

import click

from skill import __version__
from skill.cli import audition, build, evaluate, publish, serve, talk
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
    """Prints an error that the user can fix as one sentence, without a traceback; exits with 1."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except AskableError as error:
            _fail(str(error))
        except BrokenPipeError:
            # The reader of our output is gone (`askable build | head`), which is no error.
            sys.stderr.close()
            sys.exit(0)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            _fail(f"{where}{error.strerror or error}; check the path, its permissions and the disk")


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
def main(ctx: click.Context, /, ears: str | None, **given: Any) -> None:
    """Askable turns an article into a voice skill that says nothing without a source.

    Everything here runs on this machine: no account and no network.
    """
    ctx.obj = lambda: find_settings(recognizer=ears, **given)


for _command in (
    talk.ask,
    talk.talk,
    talk.hear,
    talk.answer,
    talk.simulator,
    build.build,
    build.outline,
    publish.check,
    publish.package,
    serve.serve,
    serve.probe,
    evaluate.evaluate,
    evaluate.explain,
    evaluate.misses,
    audition.audition,
):
    main.add_command(_command)
