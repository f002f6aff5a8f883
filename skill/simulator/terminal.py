"""The simulator in a terminal: one question, a conversation, or a sound file."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from ask_sdk_core.attributes_manager import AbstractPersistenceAdapter
from ask_sdk_core.exceptions import PersistenceException

from skill.errors import AskableError
from skill.memory import NoMemory, open_memory
from skill.replies import for_voice
from skill.settings import Settings
from skill.simulator.assemble import Speaker
from skill.simulator.device import Device, Exchange

_LEAVE = "Ctrl-D"


def ask(settings: Settings, question: str, as_json: bool, speak: bool, wav: Path | None) -> None:
    """Answer one question in a session of its own."""
    exchange = Speaker(settings, NoMemory()).device().say(question)
    _tell(exchange, {}, as_json, speak, wav)


def hear(settings: Settings, question: Path, as_json: bool, speak: bool, wav: Path | None) -> None:
    """Answer what a sound file says."""
    from skill.simulator.listening import listening_for
    from skill.simulator.sound import read_sound

    if wav and wav.exists() and wav.samefile(question):
        raise AskableError(f"--wav {wav}: is the question itself; name another file")
    sound = read_sound(question)
    speaker = Speaker(settings, NoMemory())
    listened = listening_for(speaker).listen(sound)
    # What was not understood goes on as Alexa's cloud would send it: to the fallback intent.
    exchange = speaker.device().say(listened.text)
    if not as_json:
        click.secho(f"heard   {listened.text or '(nothing that this skill knows)'}", dim=True)
    extra: dict[str, object] = {"heard": listened.text, "hearings": list(listened.hearings)}
    _tell(exchange, extra, as_json, speak, wav)


def talk(settings: Settings, speak: bool, show: bool) -> None:
    """Hold a conversation until standard input ends."""
    if sys.stdin is None:
        raise AskableError("standard input is closed; open it, or use `askable ask`")
    device = Speaker(settings, _memory(settings)).device()
    typed = sys.stdin.isatty()
    if typed:
        import readline  # noqa: F401  # importing it gives input() history and line editing
    click.secho(f"An empty line is silence; {_LEAVE} leaves.", dim=True)
    exchange = device.launch()
    _show(exchange, speak, show)
    silent = False
    while True:
        try:
            utterance = input("you> ")
        except (EOFError, KeyboardInterrupt):
            click.echo()
            break
        if not typed:
            click.echo(utterance)
        if utterance.strip():
            exchange = device.say(utterance)
            silent = False
            _show(exchange, speak, show)
        elif device.in_session:
            silent = _stay_silent(device, exchange, silent, speak)
    device.end("USER_INITIATED")


def _memory(settings: Settings) -> AbstractPersistenceAdapter:
    memory = open_memory(settings)
    try:
        memory.open_once()
    except PersistenceException as error:
        click.echo(f"askable: {error}; this conversation will not be remembered", err=True)
        return NoMemory()
    return memory


def _stay_silent(device: Device, exchange: Exchange, silent: bool, speak: bool) -> bool:
    """A first silence brings the reprompt, a second one ends the session, as on a speaker."""
    if silent:
        device.end("EXCEEDED_MAX_REPROMPTS")
        click.secho("(silence: the session is over; ask again to open a new one)", dim=True)
        return False
    _voice(exchange.reprompt, speak)
    return True


def _show(exchange: Exchange, speak: bool, show: bool) -> None:
    if show:
        click.secho(_json(exchange.request), fg="blue")
        click.secho(_json(exchange.response), fg="green")
    _voice(exchange.speech, speak=False)
    notes = [f"{exchange.intent} · {_match(exchange)}"]
    if exchange.sources:
        notes.append("from " + " ".join(exchange.sources))
    if not exchange.session_open:
        notes.append(f"session closed; ask again to open a new one, {_LEAVE} leaves")
    click.secho(f"        [{' · '.join(notes)}]", dim=True)
    if speak:
        _speak(exchange)


def _tell(
    exchange: Exchange, extra: dict[str, object], as_json: bool, speak: bool, wav: Path | None
) -> None:
    if as_json:
        everything = {
            **extra,
            **exchange.as_record(),
            "reprompt": exchange.reprompt,
            "runner_up": exchange.understood.runner_up or None,
            "runner_up_score": exchange.understood.runner_up_score,
            "request": exchange.request,
            "response": exchange.response,
        }
        click.echo(_json(everything))
    else:
        click.echo(exchange.speech)
        click.secho(f"intent  {exchange.intent}", dim=True)
        click.secho(f"match   {_match(exchange)}", dim=True)
        click.secho(f"sources {' '.join(exchange.sources) or '(no fact told)'}", dim=True)
    if wav:
        from skill.simulator.mouth import speak_to_file

        speak_to_file(for_voice(exchange.ssml), wav)
    if speak:
        _speak(exchange)


def _voice(text: str, speak: bool) -> None:
    click.echo(f"skill>  {text}")
    if speak:
        from skill.simulator.mouth import speak_aloud

        speak_aloud(text)


def _speak(exchange: Exchange) -> None:
    from skill.simulator.mouth import speak_aloud

    speak_aloud(for_voice(exchange.ssml))


def _match(exchange: Exchange) -> str:
    understood = exchange.understood
    if understood.match in ("exact", "slot", "launch"):
        return understood.match
    told = f"{understood.match} {understood.score:.2f}"
    if understood.runner_up:
        told += f" (then {understood.runner_up} {understood.runner_up_score:.2f})"
    return told


def _json(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False)
