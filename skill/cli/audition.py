"""`askable audition`: which questions are misheard, and which answers are hard to follow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from skill.cli.shared import PATH, Bar, settings_of
from skill.errors import AskableError
from skill.settings import cache_folder

_BASELINES = ("general", "grammar")


@click.command()
@click.option(
    "--questions",
    multiple=True,
    type=PATH,
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
@click.option("--cache", type=PATH, metavar="DIR", help="Where recognitions are kept.")
@click.option("--html", type=PATH, metavar="FILE", help="A page with charts.")
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
@click.pass_context
def audition(
    ctx: click.Context,
    /,
    ears: str,
    voices: str | None,
    conditions: str | None,
    cache: Path | None,
    html: Path | None,
    as_json: bool,
    no_answers: bool,
    **options: Any,
) -> None:
    """Speak every sample in several voices and noises, and show what is misheard.

    Also speaks every answer and transcribes it. Recognitions are cached, so an interrupted run
    continues. The cache does not notice changed code between versions; use another --cache then.
    """
    from skill.tools import audition as auditions

    if ears in _BASELINES:
        raise AskableError(
            f"--ears {ears}: is a baseline; in the repository run python -m bench.baselines {ears}"
        )
    if ears not in auditions.RECOGNIZERS:
        known = ", ".join(auditions.RECOGNIZERS)
        raise AskableError(f"--ears {ears}: is unknown; use one of {known}")
    by_name = {condition.name: condition for condition in auditions.CONDITIONS}
    names = conditions.split(",") if conditions else list(by_name)
    unknown = [name for name in names if name not in by_name]
    if unknown:
        raise AskableError(f"--conditions {unknown[0]}: is not one of {', '.join(by_name)}")
    settings = settings_of(ctx)
    plan = auditions.Plan(
        "whisper" if (ears, settings.recognizer) == ("default", "whisper") else ears,
        voices.split(",") if voices else auditions.installed_voices(),
        [by_name[name] for name in names],
        answers=not no_answers,
        **options,
    )
    cached = auditions.RecognitionCache(cache or cache_folder() / "audition")
    with Bar("recognizing") as bar:
        found = auditions.run_audition(settings, plan, cached, bar.update)
    if html:
        html.write_text(auditions.as_html(found), encoding="utf-8")
    click.echo(auditions.as_json(found) if as_json else auditions.as_text(found))
