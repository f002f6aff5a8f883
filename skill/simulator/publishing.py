"""The publisher's tools: check a skill by Alexa's rules, and make the package to send in."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

from skill.alexa.manifest import Addresses, compile_manifest
from skill.alexa.package import make_package, write_package
from skill.alexa.rules import breaches
from skill.alexa.rules.packages import PACKAGE_RULES
from skill.alexa.rules.publication import Publication
from skill.build import build
from skill.compiled import load_matcher
from skill.content import read_content
from skill.errors import ContentError, Problem
from skill.exploration import reachable_states
from skill.handlers import Skill
from skill.memory import NoMemory
from skill.settings import Settings
from skill.simulator.certification import ALL_RULES, Report, certify, publication_rules
from skill.simulator.places import Places
from skill.simulator.survey import ask_all, requests_for
from skill.store import read_listing


def check(settings: Settings, addresses: Addresses, progress: Callable[[int, int], None]) -> Report:
    """Run every rule over the skill that the content makes.

    Raises ContentError where the content does not compile.
    """
    listing = read_listing(settings.content)
    built = build(settings.content)
    models = {name.removesuffix(".json"): text for name, text in built.models.items()}
    matcher = load_matcher(settings.content, settings.models)
    skill = Skill(built.article, matcher.rank, NoMemory())
    model = json.loads(next(iter(models.values())))
    requests = requests_for(built.article, model, reachable_states(built.article))
    spoken = ask_all(requests, skill.respond, time.perf_counter, progress)
    lines = read_content(settings.content).lines
    return certify(built.article, models, listing, lines, spoken, addresses)


def package(settings: Settings, addresses: Addresses, out: Path) -> list[Path]:
    """Write the package of the skill that the content makes; returns the files written.

    Raises ContentError with every rule that it breaks; nothing is written then.
    """
    listing = read_listing(settings.content)
    built = build(settings.content)
    models = {name.removesuffix(".json"): text for name, text in built.models.items()}
    manifest = compile_manifest(built.article, listing, addresses)
    files = make_package(manifest, models)
    parsed = {locale: json.loads(text) for locale, text in models.items()}
    places = Places(built.article, read_content(settings.content).lines, listing)
    rules = publication_rules(addresses)
    problems = [
        places.in_listing(breach) for breach in breaches(rules, Publication(manifest, parsed))
    ]
    problems += [
        Problem(breach.at, 0, "", breach.what) for breach in breaches(PACKAGE_RULES, files)
    ]
    if problems:
        raise ContentError(problems)
    return write_package(files, out)


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
