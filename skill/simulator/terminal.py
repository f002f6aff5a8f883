"""The simulator in a terminal: one question, a conversation, or a sound file."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path

import click
from ask_sdk_core.attributes_manager import AbstractPersistenceAdapter
from ask_sdk_core.exceptions import PersistenceException

from skill.alexa.exchange import Exchange
from skill.errors import AskableError
from skill.memory import NoMemory, open_memory
from skill.settings import Settings
from skill.simulator.device import Device
from skill.simulator.runtime import Runtime
from skill.speech.voice import SpeechOutput

LEAVE = "Ctrl-D"


def ask(settings: Settings, question: str, as_json: bool, speak: bool, wav: Path | None) -> None:
    """Answer one question in a session of its own."""
    with _voice(settings, speak, wav) as voice:
        exchange = Runtime(settings, NoMemory()).device().say(question)
        _tell(exchange, {}, as_json, voice)


def hear(settings: Settings, question: Path, as_json: bool, speak: bool, wav: Path | None) -> None:
    """Answer what a sound file says."""
    from skill.simulator.speech_pipeline import open_pipeline
    from skill.speech.audio import read_audio

    if wav and wav.exists() and wav.samefile(question):
        raise AskableError(f"--wav {wav}: is the question itself; name another file")
    sound = read_audio(question)
    for flaw in sound.warnings:
        click.echo(f"askable: {question}: {flaw}", err=True)
    with _voice(settings, speak, wav) as voice:
        runtime = Runtime(settings, NoMemory())
        listened = open_pipeline(runtime).listen(sound)
        # What was not understood goes on as Alexa's cloud would send it: to the fallback intent.
        exchange = runtime.device().say(listened.text)
        if not as_json:
            click.secho(f"heard   {listened.text or '(nothing that this skill knows)'}", dim=True)
        extra: dict[str, object] = {"heard": listened.text, "hearings": list(listened.hypotheses)}
        _tell(exchange, extra, as_json, voice)


def talk(settings: Settings, speak: bool, show: bool) -> None:
    """Hold a conversation until standard input ends."""
    if sys.stdin is None:
        raise AskableError("standard input is closed; open it, or use `askable ask`")
    device = Runtime(settings, memory_of(settings)).device()
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


def _voice(settings: Settings, speak: bool, wav: Path | None) -> SpeechOutput:
    return SpeechOutput(settings.voice, aloud=speak, wav=wav)


def memory_of(settings: Settings) -> AbstractPersistenceAdapter:
    """What the listener heard before; nothing where that cannot be kept."""
    memory = open_memory(settings)
    try:
        memory.open_once()
    except PersistenceException as error:
        click.echo(f"askable: {error}; this conversation will not be remembered", err=True)
        return NoMemory()
    return memory


def stay_silent(device: Device, exchange: Exchange, silent: bool, voice: SpeechOutput) -> bool:
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
    notes = [f"{exchange.name} · {_match(exchange)}"]
    if exchange.sources:
        notes.append("from " + " ".join(exchange.sources))
    if not exchange.session_open:
        notes.append(f"session closed; ask again to open a new one, {LEAVE} leaves")
    click.secho(f"        [{' · '.join(notes)}]", dim=True)


def say(voice: SpeechOutput, speech: str) -> None:
    """Begin to say it, and tell what the voice cannot do."""
    dropped = voice.say(speech)
    if dropped:
        click.secho(f"        [the voice drops {', '.join(dropped)}]", dim=True)


def _tell(exchange: Exchange, extra: dict[str, object], as_json: bool, voice: SpeechOutput) -> None:
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
        click.secho(f"sources {' '.join(exchange.sources) or '(no fact told)'}", dim=True)
    dropped = voice.say(exchange.ssml)
    if dropped and not as_json:
        click.secho(f"drops   {', '.join(dropped)}", dim=True)
    voice.finish()


def _match(exchange: Exchange) -> str:
    intent_match = exchange.intent_match
    if intent_match.match in ("exact", "slot", "launch"):
        return intent_match.match
    told = f"{intent_match.match} {intent_match.score:.2f}"
    if intent_match.runner_up:
        told += f" (then {intent_match.runner_up} {intent_match.runner_up_score:.2f})"
    return told


def _json(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False)
