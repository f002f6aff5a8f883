from __future__ import annotations

import copy
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from skill.alexa import Addresses, Exchange, compile_manifest, make_package
from skill.alexa.rules import (
    ENDPOINT_RULES,
    LISTING_RULES,
    MODEL_RULES,
    PACKAGE_RULES,
    PAGE_RULES,
    RESPONSE_RULES,
    SSML_RULES,
    Breach,
    Publication,
    breaches,
)
from skill.cli import main
from skill.content import REFUSALS, read_listing
from skill.conversation import to_ssml
from skill.simulator import Runtime
from skill.tools.build import Built, build, train, write
from skill.tools.certification import rule_table
from skill.tools.certification.reachable_states import reachable_states
from skill.tools.certification.report import ALL_RULES
from skill.tools.certification.response_sweep import requests_for, sweep
from tests.conftest import QUICK, REPO, TEA
from tests.support.edits import apply_edits

ONLINE = Addresses("https://skill.example/alexa", "https://a.example/p", "https://a.example/t")


def _cases(name: str) -> list[dict[str, Any]]:
    text = (REPO / "tests" / "data" / name).read_text(encoding="utf-8")
    found: list[dict[str, Any]] = yaml.safe_load(text)
    return found


MODELS = _cases("broken_models.yaml")
LISTINGS = _cases("broken_listings.yaml")
PACKAGES = _cases("broken_packages.yaml")
REPLIES = _cases("broken_replies.yaml")


def _ids(found: Iterable[Breach]) -> set[str]:
    return {breach.rule.id for breach in found}


def _break(document: Any, case: dict[str, Any]) -> None:
    if "edits" in case:
        apply_edits(document, case["edits"])
    else:
        apply_edits(document, [case])


@pytest.fixture
def model(built: Built) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(built.model)
    return found


@pytest.fixture
def manifest(built: Built) -> dict[str, Any]:
    return compile_manifest(built.article, read_listing(TEA), ONLINE)


@pytest.mark.parametrize("case", MODELS, ids=lambda case: case["rule"])
def test_a_broken_model_breaks_only_its_own_rule(
    case: dict[str, Any], model: dict[str, Any]
) -> None:
    assert breaches(MODEL_RULES, model) == []
    _break(model["interactionModel"]["languageModel"], case)
    assert _ids(breaches(MODEL_RULES, model)) == {case["rule"]}


@pytest.mark.parametrize("case", LISTINGS, ids=lambda case: case["rule"])
def test_a_broken_listing_breaks_only_its_own_rule(
    case: dict[str, Any], built: Built, model: dict[str, Any], manifest: dict[str, Any]
) -> None:
    inner = manifest["manifest"]
    document = {
        "manifest": inner,
        "publishing": inner["publishingInformation"],
        "compliance": inner["privacyAndCompliance"],
        "listing": inner["publishingInformation"]["locales"]["en-US"],
        "locales": list(built.article.locales),
    }
    rules = (*LISTING_RULES, *ENDPOINT_RULES, *PAGE_RULES)
    assert breaches(rules, Publication(manifest, model, tuple(document["locales"]))) == []
    _break(document, case)
    publication = Publication(manifest, model, tuple(document["locales"]))
    assert _ids(breaches(rules, publication)) == {case["rule"]}


@pytest.mark.parametrize("case", PACKAGES, ids=lambda case: case["rule"])
def test_a_broken_package_breaks_only_its_own_rule(
    case: dict[str, Any], built: Built, model: dict[str, Any], manifest: dict[str, Any]
) -> None:
    files = make_package(manifest, built.model, built.article.locales)
    assert breaches(PACKAGE_RULES, files) == []
    texts = {path: data.decode("latin-1") for path, data in files.items()}
    _break(texts, case)
    broken = {path: text.encode("latin-1") for path, text in texts.items()}
    assert _ids(breaches(PACKAGE_RULES, broken)) == {case["rule"]}


@pytest.fixture(scope="module")
def answered(runtime: Runtime, built: Built) -> dict[str, Exchange]:
    """What the skill answers to each request that can open a session, by intent or type."""
    requests = requests_for(built.article, json.loads(built.model), [])
    found: dict[str, Exchange] = {}
    for exchange in sweep(requests, runtime.skill.respond):
        found.setdefault(exchange.name, exchange)
    return found


@pytest.mark.parametrize("case", REPLIES, ids=lambda case: case["rule"])
def test_a_broken_response_breaks_only_its_own_rule(
    case: dict[str, Any], answered: dict[str, Exchange]
) -> None:
    whole = replace(answered[case["asked"]], seconds=0.0)
    assert breaches(RESPONSE_RULES, whole) == []
    response: dict[str, Any] = copy.deepcopy(dict(whole.response))
    _break({"response": response, "reply": response.setdefault("response", {})}, case)
    broken = Exchange(whole.request, response, seconds=case.get("seconds", 0.0))
    assert _ids(breaches(RESPONSE_RULES, broken)) == {case["rule"]}


