"""`askable eval`, `explain` and `misses`: how well questions are understood."""

from __future__ import annotations

from pathlib import Path

import click

from skill.cli.shared import Bar, settings_of
from skill.errors import AskableError


@click.command("eval")
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
    from skill.tools import author

    with Bar("learning" if model else "asking") as bar:
        if model:
            told, share = author.evaluate_dataset(questions, settings_of(ctx).sentences, bar.tell)
        else:
            told, share = author.evaluate(settings_of(ctx), questions, html, as_json, bar.tell)
    click.echo(told)
    if fail_under is not None and 100 * share < fail_under:
        raise AskableError(f"{questions}: {100 * share:.1f} % is under {fail_under:g} %")


@click.command()
@click.argument("question", nargs=-1, required=True)
@click.pass_context
def explain(ctx: click.Context, question: tuple[str, ...]) -> None:
    """Tell why a QUESTION gets its answer: what is likely, what is nearest, and the limits."""
    from skill.tools import author

    click.echo(author.explain_question(settings_of(ctx), " ".join(question)))


@click.command()
@click.pass_context
def misses(ctx: click.Context) -> None:
    """List the questions that got no answer, grouped: what to write next.

    They are kept by `askable --misses FILE talk` and its like: words alone, off by default.
    """
    from skill.tools import author

    click.echo(author.list_misses(settings_of(ctx)))
