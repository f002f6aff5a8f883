"""`askable audition`: which questions are misheard, and which answers are hard to say."""

from __future__ import annotations

from pathlib import Path

import click

from skill.cli.shared import Bar, settings_of
from skill.errors import AskableError


@click.command()
@click.option(
    "--questions",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also ask these: YAML or JSON lines as for `eval`. May be given again.",
)
@click.option(
    "--ears",
    default="default",
    type=click.Choice(["default", "general", "grammar", "whisper"]),
    help="Others for comparison [those of --ears before the command].",
)
@click.option("--voices", metavar="A,B", help="Voices of espeak-ng, and piper [all that are here].")
@click.option(
    "--conditions", metavar="A,B", help="clean, 20 dB, 10 dB, 5 dB, echo, slow, fast [all]."
)
@click.option(
    "--sample", type=click.IntRange(1), metavar="N", help="N of each kind, always the same."
)
@click.option("--no-answers", is_flag=True, help="Leave out the answers.")
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="Processes [one a core].")
@click.option(
    "--cache", type=click.Path(path_type=Path), metavar="DIR", help="Where hearings stay."
)
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="A page with charts.")
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
@click.pass_context
def audition(
    ctx: click.Context,
    questions: tuple[Path, ...],
    ears: str,
    voices: str | None,
    conditions: str | None,
    sample: int | None,
    no_answers: bool,
    jobs: int | None,
    cache: Path | None,
    html: Path | None,
    as_json: bool,
) -> None:
    """Speak every sample in several voices and noises, listen, and tell what goes wrong.

    And the other way round: speak every answer and have it transcribed. What was heard is kept: a
    run that was broken off goes on where it stopped.
    """
    from skill.tools.audition import voices as audition_voices
    from skill.tools.audition.cache import HearingCache, default_folder
    from skill.tools.audition.cases import Plan
    from skill.tools.audition.conditions import CONDITIONS
    from skill.tools.audition.page import to_html
    from skill.tools.audition.report import to_json, to_text
    from skill.tools.audition.run import audition as run

    by_name = {condition.name: condition for condition in CONDITIONS}
    names = conditions.split(",") if conditions else list(by_name)
    unknown = [name for name in names if name not in by_name]
    if unknown:
        raise AskableError(f"--conditions {unknown[0]}: is none of {', '.join(by_name)}")
    settings = settings_of(ctx)
    plan = Plan(
        recognizer="whisper" if (ears, settings.recognizer) == ("default", "whisper") else ears,
        voices=tuple(voices.split(",")) if voices else audition_voices.voices(),
        conditions=tuple(by_name[name] for name in names),
        questions=questions,
        sample=sample,
        answers=not no_answers,
        jobs=jobs,
    )
    with HearingCache(cache or default_folder()) as kept, Bar("listening") as bar:
        found = run(settings, plan, kept, bar.tell)
    if html:
        html.write_text(to_html(found), encoding="utf-8")
    click.echo(to_json(found) if as_json else to_text(found))
