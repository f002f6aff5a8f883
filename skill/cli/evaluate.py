"""`askable eval`, `explain` and `misses`: how well questions are understood."""

from __future__ import annotations

from pathlib import Path

import click

from skill.cli.shared import PATH, Bar, settings_of
from skill.errors import AskableError


@click.command("eval")
@click.argument("questions", type=PATH)
@click.option("--html", type=PATH, metavar="FILE", help="Write a page with charts.")
@click.option("--json", "as_json", is_flag=True, help="All figures and every outcome, as JSON.")
@click.option(
    "--fail-under", type=click.FloatRange(0, 100), metavar="PERCENT", help="Exit with 1 below it."
)
@click.option("--model", is_flag=True, hidden=True)
@click.pass_context
def evaluate(
    ctx: click.Context,
    questions: Path,
    html: Path | None,
    as_json: bool,
    fail_under: float | None,
    model: bool,
) -> None:
    """Ask all QUESTIONS of a file and count how many are understood.

    The file is a YAML list or JSON lines. Each entry has text and one of answer (an id, or several
    ids that are all right), refuse (outside, medical, danger, not_understood) or intent.
    """
    if model:
        raise AskableError(
            f"--model: moved to `python -m bench.clinc {questions}` in the source repository"
        )
    from skill.memory import NoMemory
    from skill.simulator import Runtime
    from skill.tools import evaluate as evaluation
    from skill.tools import questions as files
    from skill.tools.reports import render

    runtime = Runtime(settings_of(ctx), NoMemory())
    cases = files.read_questions(questions, runtime.article)
    with Bar("asking") as bar:
        report = evaluation.evaluate_skill(runtime, cases, bar.update)
    if html:
        page = render("evaluation.html.j2", name=questions.name, report=report)
        html.write_text(page, encoding="utf-8")
    click.echo(evaluation.as_json(report) if as_json else evaluation.as_text(report))
    percent = 100 * report.all.value
    if fail_under is not None and percent < fail_under:
        raise AskableError(f"{questions}: {percent:.1f} % is under {fail_under:g} %")


@click.command()
@click.argument("question", nargs=-1, required=True)
@click.pass_context
def explain(ctx: click.Context, question: tuple[str, ...]) -> None:
    """Explain the answer to a QUESTION: likely labels, nearest training data, thresholds."""
    from skill.content import read_examples
    from skill.memory import NoMemory
    from skill.simulator import Runtime
    from skill.understanding.classifier import explain as explain_decision
    from skill.understanding.classifier import make_training_data

    settings = settings_of(ctx)
    runtime = Runtime(settings, NoMemory())
    words = " ".join(question)
    exchange = runtime.device().say(words)
    click.echo(f"match    {exchange.intent_match.match}: {exchange.name}")
    examples = read_examples(settings.content, runtime.article)
    training_data = make_training_data(runtime.article, examples)
    click.echo(explain_decision(words, runtime.matcher, training_data))


@click.command()
@click.pass_context
def misses(ctx: click.Context) -> None:
    """List the questions that got no answer, grouped by the nearest topic.

    `askable --misses FILE` with talk, serve and other commands writes them to FILE, the words
    alone. It is off by default.
    """
    from skill.memory import NoMemory, read_unanswered
    from skill.simulator import Runtime
    from skill.tools import unanswered_report

    settings = settings_of(ctx)
    if settings.misses is None:
        raise AskableError("--misses: is not given; name the file that the skill wrote")
    runtime = Runtime(settings, NoMemory())
    questions = read_unanswered(settings.misses)
    groups = unanswered_report.group_by_label(questions, runtime.matcher.rank)
    for label, asked in groups:
        click.echo(f"{asked.total():4}  near {label}")
        for question, times in asked.most_common():
            click.echo(f"      {times:4}  {question}")
    if not groups:
        click.echo("no question was missed")
