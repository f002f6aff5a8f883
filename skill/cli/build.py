"""`askable build` and `askable outline`: content in, models out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from skill.cli.shared import PATH, Bar, settings_of
from skill.errors import AskableError
from skill.settings import Settings

if TYPE_CHECKING:
    from skill.content import Article
    from skill.simulator import Runtime


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; fail when what is there is stale.")
@click.option(
    "--source",
    type=PATH,
    metavar="FILE",
    help="Compare with the article itself: a table of locators and sentences (.tsv).",
)
@click.pass_context
def build(ctx: click.Context, check: bool, source: Path | None) -> None:
    """Compile content/ into interaction_model/ and print how it covers the article."""
    from skill.content import compare_with_source, summarise
    from skill.simulator import read_language_model, write_language_model
    from skill.tools import build as builder

    settings = settings_of(ctx)
    built = builder.build(settings.content)
    if source:
        lines = compare_with_source(built.article, built.coverage, source)
        for line in lines:
            click.echo(line)
        if lines:
            raise AskableError(
                f"{source}: {len(lines)} differences, listed above; correct the content"
            )
        click.echo(f"{source}: every sentence matches the outline, and no answer quotes it")
    if check:
        builder.check(built, settings.models, settings.pictures)
        read_language_model(_runtime(settings, built.article))
    else:
        for path in builder.write(built, settings.models, settings.pictures):
            click.echo(f"wrote {path}")
        with Bar("training") as bar:
            trained = builder.train(built, settings.models, settings.sentences, bar.update)
        if trained:
            click.echo(f"wrote {trained}")
        language_model = write_language_model(_runtime(settings, built.article))
        if language_model:
            click.echo(f"wrote {language_model}")
    click.echo(summarise(built.article, built.coverage))


@click.command()
@click.argument("source", type=PATH)
def outline(source: Path) -> None:
    """Print the outline of a new article: locators and hashes for article.yaml.

    SOURCE is a table of locators and sentences, a tab between them.
    """
    from skill.content import make_outline

    click.echo(make_outline(source))


def _runtime(settings: Settings, article: Article) -> Runtime:
    from skill.memory import NoMemory
    from skill.simulator import Runtime

    locale = next(iter(article.locales))
    return Runtime(replace(settings, locale=locale), NoMemory())
