"""The `askable` command: parse, call, print."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, Any, NoReturn

import click

from skill import __version__
from skill.errors import AskableError
from skill.settings import Settings, find_settings

_EXAMPLES = """
\b
Examples:
  askable ask "what is oxytocin"         one question, one answer
  askable talk                           a conversation, typed
  askable hear question.wav --wav a.wav  speech in, speech out
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
@click.option("--misses", metavar="FILE", help="Keep questions that get no answer there [nowhere].")
@click.pass_context
def main(
    ctx: click.Context,
    content: str | None,
    models: str | None,
    locale: str | None,
    memory: str | None,
    misses: str | None,
) -> None:
    """Askable turns an article into a voice skill that says nothing without a source.

    Everything here runs on this machine: no account and no network.
    """
    ctx.obj = lambda: find_settings(content, models, locale, memory, misses)


class _Bar:
    """A progress bar that only shows once there is progress."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._bar: Any = None
        self._done = 0

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.render_finish()

    def tell(self, done: int, steps: int) -> None:
        """`done` of `steps` are behind us."""
        if self._bar is None:
            self._bar = click.progressbar(length=steps, label=self._label, file=sys.stderr)
        self._bar.update(done - self._done)
        self._done = done


def _settings(ctx: click.Context) -> Settings:
    settings: Settings = ctx.obj()
    return settings


@main.command()
@click.option("--check", is_flag=True, help="Write nothing; fail when what is there is stale.")
@click.option(
    "--source",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Compare with the article itself: a table of locators and sentences (.tsv).",
)
@click.pass_context
def build(ctx: click.Context, check: bool, source: Path | None) -> None:
    """Compile content/ into interaction_model/ and print how it covers the article."""
    from skill import build as builder
    from skill.coverage import summary

    settings = _settings(ctx)
    built = builder.build(settings.content)
    if source:
        lines = builder.compare(built, source)
        for line in lines:
            click.echo(line)
        if lines:
            raise AskableError(
                f"{source}: {len(lines)} differences, listed above; mend the content"
            )
        click.echo(f"{source}: every sentence is as the content knows it, and none is quoted")
    if check:
        builder.check(built, settings.models, settings.pictures)
    else:
        for path in builder.write(built, settings.models, settings.pictures):
            click.echo(f"wrote {path}")
        with _Bar("learning") as bar:
            learnt = builder.learn_matcher(built, settings.models, bar.tell)
        if learnt:
            click.echo(f"wrote {learnt}")
    click.echo(summary(built.article, built.coverage))


@main.command()
@click.argument("source", type=click.Path(path_type=Path))
def outline(source: Path) -> None:
    """Print the outline of a new article: locators and hashes for article.yaml.

    SOURCE is a table of locators and sentences, a tab between them.
    """
    from skill.build import outline as make_outline

    click.echo(make_outline(source))


@main.command()
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

    terminal.ask(_settings(ctx), " ".join(question), as_json, speak, wav)


@main.command()
@click.option("--speak", is_flag=True, help="Speak the answers aloud.")
@click.option("--show", is_flag=True, help="Show each request and response as JSON.")
@click.pass_context
def talk(ctx: click.Context, speak: bool, show: bool) -> None:
    """Hold a conversation: type what you would say; an empty line is silence, Ctrl-D leaves."""
    from skill.simulator import terminal

    terminal.talk(_settings(ctx), speak, show)


@main.command()
@click.argument("question", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
@click.option("--speak", is_flag=True, help="Speak the answer aloud.")
@click.option("--wav", type=click.Path(path_type=Path), metavar="FILE", help="Keep the speech.")
@click.pass_context
def hear(ctx: click.Context, question: Path, as_json: bool, speak: bool, wav: Path | None) -> None:
    """Listen to QUESTION, a sound file, and answer it in speech."""
    from skill.simulator import terminal

    terminal.hear(_settings(ctx), question, as_json, speak, wav)


@main.command("eval")
@click.argument("questions", type=click.Path(path_type=Path))
@click.option(
    "--html", type=click.Path(path_type=Path), metavar="FILE", help="A page with pictures."
)
@click.option("--json", "as_json", is_flag=True, help="All figures and every outcome, as JSON.")
@click.option(
    "--fail-under", type=click.FloatRange(0, 100), metavar="PERCENT", help="Exit with 1 below it."
)
@click.option("--model", is_flag=True, help="QUESTIONS is an intent data set for the bare matcher.")
@click.pass_context
def evaluate(
    ctx: click.Context,
    questions: Path,
    html: Path | None,
    as_json: bool,
    fail_under: float | None,
    model: bool,
) -> None:
    """Ask all QUESTIONS of a file and tell how many were understood.

    A YAML list or JSON lines, each with text and one of answer (an id, or several of which any is
    right), refuse (outside, medical, danger, not_understood) or intent.
    """
    from skill.simulator import author

    with _Bar("learning" if model else "asking") as bar:
        if model:
            told, share = author.evaluate_dataset(questions, bar.tell)
        else:
            told, share = author.evaluate(_settings(ctx), questions, html, as_json, bar.tell)
    click.echo(told)
    if fail_under is not None and 100 * share < fail_under:
        raise AskableError(f"{questions}: {100 * share:.1f} % is under {fail_under:g} %")


@main.command()
@click.argument("question", nargs=-1, required=True)
@click.pass_context
def explain(ctx: click.Context, question: tuple[str, ...]) -> None:
    """Tell why a QUESTION gets its answer: what is likely, what is nearest, and the limits."""
    from skill.simulator import author

    click.echo(author.explain_question(_settings(ctx), " ".join(question)))


@main.command()
@click.pass_context
def misses(ctx: click.Context) -> None:
    """List the questions that got no answer, grouped: what to write next.

    They are kept by `askable --misses FILE talk` and its like: words alone, off by default.
    """
    from skill.simulator import author

    click.echo(author.list_misses(_settings(ctx)))


@main.command()
@click.option("--jsonl", is_flag=True, required=True, help="One JSON object a line, in and out.")
@click.pass_context
def answer(ctx: click.Context, jsonl: bool) -> None:
    """Answer lines of {"text": …} from standard input, for other programs.

    Each line is a new session right after launch; lines with the same "session": "x" go on in one.
    """
    from skill.simulator import pipe

    if sys.stdin is None:
        raise AskableError("standard input is closed; send lines of JSON on it")
    standard_input: IO[bytes] = sys.stdin.buffer
    pipe.answer_lines(_settings(ctx), standard_input, sys.stdout)
