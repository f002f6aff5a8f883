"""The simulator in a terminal: one question, a typed conversation, or a sound file."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path

import click
from ask_sdk_core.attributes_manager import AbstractPersistenceAdapter
from ask_sdk_core.exceptions import PersistenceException

from skill.alexa import Exchange
from skill.conversation import from_ssml
from skill.errors import AskableError
from skill.memory import NoMemory, open_memory
from skill.settings import Settings
from skill.simulator.device import Device
from skill.simulator.runtime import Runtime
from skill.speech import SpeechOutput

LEAVE = "Ctrl-D"


def ask(settings: Settings, question: str, as_json: bool, speak: bool, wav: Path | None) -> None:
    """Answer one question in a session of its own."""
    with SpeechOutput(settings.voice, aloud=speak, wav=wav) as voice:
        exchange = Runtime(settings, NoMemory()).device().say(question)
        _print_answer(exchange, {}, as_json, voice)


def hear(settings: Settings, question: Path, as_json: bool, speak: bool, wav: Path | None) -> None:
    """Answer what a sound file says."""
    from skill.simulator.speech_pipeline import open_pipeline
    from skill.speech import read_audio

    if wav and wav.exists() and wav.samefile(question):
        raise AskableError(f"--wav {wav}: is the question itself; name another file")
    audio = read_audio(question)
    for warning in audio.warnings:
        click.echo(f"askable: {question}: {warning}", err=True)
    with SpeechOutput(settings.voice, aloud=speak, wav=wav) as voice:
        runtime = Runtime(settings, NoMemory())
        heard = open_pipeline(runtime).listen(audio)
        # A question that is not understood becomes the fallback intent, as on Alexa.
        exchange = runtime.device().say(heard.text)
        if not as_json:
            click.secho(f"heard   {heard.text or '(not understood)'}", dim=True)
        extra: dict[str, object] = {"heard": heard.text, "hearings": list(heard.hypotheses)}
        _print_answer(exchange, extra, as_json, voice)


def talk(settings: Settings, speak: bool, show: bool) -> None:
    """Hold a conversation until standard input ends."""
    if sys.stdin is None:
        raise AskableError("standard input is closed; open it, or use `askable ask`")
    device = Runtime(settings, open_listener_memory(settings)).device()
    typed = sys.stdin.isatty()
    if typed:
        with suppress(ImportError):  # some Pythons are built without it
            import readline  # noqa: F401  # gives input() history and line editing
    click.secho(f"An empty line is silence; {LEAVE} leaves.", dim=True)
    with SpeechOutput(settings.voice, aloud=speak) as voice:
        answer(device.launch(), voice, show)
        while True:
            voice.finish()
            try:
                utterance = input("you> ")
            except (EOFError, KeyboardInterrupt):
                click.echo()
                break
            if not typed:
                click.echo(utterance)
            if utterance.strip():
                answer(device.say(utterance), voice, show)
            elif device.in_session:
                stay_silent(device, voice)
        device.end()


def open_listener_memory(settings: Settings) -> AbstractPersistenceAdapter:
    """The memory of the settings; none, with a warning, if it cannot be used."""
    memory = open_memory(settings)
    try:
        memory.open_once()
    except PersistenceException as error:
        click.echo(f"askable: {error}; this conversation will not be remembered", err=True)
        return NoMemory()
    return memory


def stay_silent(device: Device, voice: SpeechOutput) -> None:
    """Speak the reprompt after a first silence, and end the session after a second one."""
    reprompt = device.stay_silent()
    if reprompt:
        click.echo(f"skill>  {from_ssml(reprompt)}")
        _speak(voice, reprompt)
    else:
        click.secho("(silence: the session is over; ask again to open a new one)", dim=True)


def answer(exchange: Exchange, voice: SpeechOutput, show: bool) -> None:
    """Print an answer, how it was matched and its sources, and begin to speak it.

    With `show`, print the request and the response too.
    """
    if show:
        click.secho(_json(exchange.request), fg="blue")
        click.secho(_json(exchange.response), fg="green")
    click.echo(f"skill>  {exchange.speech}")
    notes = [f"{exchange.name} · {_match(exchange)}"]
    if exchange.sources:
        notes.append("from " + " ".join(exchange.sources))
    if not exchange.session_open:
        notes.append(f"session closed; ask again to open a new one, {LEAVE} leaves")
    click.secho(f"        [{' · '.join(notes)}]", dim=True)
    _speak(voice, exchange.ssml)


def _speak(voice: SpeechOutput, ssml: str) -> None:
    dropped = voice.say(ssml)
    if dropped:
        click.secho(f"        [the voice drops {', '.join(dropped)}]", dim=True)


def _print_answer(
    exchange: Exchange, extra: dict[str, object], as_json: bool, voice: SpeechOutput
) -> None:
    if as_json:
        everything = {
            **extra,
            **exchange.as_record(),
            "reprompt": exchange.reprompt,
            "runner_up": exchange.intent_match.runner_up or None,
            "runner_up_score": exchange.intent_match.runner_up_score,
            "request": exchange.request,
            "response": exchange.response,
        }
        click.echo(_json(everything))
    else:
        click.echo(exchange.speech)
        click.secho(f"intent  {exchange.name}", dim=True)
        click.secho(f"match   {_match(exchange)}", dim=True)
        click.secho(f"sources {' '.join(exchange.sources) or '(none)'}", dim=True)
    dropped = voice.say(exchange.ssml)
    if dropped and not as_json:
        click.secho(f"drops   {', '.join(dropped)}", dim=True)
    voice.finish()


def _match(exchange: Exchange) -> str:
    found = exchange.intent_match
    if found.match in ("exact", "slot", "launch"):
        return found.match
    text = f"{found.match} {found.score:.2f}"
    if found.runner_up:
        text += f" (then {found.runner_up} {found.runner_up_score:.2f})"
    return text


def _json(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False)
