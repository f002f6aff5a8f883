"""Checks a skill by Alexa's rules, and writes the package that is sent to Amazon."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skill.alexa import (
    MODEL_FILE,
    Addresses,
    compile_manifest,
    load_skill,
    make_package,
    write_package,
)
from skill.alexa.rules import (
    ENDPOINT_RULES,
    LISTING_RULES,
    MODEL_RULES,
    PACKAGE_RULES,
    PAGE_RULES,
    RESPONSE_RULES,
    Breach,
    Publication,
    Rule,
    breaches,
)
from skill.content import Article, read_listing
from skill.errors import ContentError, Problem
from skill.settings import Settings
from skill.tools.build import build
from skill.tools.certification.reachable_states import reachable_states
from skill.tools.certification.report import ALL_RULES, CertificationReport, count_findings
from skill.tools.certification.response_sweep import requests_for, sweep
from skill.tools.certification.source_map import SourceMap


@dataclass(frozen=True)
class _Submission:
    """Everything that is sent to Amazon."""

    article: Article
    model: str
    manifest: dict[str, Any]
    source_map: SourceMap

    @property
    def package(self) -> dict[str, bytes]:
        return make_package(self.manifest, self.model, self.article.locales)


def check(
    settings: Settings, addresses: Addresses, progress: Callable[[int, int], None]
) -> CertificationReport:
    """Check every rule on the skill that the content compiles to.

    Args:
        settings: Which content and compiled files.
        addresses: The rules for addresses are left out where none is given.
        progress: Called with how many responses are checked, and of how many.

    Raises:
        ContentError: The content does not compile.
        StaleError: The compiled files are older than the content.
    """
    submission = _compile(settings.content, addresses)
    model = json.loads(submission.model)
    requests = requests_for(submission.article, model, reachable_states(submission.article))
    skill = load_skill(settings)
    _ = skill.matcher  # a stale model raises here, not as an apology in a response
    found = list(_breaches_of_files(submission, addresses))
    for exchange in sweep(requests, skill.respond, progress):
        for breach in breaches(RESPONSE_RULES, exchange):
            found.append((breach, submission.source_map.in_reply(breach, exchange)))
    file_rules: list[Rule[Any]] = [*MODEL_RULES, *_listing_rules(addresses), *PACKAGE_RULES]
    checked = {
        **{rule.id: 0 for rule in ALL_RULES},
        **{rule.id: 1 for rule in file_rules},
        **{rule.id: len(requests) for rule in RESPONSE_RULES},
    }
    return CertificationReport(count_findings(found), checked, len(requests))


def package(settings: Settings, addresses: Addresses, out: Path) -> list[Path]:
    """Write the package of the skill that the content compiles to.

    Returns:
        The files that were written; those that are already right are left alone.

    Raises:
        ContentError: One problem for each rule that is broken; nothing is written.
    """
    submission = _compile(settings.content, addresses)
    found = _breaches_of_files(submission, addresses)
    problems = [problem for breach, problem in found if not breach.rule.warns]
    if problems:
        raise ContentError(problems)
    return write_package(submission.package, out)


def _compile(content: Path, addresses: Addresses) -> _Submission:
    listing = read_listing(content)
    built = build(content)
    manifest = compile_manifest(built.article, listing, addresses)
    source_map = SourceMap(built.article, built.lines, listing)
    return _Submission(built.article, built.model, manifest, source_map)


def _breaches_of_files(
    submission: _Submission, addresses: Addresses
) -> Iterator[tuple[Breach, Problem]]:
    model = json.loads(submission.model)
    for breach in breaches(MODEL_RULES, model):
        yield breach, Problem(MODEL_FILE, 0, "", breach.what)
    publication = Publication(submission.manifest, model, tuple(submission.article.locales))
    for breach in breaches(_listing_rules(addresses), publication):
        yield breach, submission.source_map.in_listing(breach)
    for breach in breaches(PACKAGE_RULES, submission.package):
        yield breach, Problem(breach.where, 0, "", breach.what)


def _listing_rules(addresses: Addresses) -> Iterator[Rule[Publication]]:
    """The rules for a manifest; those for addresses only once there are addresses."""
    yield from LISTING_RULES
    if addresses.endpoint:
        yield from ENDPOINT_RULES
    if addresses.privacy or addresses.terms:
        yield from PAGE_RULES
