from __future__ import annotations

import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.request import urlopen

import pytest
import soundfile
from click.testing import CliRunner
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.cli import main
from skill.errors import EngineError
from skill.simulator import Device, Runtime
from skill.simulator.web import Clips, Simulator, Tab, create_app, serving
from skill.simulator.web.app import LARGEST_BODY
from skill.simulator.web.clips import MOST_CLIPS
from skill.simulator.web.tabs import MOST_TABS
from tests.conftest import REPO, SPOKEN_QUESTION
from tests.support.page_client import OWN, TOKEN, answer_of, open_tab, post, say, sentence_of


@pytest.fixture(scope="module")
def question(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("question") / "q.wav"
    subprocess.run(["espeak-ng", "-w", str(path), SPOKEN_QUESTION], check=True)
    return path.read_bytes()


def test_a_turn_has_everything_that_the_page_shows(client: FlaskClient, tab: str) -> None:
    turn = say(client, tab, "what is sencha")
    assert turn["intent"] == "GreenTeaIntent"
    assert turn["match"] == "slot"
    assert turn["session_open"] is True
    assert turn["card"]["title"] == "Green tea"
    assert turn["sources"] == [
        {
            "locator": "p1.s1",
            "gist": "Green tea: leaves that are not left to brown.",
            "sentence": "What the article says there.",
        }
    ]
    assert turn["request"]["request"]["locale"] == "en-US"
    assert turn["response"]["response"]["shouldEndSession"] is False


def test_a_source_without_the_article_has_its_gist_alone(client: FlaskClient, tab: str) -> None:
    (source,) = say(client, tab, "what is black tea")["sources"]
    assert source["locator"] == "p1.s2"
    assert source["gist"].startswith("Black tea")
    assert source["sentence"] == ""


def test_an_uncertain_match_has_a_runner_up(client: FlaskClient, tab: str) -> None:
    turn = say(client, tab, "which leaves are brown in black tea")
    assert turn["match"] == "near"
    assert 1 > turn["score"] > turn["runner_up_score"] > 0
    assert turn["runner_up"].endswith("Intent")


def test_an_answer_is_played_once(client: FlaskClient, tab: str) -> None:
    clip = say(client, tab, "what is green tea")["clip"]
    first = client.get(f"/clips/{clip}")
    assert first.mimetype == "audio/wav"
    assert first.data.startswith(b"RIFF")
    again = client.get(f"/clips/{clip}")
    assert again.status_code == 404
    assert "ask again" in sentence_of(again)


def test_the_oldest_answer_that_nobody_plays_is_dropped() -> None:
    clips = Clips()
    kept = [clips.keep("<speak>Hello.</speak>") for _ in range(MOST_CLIPS + 1)]
    assert clips.take(kept[0]) is None
    assert clips.take(kept[-1])


@pytest.mark.slow
def test_a_spoken_question_is_answered(client: FlaskClient, tab: str, question: bytes) -> None:
    turn = post(client, f"/tabs/{tab}/hear", question).get_json()
    assert turn["utterance"] == SPOKEN_QUESTION
    assert turn["intent"] == "BlackTeaIntent"


@pytest.mark.slow
def test_tabs_that_speak_at_once_are_all_answered(client: FlaskClient, question: bytes) -> None:
    def ask(_: int) -> str:
        tab = open_tab(client.application.test_client())
        heard = post(client.application.test_client(), f"/tabs/{tab}/hear", question)
        return str(heard.get_json()["intent"])

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(ask, range(4))) == {"BlackTeaIntent"}


def test_silence_says_that_nothing_was_heard(client: FlaskClient, tab: str, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "silence.wav", [0.0] * 16_000, 16_000)
    refused = post(client, f"/tabs/{tab}/hear", (tmp_path / "silence.wav").read_bytes())
    assert refused.status_code == 400
    assert sentence_of(refused).startswith("Nothing was heard")


@given(st.binary(max_size=80))
@settings(max_examples=40)
def test_any_bytes_as_a_recording_give_one_sentence(client: FlaskClient, body: bytes) -> None:
    refused = post(client, f"/tabs/{open_tab(client)}/hear", body)
    assert refused.status_code == 400
    assert sentence_of(refused).startswith("recording: ")


@given(st.binary(max_size=80) | st.text(max_size=80).map(str.encode))
@settings(max_examples=30)
def test_any_bytes_as_text_give_a_turn_or_one_sentence(client: FlaskClient, body: bytes) -> None:
    answered = post(client, f"/tabs/{open_tab(client)}/say", body)
    if answered.status_code == 200:
        assert answered.get_json()["speech"]
    else:
        assert answered.status_code == 400
        assert sentence_of(answered).startswith("text: ")


