"""`askable audition`: which questions are misheard, and which answers are hard to follow."""

from __future__ import annotations

from pathlib import Path

import click

from skill.cli.shared import Bar, settings_of
from skill.errors import AskableError
from skill.settings import cache_folder

_BASELINES = ("general", "grammar")


@click.command()
@click.option(
    "--questions",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also ask these: YAML or JSON lines as for `eval`. Can be repeated.",
)
@click.option(
    "--ears",
    default="default",
    metavar="[default|whisper]",
    help="The recognizer [that of --ears before the command].",
)
@click.option("--voices", metavar="A,B", help="Voices of espeak-ng, and piper [all installed].")
@click.option(
    "--conditions", metavar="A,B", help="clean, 20 dB, 10 dB, 5 dB, echo, slow, fast [all]."
)
@click.option(
    "--sample", type=click.IntRange(1), metavar="N", help="N of each kind, always the same."
)
@click.option("--no-answers", is_flag=True, help="Leave out the answers.")
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="Processes [one a core].")
@click.option(
    "--cache", type=click.Path(path_type=Path), metavar="DIR", help="Where recognitions are kept."
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
    """Speak every sample in several voices and noises, and show what is misheard.

    Also speaks every answer and transcribes it. Recognitions are cached, so an interrupted run
    continues. The cache does not notice changed code between versions; use another --cache then.
    """
    from skill.tools.audition import (
        CONDITIONS,
        RECOGNIZERS,
        Plan,
        RecognitionCache,
        as_html,
        as_json,
        as_text,
        installed_voices,
        run_audition,
    )

    if ears in _BASELINES:
        raise AskableError(
            f"--ears {ears}: is a baseline; in the repository run python -m bench.baselines {ears}"
        )
    if ears not in RECOGNIZERS:
        raise AskableError(f"--ears {ears}: is unknown; use one of {', '.join(RECOGNIZERS)}")
    by_name = {condition.name: condition for condition in CONDITIONS}
    names = conditions.split(",") if conditions else list(by_name)
    unknown = [name for name in names if name not in by_name]
    if unknown:
        raise AskableError(f"--conditions {unknown[0]}: is not one of {', '.join(by_name)}")
    settings = settings_of(ctx)
    plan = Plan(
        recognizer="whisper" if (ears, settings.recognizer) == ("default", "whisper") else ears,
        voices=tuple(voices.split(",")) if voices else installed_voices(),
        conditions=tuple(by_name[name] for name in names),
        questions=questions,
        sample=sample,
        answers=not no_answers,
        jobs=jobs,
    )
    folder = cache or cache_folder() / "audition"
    with RecognitionCache(folder) as cached, Bar("recognizing") as bar:
        found = run_audition(settings, plan, cached, bar.tell)
    if html:
        html.write_text(as_html(found), encoding="utf-8")
    click.echo(as_json(found) if as_json else as_text(found))
