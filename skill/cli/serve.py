"""`askable serve` and `askable probe`: the web service, and the checks that it must pass."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import click

from skill.cli.shared import settings_of
from skill.errors import AskableError

_SKILL_ID = click.option(
    "--skill-id",
    envvar="ASKABLE_SKILL_ID",
    metavar="ID",
    help="Your skill's id from the Alexa console; several with commas. [$ASKABLE_SKILL_ID]",
)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@_SKILL_ID
@click.option("--workers", type=click.IntRange(1, 64), help="Processes [one per processor].")
@click.option(
    "--threads",
    type=click.IntRange(3, 64),
    default=16,
    show_default=True,
    help="Threads per worker.",
)
@click.option(
    "--metrics-port",
    type=click.IntRange(1, 65535),
    help="Serve metrics for Prometheus at http://127.0.0.1:PORT/metrics.",
)
@click.option("--insecure-local", is_flag=True, help="Verify NOTHING; for this machine only.")
@click.option(
    "--probe-authority",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Trust ONLY the test authority of `askable probe`; for this machine only.",
)
@click.pass_context
def serve(
    ctx: click.Context,
    host: str,
    port: int,
    skill_id: str | None,
    workers: int | None,
    threads: int,
    metrics_port: int | None,
    insecure_local: bool,
    probe_authority: Path | None,
) -> None:
    """Serve the skill to Alexa over HTTP; a proxy in front, such as nginx, provides TLS."""
    from skill.service import CertificateAuthority, ServeOptions, run

    options = ServeOptions(
        host,
        port,
        workers or len(os.sched_getaffinity(0)),
        threads,
        _ids(skill_id),
        insecure_local,
        probe_authority,
        metrics_port,
    )
    authority = None
    if insecure_local:
        _warn("--insecure-local: NO request is verified; anyone on this machine can be Alexa")
    if probe_authority:
        from skill.tools.probe import ROOT_FILE, fetch_from

        _warn(f"--probe-authority: trusts {probe_authority} INSTEAD of Amazon; for tests only")
        authority = CertificateAuthority(probe_authority / ROOT_FILE, fetch_from(probe_authority))
    run(settings_of(ctx), options, authority)


@click.command()
@click.argument("address", metavar="URL", required=False)
@_SKILL_ID
@click.option(
    "--authority",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The test authority that the endpoint trusts.",
)
@click.option(
    "--make-authority",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write a new test authority there and do nothing else.",
)
@click.option(
    "--patience", default=10.0, show_default=True, help="Seconds that a response may take."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per request.")
def probe(
    address: str | None,
    skill_id: str | None,
    authority: Path | None,
    make_authority: Path | None,
    patience: float,
    as_json: bool,
) -> None:
    """Play Amazon's certification checks against the endpoint at URL; exit with 1 if it fails.

    Any endpoint can be tested on what it must refuse. To test what it must accept, it has to trust
    a test authority: askable probe --make-authority DIR; askable serve --probe-authority
    DIR --skill-id ID; askable probe http://127.0.0.1:8000/ --authority DIR --skill-id ID
    """
    from skill.tools.probe import make_authority as new_authority
    from skill.tools.probe import probe as play
    from skill.tools.probe import row, summary

    if make_authority:
        new_authority(datetime.now(UTC)).write(make_authority)
        click.echo(f"wrote {make_authority}")
        return
    results = []
    for result in play(address or "", min(_ids(skill_id), default=""), authority, patience):
        click.echo(json.dumps(result.as_record()) if as_json else row(result))
        results.append(result)
    click.echo(summary(results), err=as_json)
    if not authority:
        click.echo(
            "Every request had to be refused. To test what must be accepted, give --authority"
            " and an endpoint that trusts it.",
            err=True,
        )
    wrong = sum(not result.right for result in results)
    if wrong:
        raise AskableError(f"{address}: {wrong} requests were handled wrongly, marked WRONG above")


def _ids(given: str | None) -> frozenset[str]:
    return frozenset(name.strip() for name in (given or "").split(",") if name.strip())


def _warn(what: str) -> None:
    bar = "!" * 78
    click.secho(f"{bar}\n!! {what}\n{bar}", fg="red", bold=True, err=True)
