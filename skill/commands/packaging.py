"""`askable package`: what is handed to others to run."""

from __future__ import annotations

from pathlib import Path

import click

from skill.commands.shared import settings_of


@click.command()
@click.option("--lambda", "for_lambda", is_flag=True, required=True, help="A zip for AWS Lambda.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default="askable-lambda.zip",
    show_default=True,
    metavar="FILE",
    help="Where to write it.",
)
@click.pass_context
def package(ctx: click.Context, for_lambda: bool, out: Path) -> None:
    """Pack the skill for AWS Lambda and try it once, in a Python that has nothing else."""
    from skill.lambda_package import make_lambda_zip

    made = make_lambda_zip(settings_of(ctx), out)
    click.echo(
        f"wrote {made.path}: {made.size / 1e6:.1f} MB, {made.own_size / 1e6:.1f} beside the SDK"
    )
    click.echo("handler  skill.aws.handler")
    click.echo(f"runtime  python{made.python}, x86_64 or arm64; a later one starts more slowly")
    if made.remembers:
        click.echo("memory   DynamoDB where ASKABLE_DYNAMODB_TABLE names a table, else none")
    else:
        click.echo("memory   none; for DynamoDB, run pip install 'askable[dynamodb]' first")
    for said in made.said:
        click.echo(f"it said  {said}")
