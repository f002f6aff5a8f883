"""The simulator in a terminal: one question, a conversation, or a sound file."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path

import click
from ask_sdk_core.attributes_manager import AbstractPersistenceAdapter
from ask_sdk_core.exceptions import PersistenceException

from skill.errors import AskableError
from skill.memory import NoMemory, open_memory
from skill.settings import Settings
from skill.simulator.device import Device, Exchange
from skill.simulator.runtime import Speaker
from skill.speech.voice import Voice

LEAVE = "Ctrl-D"


def ask(settings: Settings, question: str, as_json: bool, speak: bool, wav: Path | None) -> None:
    """Answer one question in a session of its own."""
    with _voice(settings, speak, wav) as voice:
        exchange = Speaker(settings, NoMemory()).device().say(question)
        _tell(exchange, {}, as_json, voice)


def hear(settings: Settings, question: Path, as_json: bool, speak: bool, wav: Path | None) -> None:
    """Answer what a sound file says."""
    from skill.simulator.listening import listening_for
    from skill.speech.audio import read_sound

    if wav and wav.exists() and wav.samefile(question):
        raise AskableError(f"--wav {wav}: is the question itself; name another file")
    sound = read_sound(question)
    for flaw in sound.flaws:
        click.echo(f"askable: {question}: {flaw}", err=True)
    with _voice(settings, speak, wav) as voice:
        speaker = Speaker(settings, NoMemory())
        listened = listening_for(speaker).listen(sound)
        # What was not understood goes on as Alexa's cloud would send it: to the fallback intent.
        exchange = speaker.device().say(listened.text)
        if not as_json:
            click.secho(f"heard   {listened.text or '(nothing that this skill knows)'}", dim=True)
        extra: dict[str, object] = {"heard": listened.text, "hearings": list(listened.hearings)}
        _tell(exchange, extra, as_json, voice)


def talk(settings: Settings, speak: bool, show: bool) -> None:
    """Hold a conversation until standard input ends."""
    if sys.stdin is None:
        raise AskableError("standard input is closed; open it, or use `askable ask`")
    device = Speaker(settings, memory_of(settings)).device()
    typed = sys.stdin.isatty()
    if typed:
        with suppress(ImportError):  # a Python that was built without it
            import readline  # noqa: F401  # importing it gives input() history and line editing
    click.secho(f"An empty line is silence; {LEAVE} leaves.", dim=True)
    with _voice(settings, speak, None) as voice:
        exchange = device.launch()
        show_exchange(exchange, show)
        say(voice, exchange.ssml)
        silent = False
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
                exchange = device.say(utterance)
                silent = False
                show_exchange(exchange, show)
                say(voice, exchange.ssml)
            elif device.in_session:
                silent = stay_silent(device, exchange, silent, voice)
        device.end("USER_INITIATED")


def _voice(settings: Settings, speak: bool, wav: Path | None) -> Voice:
    return Voice(settings.voice, aloud=speak, wav=wav)


def memory_of(settings: Settings) -> AbstractPersistenceAdapter:
    """What the listener heard before; nothing where that cannot be kept."""
    memory = open_memory(settings)
    try:
        memory.open_once()
    except PersistenceException as error:
        click.echo(f"askable: {error}; this conversation will not be remembered", err=True)
        return NoMemory()
    return memory


def stay_silent(device: Device, exchange: Exchange, silent: bool, voice: Voice) -> bool:
    """A first silence brings the reprompt, a second one ends the session, as on a speaker."""
    if silent:
        device.end("EXCEEDED_MAX_REPROMPTS")
        click.secho("(silence: the session is over; ask again to open a new one)", dim=True)
        return False
    click.echo(f"skill>  {exchange.reprompt}")
    say(voice, exchange.reprompt)
    return True


def show_exchange(exchange: Exchange, show: bool) -> None:
    """Print an answer, how it was matched and where it stands in the article."""
    if show:
        click.secho(_json(exchange.request), fg="blue")
        click.secho(_json(exchange.response), fg="green")
    click.echo(f"skill>  {exchange.speech}")
    notes = [f"{exchange.intent} · {_match(exchange)}"]
    if exchange.sources:
        notes.append("from " + " ".join(exchange.sources))
    if not exchange.session_open:
        notes.append(f"session closed; ask again to open a new one, {LEAVE} leaves")
    click.secho(f"        [{' · '.join(notes)}]", dim=True)


def say(voice: Voice, speech: str) -> None:
    """Begin to say it, and tell what the voice cannot do."""
    dropped = voice.say(speech)
    if dropped:
        click.secho(f"        [the voice drops {', '.join(dropped)}]", dim=True)


def _tell(exchange: Exchange, extra: dict[str, object], as_json: bool, voice: Voice) -> None:
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
    dropped = voice.say(exchange.ssml)
    if dropped and not as_json:
        click.secho(f"drops   {', '.join(dropped)}", dim=True)
    voice.finish()


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