def test_a_body_that_is_too_large_is_refused_unread(client: FlaskClient, tab: str) -> None:
    assert sentence_of(post(client, f"/tabs/{tab}/say", "a" * 2_001)).startswith("text: has 2001")
    large = client.post(f"/tabs/{tab}/hear", headers=OWN, data=b"", content_length=LARGEST_BODY + 1)
    assert large.status_code == 413
    assert sentence_of(large)


def test_a_session_lives_as_on_a_speaker(client: FlaskClient, tab: str) -> None:
    first = say(client, tab, "open tea guide")
    assert first["match"] == "launch"
    assert first["request"]["session"]["new"] is True
    assert say(client, tab, "what is black tea")["request"]["session"]["new"] is False
    reprompt = post(client, f"/tabs/{tab}/silence").get_json()
    assert reprompt["speech"].startswith("Say yes")
    assert client.get(f"/clips/{reprompt['clip']}").status_code == 200
    assert post(client, f"/tabs/{tab}/silence").get_json() == {"clip": "", "speech": ""}
    assert say(client, tab, "what is black tea")["request"]["session"]["new"] is True
    assert post(client, f"/tabs/{tab}/end").status_code == 200
    assert post(client, f"/tabs/{tab}/silence").get_json()["speech"] == ""


def test_each_tab_has_its_own_session(client: FlaskClient) -> None:
    asking, other = open_tab(client), open_tab(client)
    say(client, asking, "what is black tea")
    assert answer_of(say(client, asking, "yes")) == "black"
    assert answer_of(say(client, other, "yes")) == ""


def test_a_device_has_its_locale_and_its_screen(client: FlaskClient) -> None:
    plain = say(client, open_tab(client), "what is black tea")["request"]
    assert plain["context"]["System"]["device"]["supportedInterfaces"] == {}
    shown = say(client, open_tab(client, "?locale=en-GB&screen=yes"), "I want to die")
    assert shown["request"]["request"]["locale"] == "en-GB"
    device = shown["request"]["context"]["System"]["device"]
    assert "Alexa.Presentation.APL" in device["supportedInterfaces"]
    assert "999" in shown["speech"]
    refused = post(client, "/tabs?locale=de-DE")
    assert refused.status_code == 400
    assert "en-US" in sentence_of(refused)


def test_the_oldest_tab_makes_room_and_is_told_to_reload(client: FlaskClient) -> None:
    first = open_tab(client)
    for _ in range(MOST_TABS):
        open_tab(client)
    for path in (f"/tabs/{first}/say", f"/tabs/{first}/hear", "/tabs/never/end"):
        gone = post(client, path, "what is black tea")
        assert gone.status_code == 404
        assert "reload the page" in sentence_of(gone)


def test_a_failure_inside_gives_one_sentence(runtime: Runtime) -> None:
    simulator = Simulator(runtime, "en-US", {}, token=TOKEN)
    client = create_app(simulator).test_client()

    def broken(_: dict[str, object]) -> dict[str, object]:
        raise KeyError("response")

    tab = simulator.tabs.open(Tab(Device(runtime.nlu, broken, "en-US"), "en-US"))
    failed = post(client, f"/tabs/{tab}/say", "what is black tea")
    assert failed.status_code == 500
    assert sentence_of(failed).startswith("The simulator failed")
    mute = client.get(f"/clips/{simulator.clips.keep('<speak></speak>')}")
    assert mute.status_code == 503
    assert "nothing to say" in sentence_of(mute)


def test_a_port_in_use_gives_one_sentence(runtime: Runtime) -> None:
    app = create_app(Simulator(runtime, "en-US", {}))
    with serving(app, 0) as address:
        assert address.startswith("http://127.0.0.1:")
        port = int(address.rstrip("/").rpartition(":")[2])
        with pytest.raises(EngineError, match=f"--port {port}: cannot be used"), serving(app, port):
            pass


@pytest.mark.slow
def test_the_command_prints_the_address_and_ends_with_ctrl_c(
    tea_command: list[str], tmp_path: Path
) -> None:
    source = tmp_path / "sentences.tsv"
    source.write_text("p1.s1\tOne sentence.\n")
    options = ["--port", "0", "--no-browser", "--source", str(source)]
    # A shell's background jobs, and what they start, ignore Ctrl-C by default.
    command = ["env", "--default-signal=INT", *tea_command, "simulator", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=REPO) as process:
        try:
            assert process.stdout
            line = process.stdout.readline().decode()
            address = next(word for word in line.split() if word.startswith("http")).rstrip(";")
            with urlopen(address) as page:
                assert b"Hold to talk" in page.read()
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 0
        finally:
            process.kill()  # otherwise a failure would wait for it forever


def test_a_malformed_source_gives_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "s.tsv").write_text("nonsense")
    result = CliRunner().invoke(main, ["simulator", "--source", str(tmp_path / "s.tsv")])
    assert result.exit_code == 1
    assert result.output.count("askable: ") == 1
    assert "s.tsv:1" in result.output
