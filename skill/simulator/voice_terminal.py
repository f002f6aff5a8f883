"""A spoken conversation in a terminal, with a level meter."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import log10
from pathlib import Path
from typing import IO

import click

from skill.alexa import Exchange
from skill.settings import Settings
from skill.simulator import terminal
from skill.simulator.device import Device
from skill.simulator.runtime import Runtime
from skill.simulator.speech_pipeline import is_called, open_pipeline
from skill.simulator.turn_loop import Said, Silence, turns
from skill.speech import Output, Source, SpeechOutput, open_sound_card

_METER_WIDTH = 20
_METER_FLOOR = -60.0  # dB of full scale; the meter is empty below it


@dataclass(frozen=True)
class ConversationOptions:
    """How to hold a conversation."""

    wake: bool = False  # answer only after the invocation name, as a speaker in a room does
    speak: bool = False  # speak the answers aloud
    wav_dir: Path | None = None  # keep each spoken answer there
    show: bool = False  # print each request and response


class PushToTalk:
    """A source that counts as silent until Enter is pressed, and that ends with the keys."""

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
        """Whether Enter was pressed since the last call."""
        was_pressed = self._pressed.is_set()
        self._pressed.clear()
        return was_pressed

    def _wait(self) -> None:
        for _ in self._keys:
            self._pressed.set()
        self._left.set()


def converse(
    settings: Settings,
    source: Source,
    options: ConversationOptions,
    open_output: Callable[[int], Output] = open_sound_card,
) -> None:
    """Hold a spoken conversation until the source ends.

    `open_output` opens what plays the answers, at a sample rate in Hz.
    """
    with SpeechOutput(
        settings.voice, aloud=options.speak, folder=options.wav_dir, open_output=open_output
    ) as voice:
        runtime = Runtime(settings, terminal.open_listener_memory(settings))
        pipeline = open_pipeline(runtime, called=True)
        device = runtime.device()
        push = source if isinstance(source, PushToTalk) else None
        conversation = _Conversation(runtime, device, voice, options, push)
        conversation.greet()
        try:
            for turn in turns(source, pipeline.listen, conversation):
                conversation.take(turn)
        except KeyboardInterrupt:
            click.echo()
        else:
            voice.finish()
        device.end()


def level_bar(level: float) -> str:
    """A root mean square of 16-bit samples as a bar of fixed width."""
    decibels = 20 * log10(level / 32_767) if level >= 1 else _METER_FLOOR
    filled = round(_METER_WIDTH * min(1.0, max(0.0, 1 - decibels / _METER_FLOOR)))
    return "█" * filled + "·" * (_METER_WIDTH - filled)


class _Conversation:
    """The state of a spoken conversation: the device, the voice, and whose turn it is."""

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
        self._meter = sys.stderr.isatty()

    def greet(self) -> None:
        """Open the skill, or print how to call it."""
        name = self._runtime.article.invocation_name
        if self._push:
            click.secho(f"Press Enter and speak; {terminal.LEAVE} leaves.", dim=True)
        if self._options.wake:
            click.secho(f'Say "ask {name}" and your question.', dim=True)
        else:
            self._answer(self._device.launch())

    def show_level(self, level: float, speaking: bool) -> None:
        """Draw the meter, and open the microphone if Enter was pressed."""
        if self._push and self._push.pressed():
            self._voice.hush()
            self._open = True
        if self._meter:
            state = "you" if speaking else "..." if self.listening() else "   "
            click.echo(f"\r{state} {level_bar(level)} \r", nl=False, err=True)

    def listening(self) -> bool:
        """Whether speech counts; with push-to-talk, only after Enter was pressed."""
        return self._open

    def awaited(self) -> bool:
        """Whether the skill has asked, has stopped speaking, and waits for the answer."""
        return self._device.in_session and not self._voice.speaking

    def interrupt(self) -> None:
        """Stop the answer when someone begins to speak, unless they must name the skill first."""
        self._spoken_over = self._voice.speaking
        if not self._options.wake:
            self._voice.hush()

    def take(self, turn: Said | Silence) -> None:
        """Answer what was said, or the silence."""
        if self._push:
            self._open = False
        if isinstance(turn, Silence):
            terminal.stay_silent(self._device, self._voice)
            return
        text = turn.utterance.text
        waiting = self._device.in_session and not self._spoken_over
        if self._options.wake and not waiting and not is_called(self._runtime, text):
            return
        click.echo(f"you>    {text or '(not understood)'}")
        self._answer(self._device.say(text))

    def _answer(self, exchange: Exchange) -> None:
        terminal.answer(exchange, self._voice, self._options.show)
