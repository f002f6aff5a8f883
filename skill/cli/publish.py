"""`askable check` and `askable package`: Amazon's rules, and what is sent to Amazon."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from skill.cli.shared import PATH, Bar, settings_of
from skill.errors import AskableError
from skill.settings import Settings

if TYPE_CHECKING:  # these imports are slow, and --help does not need them
    from skill.alexa import Addresses
    from skill.aws import Architecture

_ADDRESSES = (
    ("--endpoint", "ASKABLE_ENDPOINT", "URL", "The address of the web service."),
    ("--lambda-arn", "ASKABLE_LAMBDA_ARN", "ARN", "The Lambda function."),
    ("--privacy-url", "ASKABLE_PRIVACY_URL", "URL", "Where docs/privacy.md is published."),
    ("--terms-url", "ASKABLE_TERMS_URL", "URL", "Where docs/terms.md is published."),
)
_WITHOUT_ENDPOINT = (
    "note: the manifest has no endpoint; give --endpoint URL or --lambda-arn ARN once you have one"
)
_WITHOUT_PAGES = (
    "note: the manifest has no privacy and terms pages, which Amazon requires; publish"
    " docs/privacy.md and docs/terms.md, then give --privacy-url and --terms-url"
)


def _addresses(command: Callable[..., None]) -> Callable[..., None]:
    for option, variable, metavar, text in reversed(_ADDRESSES):
        command = click.option(option, envvar=variable, metavar=metavar, help=text)(command)
    return command


def _read_addresses(
    endpoint: str | None, lambda_arn: str | None, privacy_url: str | None, terms_url: str | None
) -> Addresses:
    from skill.alexa import Addresses

    if endpoint and lambda_arn:
        raise AskableError("--endpoint, --lambda-arn: a skill has only one of them; remove one")
    return Addresses(endpoint or lambda_arn or "", privacy_url or "", terms_url or "")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The whole report, as JSON.")
@click.option("--table", is_flag=True, help="Only list the rules, as Markdown.")
@_addresses
@click.pass_context
def check(ctx: click.Context, /, as_json: bool, table: bool, **addresses: str | None) -> None:
    """Check the skill by Alexa's rules: its model, its store listing and its responses.

    Every intent, slot value and state of the conversation is tried in every locale, offline.
    """
    from skill.tools import certification

    if table:
        click.echo(certification.rule_table())
        return
    with Bar("asking") as bar:
        report = certification.check(settings_of(ctx), _read_addresses(**addresses), bar.update)
    click.echo(report.as_json() if as_json else report.as_text())
    if report.count("error"):
        ctx.exit(1)


@click.command()
@click.option("--lambda", "for_lambda", is_flag=True, help="Write a zip for AWS Lambda instead.")
@click.option(
    "--out",
    type=PATH,
    metavar="PATH",
    help="Where to write it [./package, or ./askable-lambda.zip with --lambda].",
)
@click.option(
    "--arch",
    type=click.Choice(["x86_64", "arm64"]),
    default="x86_64",
    show_default=True,
    help="The processor of the Lambda function.",
)
@_addresses
@click.pass_context
def package(
    ctx: click.Context,
    /,
    for_lambda: bool,
    out: Path | None,
    arch: Architecture,
    **addresses: str | None,
) -> None:
    """Write skill-package/ and ask-resources.json, which `ask deploy` sends to Amazon.

    With --lambda, write a zip for AWS Lambda with the code, its dependencies and the article.
    `pip` downloads the dependencies. The zip is tried once where this machine can run it.
    """
    if for_lambda:
        _package_lambda(settings_of(ctx), out or Path("askable-lambda.zip"), arch)
    else:
        _package_skill(settings_of(ctx), _read_addresses(**addresses), out or Path("package"))


def _package_skill(settings: Settings, known: Addresses, out: Path) -> None:
    from skill.tools import certification

    for path in certification.package(settings, known, out):
        click.echo(f"wrote {path}")
    if not known.endpoint:
        click.echo(_WITHOUT_ENDPOINT)
    if not (known.privacy and known.terms):
        click.echo(_WITHOUT_PAGES)


def _package_lambda(settings: Settings, out: Path, arch: Architecture) -> None:
    from skill.aws import make_lambda_zip

    made = make_lambda_zip(settings, out, arch)
    click.echo(f"wrote {made.path}: {made.size / 1e6:.1f} MB, {made.unzipped / 1e6:.1f} unzipped")
    click.echo("handler  skill.aws.handler")
    click.echo(f"runtime  python{made.python}, {made.architecture}")
    if made.remembers:
        click.echo("memory   DynamoDB where ASKABLE_DYNAMODB_TABLE names a table, else none")
    else:
        click.echo("memory   none; for DynamoDB, run pip install 'askable[dynamodb]' first")
    if not made.speech:
        click.echo(f"not tried: this machine is not {made.architecture}")
    for speech in made.speech:
        click.echo(f"it said  {speech}")
