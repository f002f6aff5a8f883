"""Open tabs of the page: each holds a device of its own; their number is bounded."""

from __future__ import annotations

import secrets
from collections import OrderedDict, deque
from threading import Lock

from skill.alexa.exchange import Exchange
from skill.simulator.device import Device

MOST_TABS = 32
MOST_UTTERANCES = 500  # kept for the record of a conversation


class Tab:
    """One tab: its device, and what was said to it."""

    def __init__(self, device: Device, locale: str) -> None:
        self.locale = locale
        self._device = device
        self._said: deque[tuple[str, bool]] = deque(maxlen=MOST_UTTERANCES)
        self._reprompt = ""
        # A browser may send the next turn before the last one is answered; a device takes one.
        self._lock = Lock()

    def say(self, utterance: str) -> Exchange:
        """One turn; without a session it opens one."""
        with self._lock:
            opens = not self._device.in_session
            exchange = self._device.say(utterance)
            self._said.append((utterance, opens))
            self._reprompt = exchange.reprompt_ssml if exchange.session_open else ""
            return exchange

    def stay_silent(self) -> str:
        """The reprompt as SSML at the first silence; nothing at the second, which ends it."""
        with self._lock:
            reprompt, self._reprompt = self._reprompt, ""
            if not reprompt:
                self._device.end("EXCEEDED_MAX_REPROMPTS")
            return reprompt

    def end(self) -> None:
        """The listener left."""
        with self._lock:
            self._reprompt = ""
            self._device.end("USER_INITIATED")

    def said(self) -> tuple[tuple[str, bool], ...]:
        """Each utterance, and whether it opened a session."""
        with self._lock:
            return tuple(self._said)


class Tabs:
    """Every open tab by its id; the one that was silent longest makes room for a new one."""

    def __init__(self) -> None:
        self._tabs: OrderedDict[str, Tab] = OrderedDict()
        self._lock = Lock()

    def open(self, tab: Tab) -> str:
        """The id of a new tab."""
        name = secrets.token_urlsafe(12)
        with self._lock:
            self._tabs[name] = tab
            left = self._tabs.popitem(last=False)[1] if len(self._tabs) > MOST_TABS else None
        if left:
            left.end()
        return name

    def find(self, name: str) -> Tab | None:
        """The tab of that id, if it is still there."""
        with self._lock:
            if name in self._tabs:
                self._tabs.move_to_end(name)
            return self._tabs.get(name)
