from __future__ import annotations

import json
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
import soundfile
from click.testing import CliRunner
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from skill.cli import main
from skill.errors import AskableError, EngineError
from skill.simulator.assemble import Speaker
from skill.simulator.device import Device
from skill.simulator.page.app import LARGEST_BODY, Simulator, create_app
from skill.simulator.page.clips import MOST_CLIPS, Clips
from skill.simulator.page.guard import TOKEN_HEADER
from skill.simulator.page.replay import read_replay, write_replay
from skill.simulator.page.serving import serving
from skill.simulator.page.tabs import MOST_TABS, Tab
from skill.simulator.requests import SKILL_ID
from tests.conftest import REPO

TOKEN = "the page's own"
OWN = {TOKEN_HEADER: TOKEN, "Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
POSTS = ("/tabs", "/tabs/x/say", "/tabs/x/hear", "/tabs/x/silence", "/tabs/x/end", "/replays")


@pytest.fixture(scope="module")
def client(speaker: Speaker) -> FlaskClient:
    sentences = {"p3.s1": "What the article says there."}
    return create_app(Simulator(speaker, "en-US", sentences, token=TOKEN)).test_client()


@pytest.fixture(scope="module")
def question(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("question") / "q.wav"
    subprocess.run(["espeak-ng", "-w", str(path), "what is a sex blush"], check=True)
    return path.read_bytes()


@pytest.fixture
def tab(client: FlaskClient) -> str:
    return _open(client)


def _open(client: FlaskClient, query: str = "") -> str:
    opened = _post(client, f"/tabs{query}")
    assert opened.status_code == 200, opened.text
    return str(opened.get_json()["tab"])


def _post(client: FlaskClient, path: str, body: str | bytes = b"") -> TestResponse:
    return client.post(path, data=body, headers=OWN)


def _say(client: FlaskClient, tab: str, text: str) -> Any:
    answered = _post(client, f"/tabs/{tab}/say", text)
    assert answered.status_code == 200, answered.text
    return answered.get_json()


def _answer(turn: Any) -> str:
    return str(turn["response"]["sessionAttributes"]["told"]["answer"])


def _told(response: TestResponse) -> str:
    """The one sentence of a refusal."""
    told = response.get_json()
    assert list(told) == ["error"]
    sentence = str(told["error"])
    assert "Traceback" not in sentence
    assert "\n" not in sentence
    return sentence


def test_a_turn_brings_all_that_the_page_shows(client: FlaskClient, tab: str) -> None:
    turn = _say(client, tab, "what is the cuddle hormone")
    assert turn["intent"] == "WhatIsOxytocinIntent"
    assert turn["match"] == "slot"
    assert turn["session_open"] is True
    assert turn["card"]["title"] == "What oxytocin is"
    assert turn["sources"][0] == {
        "locator": "p3.s1",
        "gist": "Its nickname, and that it is active during sex in men and women.",
        "sentence": "What the article says there.",
    }
    assert turn["sources"][1]["sentence"] == ""
    assert turn["request"]["request"]["locale"] == "en-US"
    assert turn["response"]["response"]["shouldEndSession"] is False


def test_an_uncertain_match_brings_its_runner_up(client: FlaskClient, tab: str) -> None:
    turn = _say(client, tab, "which touch makes more of the hormone")
    assert turn["match"] == "near"
    assert 1 > turn["score"] > turn["runner_up_score"] > 0
    assert turn["runner_up"].endswith("Intent")


def test_an_answer_is_heard_once(client: FlaskClient, tab: str) -> None:
    clip = _say(client, tab, "what is oxytocin")["clip"]
    first = client.get(f"/clips/{clip}")
    assert first.mimetype == "audio/wav"
    assert first.data.startswith(b"RIFF")
    again = client.get(f"/clips/{clip}")
    assert again.status_code == 404
    assert "ask again" in _told(again)


def test_answers_that_nobody_hears_make_room() -> None:
    clips = Clips()
    kept = [clips.keep("<speak>Hello.</speak>") for _ in range(MOST_CLIPS + 1)]
    assert clips.take(kept[0]) is None
    assert clips.take(kept[-1])


def test_a_spoken_question_is_answered(client: FlaskClient, tab: str, question: bytes) -> None:
    turn = _post(client, f"/tabs/{tab}/hear", question).get_json()
    assert turn["utterance"] == "what is a sex blush"
    assert turn["intent"] == "WhatIsSexBlushIntent"


def test_tabs_that_speak_at_once_are_all_heard(client: FlaskClient, question: bytes) -> None:
    def ask(_: int) -> str:
        tab = _open(client.application.test_client())
        heard = _post(client.application.test_client(), f"/tabs/{tab}/hear", question)
        return str(heard.get_json()["intent"])

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(ask, range(4))) == {"WhatIsSexBlushIntent"}


def test_silence_says_that_nothing_was_heard(client: FlaskClient, tab: str, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "silence.wav", [0.0] * 16_000, 16_000)
    refused = _post(client, f"/tabs/{tab}/hear", (tmp_path / "silence.wav").read_bytes())
    assert refused.status_code == 400
    assert _told(refused).startswith("Nothing was heard")


@given(st.binary(max_size=80))
@settings(max_examples=40)
def test_any_bytes_to_hear_are_one_sentence(client: FlaskClient, body: bytes) -> None:
    refused = _post(client, f"/tabs/{_open(client)}/hear", body)
    assert refused.status_code == 400
    assert _told(refused).startswith("recording: ")


@given(st.binary(max_size=80) | st.text(max_size=80).map(str.encode))
@settings(max_examples=30)
def test_any_bytes_to_say_are_a_turn_or_one_sentence(client: FlaskClient, body: bytes) -> None:
    answered = _post(client, f"/tabs/{_open(client)}/say", body)
    if answered.status_code == 200:
        assert answered.get_json()["speech"]
    else:
        assert answered.status_code == 400
        assert _told(answered).startswith("text: ")


def test_too_much_is_refused_unread(client: FlaskClient, tab: str) -> None:
    assert _told(_post(client, f"/tabs/{tab}/say", "a" * 2_001)).startswith("text: has 2001")
    large = client.post(f"/tabs/{tab}/hear", headers=OWN, data=b"", content_length=LARGEST_BODY + 1)
    assert large.status_code == 413
    assert _told(large)


def test_a_session_lives_as_on_a_speaker(client: FlaskClient, tab: str) -> None:
    first = _say(client, tab, "open oxytocin guide")
    assert first["match"] == "launch"
    assert first["request"]["session"]["new"] is True
    assert _say(client, tab, "what is oxytocin")["request"]["session"]["new"] is False
    reprompt = _post(client, f"/tabs/{tab}/silence").get_json()
    assert reprompt["speech"].startswith("Say yes")
    assert client.get(f"/clips/{reprompt['clip']}").status_code == 200
    assert _post(client, f"/tabs/{tab}/silence").get_json() == {"clip": "", "speech": ""}
    assert _say(client, tab, "what is oxytocin")["request"]["session"]["new"] is True
    assert _post(client, f"/tabs/{tab}/end").status_code == 200
    assert _post(client, f"/tabs/{tab}/silence").get_json()["speech"] == ""


def test_each_tab_has_a_session_of_its_own(client: FlaskClient) -> None:
    asking, other = _open(client), _open(client)
    _say(client, asking, "what is oxytocin")
    assert _answer(_say(client, asking, "yes")) == "what_is"
    assert _answer(_say(client, other, "yes")) == ""


def test_a_device_has_its_locale_and_its_screen(client: FlaskClient) -> None:
    plain = _say(client, _open(client), "what is oxytocin")["request"]
    assert plain["context"]["System"]["device"]["supportedInterfaces"] == {}
    shown = _say(client, _open(client, "?locale=en-GB&screen=yes"), "I want to die")
    assert shown["request"]["request"]["locale"] == "en-GB"
    device = shown["request"]["context"]["System"]["device"]
    assert "Alexa.Presentation.APL" in device["supportedInterfaces"]
    assert "999" in shown["speech"]
    refused = _post(client, "/tabs?locale=de-DE")
    assert refused.status_code == 400
    assert "en-US" in _told(refused)


def test_the_oldest_tab_makes_room_and_is_told(client: FlaskClient) -> None:
    first = _open(client)
    for _ in range(MOST_TABS):
        _open(client)
    for path in (f"/tabs/{first}/say", f"/tabs/{first}/hear", "/tabs/never/end"):
        gone = _post(client, path, "what is oxytocin")
        assert gone.status_code == 404
        assert "reload the page" in _told(gone)


def test_a_record_is_what_ask_cli_replays(client: FlaskClient) -> None:
    tab = _open(client, "?locale=en-GB")
    for utterance in ("what is oxytocin", "yes", "stop", "Ask Oxytocin Guide about trust"):
        _say(client, tab, utterance)
    record = client.get(f"/tabs/{tab}/record")
    assert "attachment" in record.headers["Content-Disposition"]
    assert record.get_json() == {
        "skillId": SKILL_ID,
        "locale": "en-GB",
        "type": "text",
        "userInput": [
            "ask oxytocin guide what is oxytocin",
            "yes",
            "stop",
            "Ask Oxytocin Guide about trust",
        ],
    }
    replay = _post(client, "/replays", record.data).get_json()
    assert replay["locale"] == "en-GB"
    assert replay["utterances"] == record.get_json()["userInput"]
    again = _open(client)
    answers = [_answer(_say(client, again, line)) for line in replay["utterances"]]
    assert answers == ["what_is", "what_is", "", "trust"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"locale": None}, "replay:locale:"),
        ({"locale": "xx-XX"}, "replay:locale:"),
        ({"userInput": []}, "replay:userInput:"),
        ({"userInput": ["yes", ""]}, "replay:userInput[1]:"),
        ({"userInput": [".record x", "yes"]}, "replay:userInput[0]:"),
        ({"userInput": ["\ud83d"]}, "replay:userInput[0]:"),
        ({"userInput": ["a" * 2_001]}, "replay:userInput[0]:"),
        ({"userInput": ["a"] * 501}, "replay:userInput:"),
    ],
)
def test_a_bad_replay_is_told_with_its_field(
    client: FlaskClient, change: dict[str, object], told: str
) -> None:
    replay = {"skillId": "x", "locale": "en-US", "type": "text", "userInput": ["yes"], **change}
    refused = _post(client, "/replays", json.dumps(replay))
    assert refused.status_code == 400
    assert _told(refused).startswith(told)


_JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)
_REPLAYS = st.fixed_dictionaries(
    {}, optional={"locale": _JSON | st.just("en-US"), "userInput": _JSON | st.lists(st.text())}
)


@given(st.binary(max_size=60) | (_REPLAYS | _JSON).map(lambda data: json.dumps(data).encode()))
def test_any_bytes_are_a_replay_or_an_error_of_it(data: bytes) -> None:
    try:
        replay = read_replay(data)
    except AskableError as error:
        assert str(error).startswith("replay:")  # noqa: PT017  # both outcomes are right
    else:
        assert all(line.strip() for line in replay.utterances)


_LINES = st.lists(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
    .map(str.strip)
    .filter(lambda line: line and not line.startswith(".")),
    min_size=1,
    max_size=8,
)


@given(_LINES)
def test_what_is_recorded_is_read_back(lines: list[str]) -> None:
    written = write_replay("x", "en-US", [(line, False) for line in lines], "oxytocin guide")
    assert list(read_replay(written.encode()).utterances) == lines


def test_the_page_holds_what_it_needs_and_nothing_inline(client: FlaskClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert TOKEN.replace("'", "&#39;") in page.text
    for inline in ("<style", "style=", "onclick", "<script>"):
        assert inline not in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "Access-Control-Allow-Origin" not in page.headers
    for asset in ("page.css", "conversation.css", "page.js", "recorder.js", "icon.svg"):
        assert client.get(f"/static/{asset}", buffered=True).status_code == 200
    assert client.get("/favicon.ico", buffered=True).mimetype == "image/svg+xml"
    assert client.get("/static/../app.py").status_code == 404


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    "change",
    [
        {TOKEN_HEADER: "guessed"},
        {TOKEN_HEADER: "gu\u00e9ss"},
        {TOKEN_HEADER: ""},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:8000"},
        {"Origin": "https://localhost"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
def test_a_post_that_the_page_did_not_make_is_refused(
    client: FlaskClient, path: str, change: dict[str, str]
) -> None:
    refused = client.post(path, headers={**OWN, **change})
    assert refused.status_code == 403
    assert "page" in _told(refused)


@pytest.mark.parametrize("path", ["/", "/static/page.js", "/clips/x", "/tabs/x/record"])
def test_another_site_can_read_nothing(client: FlaskClient, path: str) -> None:
    assert client.get(path, headers={"Origin": "http://evil.example"}).status_code == 403
    assert client.get(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    rebound = client.get(path, base_url="http://evil.example")
    assert rebound.status_code == 400
    assert "evil.example" in _told(rebound)


@settings(max_examples=40)
@given(st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=40))
def test_no_host_but_this_machine_is_answered(client: FlaskClient, host: str) -> None:
    named = client.get("/", headers={"Host": f"x{host}"})
    assert named.status_code == 400
    assert _told(named)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_one_sentence(client: FlaskClient, method: str) -> None:
    refused = client.open("/tabs", method=method, headers=OWN)
    assert refused.status_code == 405
    assert _told(refused)


def test_another_site_is_not_invited_to_post(client: FlaskClient) -> None:
    asked = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    preflight = client.options("/tabs", headers=asked)
    assert preflight.status_code == 403
    assert "Access-Control-Allow-Origin" not in preflight.headers


def test_what_breaks_inside_is_one_sentence(speaker: Speaker) -> None:
    simulator = Simulator(speaker, "en-US", {}, token=TOKEN)
    client = create_app(simulator).test_client()

    def broken(_: dict[str, object]) -> dict[str, object]:
        raise KeyError("response")

    tab = simulator.tabs.open(Tab(Device(speaker.cloud, broken, "en-US"), "en-US"))
    failed = _post(client, f"/tabs/{tab}/say", "what is oxytocin")
    assert failed.status_code == 500
    assert _told(failed).startswith("The simulator failed")
    mute = client.get(f"/clips/{simulator.clips.keep('<speak></speak>')}")
    assert mute.status_code == 503
    assert "nothing to say" in _told(mute)


def test_a_port_that_is_taken_is_one_sentence(speaker: Speaker) -> None:
    app = create_app(Simulator(speaker, "en-US", {}))
    with serving(app, 0) as address:
        assert address.startswith("http://127.0.0.1:")
        port = int(address.rstrip("/").rpartition(":")[2])
        with pytest.raises(EngineError, match=f"--port {port}: cannot be used"), serving(app, port):
            pass


def test_the_command_says_where_the_page_is_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    source = tmp_path / "sentences.tsv"
    source.write_text("p1.s1\tOne sentence.\n")
    options = ["--port", "0", "--no-browser", "--source", str(source)]
    with subprocess.Popen(
        [sys.executable, "-m", "skill", "simulator", *options], stdout=subprocess.PIPE, cwd=REPO
    ) as process:
        assert process.stdout
        told = process.stdout.readline().decode()
        address = next(word for word in told.split() if word.startswith("http")).rstrip(";")
        with urlopen(address) as page:
            assert b"Hold to talk" in page.read()
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


def test_a_source_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "s.tsv").write_text("nonsense")
    result = CliRunner().invoke(main, ["simulator", "--source", str(tmp_path / "s.tsv")])
    assert result.exit_code == 1
    assert result.output.count("askable: ") == 1
    assert "s.tsv:1" in result.output
