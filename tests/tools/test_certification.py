from __future__ import annotations

import copy
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from skill.alexa.exchange import Exchange
from skill.alexa.manifest import Addresses, compile_manifest
from skill.alexa.package import make_package
from skill.alexa.rules import MODEL_RULES, Breach, breaches, broken_rules
from skill.alexa.rules.manifests import MANIFEST_RULES
from skill.alexa.rules.packages import PACKAGE_RULES
from skill.alexa.rules.policy import ENDPOINT_RULES, PAGE_RULES
from skill.alexa.rules.publication import Publication
from skill.alexa.rules.speech import SPEECH_RULES
from skill.alexa.rules.ssml import SSML_RULES
from skill.cli import main
from skill.content.loader import load_article
from skill.content.store_listing import read_listing
from skill.conversation.replies import to_ssml
from skill.simulator.runtime import Runtime
from skill.tools.build import Built
from skill.tools.certification.reachable_states import reachable_states
from skill.tools.certification.response_sweep import ask_all, requests_for
from skill.tools.certification.run import ALL_RULES, rule_table
from tests.conftest import CONTENT, REPO

DATA = REPO / "tests" / "data"


def _cases(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
    return found


MODELS = _cases("broken_models.yaml")
LISTINGS = _cases("broken_listings.yaml")
PACKAGES = _cases("broken_packages.yaml")
REPLIES = _cases("broken_replies.yaml")
ONLINE = Addresses("https://skill.example/alexa", "https://a.example/p", "https://a.example/t")


def _ids(found: Iterable[Breach]) -> set[str]:
    return {breach.rule.id for breach in found}


@pytest.fixture
def models(built: Built) -> dict[str, Any]:
    return {name.removesuffix(".json"): json.loads(text) for name, text in built.models.items()}


@pytest.fixture
def manifest(built: Built) -> dict[str, Any]:
    return compile_manifest(built.article, read_listing(CONTENT), ONLINE)


@pytest.fixture
def files(built: Built, manifest: dict[str, Any]) -> dict[str, bytes]:
    texts = {name.removesuffix(".json"): text for name, text in built.models.items()}
    return make_package(manifest, texts)


@pytest.mark.parametrize("case", MODELS, ids=lambda case: case["rule"])
def test_a_broken_model_is_caught_by_its_own_rule_alone(
    case: dict[str, str], models: dict[str, Any]
) -> None:
    model = models["en-US"]
    exec(case["break"], {"language": model["interactionModel"]["languageModel"]})
    assert _ids(broken_rules(model)) == {case["rule"]}


@pytest.mark.parametrize("case", LISTINGS, ids=lambda case: case["rule"])
def test_a_broken_listing_is_caught_by_its_own_rule_alone(
    case: dict[str, str], models: dict[str, Any], manifest: dict[str, Any]
) -> None:
    inner = manifest["manifest"]
    names = {
        "manifest": inner,
        "models": models,
        "publishing": inner["publishingInformation"],
        "compliance": inner["privacyAndCompliance"],
        "shown": inner["publishingInformation"]["locales"]["en-US"],
    }
    rules = (*MANIFEST_RULES, *ENDPOINT_RULES, *PAGE_RULES)
    exec(case["break"], names)
    assert _ids(breaches(rules, Publication(manifest, models))) == {case["rule"]}


@pytest.mark.parametrize("case", PACKAGES, ids=lambda case: case["rule"])
def test_a_broken_package_is_caught_by_its_own_rule_alone(
    case: dict[str, str], files: dict[str, bytes]
) -> None:
    exec(case["break"], {"files": files})
    assert _ids(breaches(PACKAGE_RULES, files)) == {case["rule"]}


@pytest.fixture(scope="module")
def answered(runtime: Runtime) -> dict[str, Exchange]:
    """What the skill answers to each thing that can open a session, by intent or request."""
    model = json.loads((REPO / "interaction_model" / "en-US.json").read_text(encoding="utf-8"))
    requests = requests_for(runtime.article, model, [])
    found: dict[str, Exchange] = {}
    for spoken in ask_all(requests, runtime.skill.respond, lambda: 0.0, lambda done, of: None):
        found.setdefault(spoken.intent or spoken.request_type, spoken)
    return found


@pytest.mark.parametrize("case", REPLIES, ids=lambda case: case["rule"])
def test_a_broken_reply_is_caught_by_its_own_rule_alone(
    case: dict[str, Any], answered: dict[str, Exchange]
) -> None:
    whole = answered[case["asked"]]
    assert _ids(breaches(SPEECH_RULES, whole)) == set()
    response = copy.deepcopy(dict(whole.response))
    reply = response.setdefault("response", {})

    def say(words: str) -> None:
        reply["outputSpeech"] = {"type": "SSML", "ssml": f"<speak>{words}</speak>"}

    exec(case["break"], {"response": response, "reply": reply, "say": say})
    broken = Exchange(whole.request, response, case.get("seconds", 0.0))
    assert _ids(breaches(SPEECH_RULES, broken)) == {case["rule"]}


def test_every_rule_has_something_broken_that_it_catches() -> None:
    caught = {case["rule"] for case in (*MODELS, *LISTINGS, *PACKAGES, *REPLIES)}
    assert {rule.id for rule in ALL_RULES} == caught
    assert len({rule.id for rule in ALL_RULES}) == len(ALL_RULES)


def test_the_shipped_skill_is_clean() -> None:
    result = CliRunner().invoke(main, ["check", "--json", *_options(ONLINE)])
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    # How long an answer took on this machine is for nothing here to pass or fail by.
    assert [f for f in report["findings"] if f["rule"] != "response-time"] == []
    assert all(rule["looked_at"] for rule in report["rules"])


def _options(addresses: Addresses) -> list[str]:
    pages = ["--privacy-url", addresses.privacy, "--terms-url", addresses.terms]
    return ["--endpoint", addresses.endpoint, *pages]


@pytest.mark.slow
def test_what_an_author_breaks_is_told_with_file_line_and_field(
    small_article: Path, quick_learning: None
) -> None:
    cases = _cases("broken_skills.yaml")
    for case in cases:
        path = small_article / case["file"]
        text = path.read_text(encoding="utf-8")
        assert text.count(case["replace"]) == 1, case["name"]
        path.write_text(text.replace(case["replace"], case["with"]), encoding="utf-8")
    options = ["--content", str(small_article)]
    built = CliRunner().invoke(main, [*options, "build"])
    assert built.exit_code == 0, built.output
    result = CliRunner().invoke(main, [*options, "check", "--json"])
    assert result.exit_code == 1
    found = [(f["rule"], f["file"], f["field"]) for f in json.loads(result.stdout)["findings"]]
    assert sorted(found) == sorted((c["rule"], f"tea/{c['file']}", c["field"]) for c in cases)
    lines = CliRunner().invoke(main, [*options, "check"]).stdout.splitlines()
    for case in cases:
        (told,) = (line for line in lines if f" {case['field']}: " in line)
        at = _line_of(case["field"], small_article / case["file"])
        assert told.startswith(f"error: tea/{case['file']}:{at}: {case['field']}: ")
        assert f" [{case['rule']}: developer.amazon.com/" in told
    assert lines[-1].endswith(f"{len(cases)} errors, 0 warnings")


def _line_of(field: str, path: Path) -> int:
    (at,) = (
        number
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if line.strip().startswith(f"{field.removeprefix('prompts.')}:")
    )
    return at


def test_every_answer_topic_and_part_of_the_reading_is_come_upon(small_article: Path) -> None:
    article = load_article(small_article)
    states = reachable_states(article)
    told = {(state.answer, state.part) for state in states if state.cue == "part"}
    assert told == {(a.id, part) for a in article.answers.values() for part in range(len(a.parts))}
    assert {s.reading for s in states if s.cue == "reading"} == {1, 2}
    assert {s.stopped for s in states if s.cue == "reading_resume"} == {1}
    for cue in ("not_in_article_near", "did_you_mean"):
        offered = {state.offer for state in states if state.cue == cue}
        assert offered == {f"answer:{name}" for name in article.answers}
    cues = {state.cue for state in states}
    assert cues >= {"help", "danger", "medical", "fallback_3", "no_reason", "trouble", "goodbye"}


def test_the_table_in_the_docs_is_the_one_that_is_checked() -> None:
    page = (REPO / "docs" / "certification.md").read_text(encoding="utf-8")
    assert rule_table() in page
    assert CliRunner().invoke(main, ["check", "--table"]).stdout.strip() == rule_table()


# XML knows no control characters; reading content takes none either.
_TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"))


@given(_TEXT)
def test_any_words_that_are_spoken_are_well_formed_ssml(words: str) -> None:
    reply = {"outputSpeech": {"ssml": f"<speak>{to_ssml(words)}</speak>"}}
    spoken = Exchange({"request": {"type": "IntentRequest"}}, {"response": reply})
    assert _ids(breaches(SSML_RULES, spoken)) <= {"speech-length"}


@given(st.text(alphabet='<>/&"= ampzon:breaktimspk10', max_size=60))
def test_any_ssml_is_judged_without_a_fall(ssml: str) -> None:
    reply = {"outputSpeech": {"ssml": ssml}, "reprompt": {"outputSpeech": {"ssml": ssml}}}
    spoken = Exchange({"request": {"type": "IntentRequest"}}, {"response": reply})
    assert _ids(breaches(SPEECH_RULES, spoken)) <= {rule.id for rule in SPEECH_RULES}


def test_model_rules_are_what_build_holds_models_to() -> None:
    assert {rule.id for rule in MODEL_RULES} == {case["rule"] for case in MODELS}
