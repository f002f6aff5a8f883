"""`askable serve` and `askable probe`: the web service, and the checks that it must pass."""

from __future__ import annotations

import json
import os
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
@click.option("--workers", type=click.IntRange(1, 64), help="Processes [one a processor].")
@click.option(
    "--threads", type=click.IntRange(3, 64), default=16, show_default=True, help="A worker's."
)
@click.option(
    "--metrics-port",
    type=click.IntRange(1, 65535),
    help="Show figures for Prometheus at http://127.0.0.1:PORT/metrics.",
)
@click.option("--insecure-local", is_flag=True, help="Verify NOTHING; on this machine alone.")
@click.option(
    "--probe-authority",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Trust ONLY the test authority of `askable probe`; on this machine alone.",
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
    """Serve the skill to Alexa over HTTP; TLS is for what stands in front, such as nginx."""

    from skill.service.run import Serving, run

    serving = Serving(
        host,
        port,
        workers or len(os.sched_getaffinity(0)),
        threads,
        _ids(skill_id),
        insecure_local,
        probe_authority,
        metrics_port,
    )
    if insecure_local:
        _warn("--insecure-local: NO request is verified; anyone on this machine can be Alexa")
    if probe_authority:
        _warn(f"--probe-authority: trusts {probe_authority} INSTEAD of Amazon; for tests alone")
    run(settings_of(ctx), serving)


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
@click.option("--patience", default=10.0, show_default=True, help="Seconds for an answer.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a request.")
def probe(
    address: str | None,
    skill_id: str | None,
    authority: Path | None,
    make_authority: Path | None,
    patience: float,
    as_json: bool,
) -> None:
    """Play Amazon's certification checks against the endpoint at URL and exit with 1 if it fails.

    Everything that must be refused is sent to any endpoint. What must be accepted needs one that
    trusts a test authority: askable probe --make-authority DIR; askable serve --probe-authority
    DIR --skill-id ID; askable probe http://127.0.0.1:8000/ --authority DIR --skill-id ID
    """
    from datetime import UTC, datetime

    from skill.tools.probe.certificates import make_authority as new_authority
    from skill.tools.probe.certificates import read_authority
    from skill.tools.probe.client import Endpoint
    from skill.tools.probe.run import probe as play
    from skill.tools.probe.run import row, summary

    now = datetime.now(UTC)
    if make_authority:
        new_authority(now).write(make_authority)
        click.echo(f"wrote {make_authority}")
        return
    if not address:
        raise AskableError("URL: is missing; give the endpoint's, such as http://127.0.0.1:8000/")
    ids = sorted(_ids(skill_id))
    if authority and not ids:
        raise AskableError("--skill-id: is missing; give the id that the endpoint serves")
    endpoint = Endpoint(address, patience)
    endpoint.check()
    trusted = read_authority(authority) if authority else new_authority(now)
    asked_for = ids[0] if ids else "amzn1.ask.skill.askable-probe"
    findings = []
    for finding in play(endpoint, trusted, asked_for, authority is not None):
        click.echo(json.dumps(finding.as_record()) if as_json else row(finding))
        findings.append(finding)
    click.echo(summary(findings), err=as_json)
    if not authority:
        click.echo(
            "All had to be refused: what must be accepted needs --authority and an endpoint"
            " that trusts it.",
            err=True,
        )
    wrong = sum(not finding.right for finding in findings)
    if wrong:
        raise AskableError(f"{address}: {wrong} requests were treated wrongly, marked WRONG above")


def _ids(given: str | None) -> frozenset[str]:
    return frozenset(name.strip() for name in (given or "").split(",") if name.strip())


def _warn(what: str) -> None:
    bar = "!" * 78
    click.secho(f"{bar}\n!! {what}\n{bar}", fg="red", bold=True, err=True)
