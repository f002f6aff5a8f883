"""A spoken conversation in a terminal: what was heard, the match, the answer, a level meter."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import log10
from pathlib import Path
from typing import IO

import click

from skill.alexa.exchange import Exchange
from skill.settings import Settings
from skill.simulator import terminal
from skill.simulator.device import Device
from skill.simulator.speech_pipeline import is_called, open_pipeline
from skill.simulator.runtime import Runtime
from skill.simulator.turn_loop import Said, Silence, turns
from skill.speech.microphone import Source
from skill.speech.player import Output, SoundCard
from skill.speech.voice import SpeechOutput

_BARS = 20
_FLOOR = -60.0  # dB of full scale; below it the meter is empty


@dataclass(frozen=True)
class ConversationOptions:
    """How a conversation is held."""

    wake: bool = False  # wants the skill's name before it listens, as a speaker does
    speak: bool = False
    wav_dir: Path | None = None
    show: bool = False


class PushToTalk:
    """A source that counts as silent until Enter is pressed; the end of the keys ends it."""

    def __init__(self, source: Source, keys: IO[str]) -> None:
        self._source = source
        self._keys = keys
        self._pressed = threading.Event()
        self._left = threading.Event()
        threading.Thread(target=self._wait, daemon=True).start()

    def frames(self) -> Iterator[bytes]:
        """The source's frames, until the keys end."""
        for frame in self._source.frames():
            if self._left.is_set():
                return
            yield frame

    def pressed(self) -> bool:
        """Whether Enter was pressed since this was last asked."""
        was = self._pressed.is_set()
        self._pressed.clear()
        return was

    def _wait(self) -> None:
        for _ in self._keys:
            self._pressed.set()
        self._left.set()


def converse(
    settings: Settings,
    source: Source,
    options: ConversationOptions,
    open_output: Callable[[int], Output] = SoundCard,
) -> None:
    """Hold a spoken conversation until the source ends."""
    with SpeechOutput(
        settings.voice, aloud=options.speak, folder=options.wav_dir, open_output=open_output
    ) as voice:
        runtime = Runtime(settings, terminal.memory_of(settings))
        listening = open_pipeline(runtime, called=True)
        device = runtime.device()
        push = source if isinstance(source, PushToTalk) else None
        room = _Room(runtime, device, voice, options, push)
        room.greet()
        try:
            for turn in turns(source, listening.listen, room):
                room.take(turn)
        except KeyboardInterrupt:
            click.echo()
        else:
            voice.finish()
        device.end("USER_INITIATED")


def level_bar(level: float) -> str:
    """A root mean square (of 32,767) as a bar of fixed width."""
    decibels = 20 * log10(level / 32_767) if level >= 1 else _FLOOR
    filled = round(_BARS * min(1.0, max(0.0, 1 - decibels / _FLOOR)))
    return "█" * filled + "·" * (_BARS - filled)


class _Room:
    """Whose turn it is: the device's session, what is being spoken, the key, the wake phrase."""

    def __init__(
        self,
        runtime: Runtime,
        device: Device,
        voice: SpeechOutput,
        options: ConversationOptions,
        push: PushToTalk | None,
    ) -> None:
        self._runtime = runtime
        self._device = device
        self._voice = voice
        self._options = options
        self._push = push
        self._open = push is None
        self._spoken_over = False
        self._silent = False
        self._exchange: Exchange | None = None
        self._meter = sys.stderr.isatty()

    def greet(self) -> None:
        """Open the skill, or tell how it is called."""
        name = self._runtime.article.invocation_name
        if self._push:
            click.secho(f"Press Enter and speak; {terminal.LEAVE} leaves.", dim=True)
        if self._options.wake:
            click.secho(f'Say "ask {name}" and your question.', dim=True)
        else:
            self._answer(self._device.launch())

    def tell(self, level: float, speaking: bool) -> None:
        """Draw the meter; Enter takes the floor."""
        if self._push and self._push.pressed():
            self._voice.hush()
            self._open = True
        if self._meter:
            state = "you" if speaking else "..." if self.listening() else "   "
            click.echo(f"\r{state} {level_bar(level)} \r", nl=False, err=True)

    def listening(self) -> bool:
        """Always, save before Enter is pressed."""
        return self._open

    def awaited(self) -> bool:
        """Whether the skill has asked, is done speaking, and waits for the answer."""
        return self._device.in_session and not self._voice.speaking

    def interrupt(self) -> None:
        """Someone begins to speak: the answer falls silent, unless it must be called first."""
        self._spoken_over = self._voice.speaking
        if not self._options.wake:
            self._voice.hush()

    def take(self, turn: Said | Silence) -> None:
        """Answer what was said, or the silence."""
        if self._push:
            self._open = False
        if isinstance(turn, Silence):
            if self._exchange:
                self._silent = terminal.stay_silent(
                    self._device, self._exchange, self._silent, self._voice
                )
            return
        text = turn.hearing.text
        waiting = self._device.in_session and not self._spoken_over
        if self._options.wake and not waiting and not is_called(self._runtime, text):
            return
        click.echo(f"you>    {text or '(not intent_match)'}")
        self._silent = False
        self._answer(self._device.say(text))

    def _answer(self, exchange: Exchange) -> None:
        self._exchange = exchange
        terminal.show_exchange(exchange, self._options.show)
        terminal.say(self._voice, exchange.ssml)
