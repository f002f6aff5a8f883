"""The publisher's tools: check a skill by Alexa's rules, and make the package to send in."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from skill.alexa.manifest import Addresses, compile_manifest
from skill.alexa.package import make_package, write_package
from skill.alexa.skill import load_skill
from skill.content.loader import read_content
from skill.content.model import Article
from skill.content.store_listing import Listing, read_listing
from skill.errors import ContentError
from skill.settings import Settings
from skill.tools.build import build
from skill.tools.certification.reachable_states import reachable_states
from skill.tools.certification.response_sweep import ask_all, requests_for
from skill.tools.certification.run import (
    ALL_RULES,
    Report,
    certify_files,
    certify_speech,
    report_on,
)
from skill.tools.certification.source_map import SourceMap


@dataclass(frozen=True)
class _Compiled:
    """What the content makes: all that there is to send in."""

    article: Article
    listing: Listing
    models: dict[str, str]  # locale -> text of its model
    places: SourceMap


def check(settings: Settings, addresses: Addresses, progress: Callable[[int, int], None]) -> Report:
    """Run every rule over the skill that the content makes.

    Raises ContentError where the content does not compile.
    """
    made = _compile(settings.content)
    files = certify_files(made.article, made.models, made.listing, made.places, addresses)
    skill = load_skill(settings)
    model = json.loads(next(iter(made.models.values())))
    requests = requests_for(made.article, model, reachable_states(made.article))
    spoken = ask_all(requests, skill.respond, time.perf_counter, progress)
    return report_on(files, *certify_speech(spoken, made.places), addresses)


def package(settings: Settings, addresses: Addresses, out: Path) -> list[Path]:
    """Write the package of the skill that the content makes; returns the files written.

    Raises ContentError with every rule that it breaks; nothing is written then.
    """
    made = _compile(settings.content)
    found = certify_files(made.article, made.models, made.listing, made.places, addresses)
    problems = [finding.problem for finding in found if finding.level == "error"]
    if problems:
        raise ContentError(problems)
    manifest = compile_manifest(made.article, made.listing, addresses)
    return write_package(make_package(manifest, made.models), out)


def _compile(content: Path) -> _Compiled:
    listing = read_listing(content)
    built = build(content)
    models = {name.removesuffix(".json"): text for name, text in built.models.items()}
    places = SourceMap(built.article, read_content(content).lines, listing)
    return _Compiled(built.article, listing, models, places)


def summary(report: Report) -> str:
    """What was found, a line each, and how much was looked at."""
    lines = [str(finding) for finding in report.findings]
    if report.left:
        lines.append(f"not looked at: {', '.join(report.left)}; they need an address")
    lines.append(
        f"{len(ALL_RULES) - len(report.left)} of {len(ALL_RULES)} rules, "
        f"{report.responses:,} responses: "
        f"{report.count('error')} errors, {report.count('warning')} warnings"
    )
    return "\n".join(lines)


def as_json(report: Report) -> str:
    """The report for programs."""
    return json.dumps(
        {
            "errors": report.count("error"),
            "warnings": report.count("warning"),
            "responses": report.responses,
            "findings": [
                {
                    "level": finding.level,
                    "rule": finding.rule.id,
                    "file": finding.problem.file,
                    "line": finding.problem.line,
                    "field": finding.problem.place,
                    "what": finding.problem.what,
                    "times": finding.times,
                    "source": finding.rule.source,
                }
                for finding in report.findings
            ],
            "rules": [
                {
                    "id": rule.id,
                    "what": rule.what,
                    "limit": rule.limit,
                    "source": rule.source,
                    "confirmed": rule.confirmed,
                    "level": "warning" if rule.warns else "error",
                    "looked_at": report.looked_at[rule.id],
                }
                for rule in ALL_RULES
            ],
        },
        indent=1,
    )