def test_every_rule_has_a_case_that_breaks_it() -> None:
    broken = {case["rule"] for case in (*MODELS, *LISTINGS, *PACKAGES, *REPLIES)}
    assert {rule.id for rule in ALL_RULES} == broken
    assert len(broken) == len(ALL_RULES)


def test_what_an_author_breaks_is_reported_with_file_line_and_field(
    copied_content: Path, tmp_path: Path
) -> None:
    cases = _cases("broken_skills.yaml")
    for case in cases:
        path = copied_content / case["file"]
        text = path.read_text(encoding="utf-8")
        assert text.count(case["old"]) >= 1, case["field"]
        path.write_text(text.replace(case["old"], case["new"], 1), encoding="utf-8")
    models = tmp_path / "models"
    compiled = build(copied_content)
    write(compiled, models, tmp_path)
    train(compiled, models, recipes=QUICK)
    options = ["--content", str(copied_content), "--models", str(models)]
    result = CliRunner().invoke(main, [*options, "check", "--json"])
    assert result.exit_code == 1, result.output
    found = [(f["rule"], f["file"], f["field"]) for f in json.loads(result.stdout)["findings"]]
    assert sorted(found) == sorted((c["rule"], f"tea/{c['file']}", c["field"]) for c in cases)
    lines = CliRunner().invoke(main, [*options, "check"]).stdout.splitlines()
    for case in cases:
        (line,) = (line for line in lines if f" {case['field']}: " in line)
        at = _line_of(case["field"], copied_content / case["file"])
        assert line.startswith(f"error: tea/{case['file']}:{at}: {case['field']}: ")
        assert f" [{case['rule']}: developer.amazon.com/" in line
    assert lines[-1].endswith(f"{len(cases)} errors, 0 warnings")


def test_a_stale_matcher_fails_the_check(built: Built, tmp_path: Path) -> None:
    write(built, tmp_path, tmp_path)
    result = CliRunner().invoke(main, ["--content", str(TEA), "--models", str(tmp_path), "check"])
    assert result.exit_code == 1
    assert "matcher.npz" in result.output


def _line_of(field: str, path: Path) -> int:
    (at,) = (
        number
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if line.strip().startswith(f"{field.removeprefix('prompts.')}:")
    )
    return at


def test_every_answer_topic_and_part_of_the_reading_is_reached(built: Built) -> None:
    article = built.article
    states = reachable_states(article)
    parts = {(state.answer, state.part) for state in states if state.cue == "part"}
    assert parts == {(a.id, part) for a in article.answers.values() for part in range(len(a.parts))}
    assert {s.reading for s in states if s.cue == "reading"} == {1, 2, 3}
    assert {s.resume_part for s in states if s.cue == "reading_resume"} == {1, 2}
    for cue in ("not_in_article_near", "did_you_mean"):
        offered = {state.offer.answer for state in states if state.cue == cue and state.offer}
        assert offered == set(article.answers)
    cues = {state.cue for state in states}
    assert cues >= {"help", "fallback_3", "no_reason", "trouble", "goodbye"}
    assert {state.refusal for state in states} == {"", *(refusal.name for refusal in REFUSALS)}


def test_the_table_in_the_docs_is_the_one_that_is_checked() -> None:
    page = REPO / "docs" / "reference" / "certification-rules.md"
    assert rule_table() in page.read_text(encoding="utf-8")
    assert CliRunner().invoke(main, ["check", "--table"]).stdout.strip() == rule_table()


# XML allows no control characters; content files may not have them either.
_TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"))


@given(_TEXT)
def test_any_spoken_words_are_well_formed_ssml(words: str) -> None:
    reply = {"outputSpeech": {"ssml": f"<speak>{to_ssml(words)}</speak>"}}
    exchange = Exchange({"request": {"type": "IntentRequest"}}, {"response": reply})
    assert _ids(breaches(SSML_RULES, exchange)) <= {"speech-length"}


@given(st.text(alphabet='<>/&"= ampzon:breaktimspk10', max_size=60))
def test_any_text_can_be_checked_as_ssml(ssml: str) -> None:
    reply = {"outputSpeech": {"ssml": ssml}, "reprompt": {"outputSpeech": {"ssml": ssml}}}
    exchange = Exchange({"request": {"type": "IntentRequest"}}, {"response": reply})
    assert _ids(breaches(RESPONSE_RULES, exchange)) <= {rule.id for rule in RESPONSE_RULES}
