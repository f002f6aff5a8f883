"""The open tabs of the page, each with a device."""

from __future__ import annotations

import secrets
from collections import OrderedDict, deque
from threading import Lock

from skill.alexa import Exchange
from skill.simulator.device import Device

MOST_TABS = 32
MOST_UTTERANCES = 500  # kept for a replay


class Tab:
    """One tab: its device, and what was said to it.

    A lock keeps turns in order, since a browser may send the next before the last is answered.
    """

    def __init__(self, device: Device, locale: str) -> None:
        self.locale = locale
        self._device = device
        self._said: deque[tuple[str, bool]] = deque(maxlen=MOST_UTTERANCES)
        self._lock = Lock()

    def say(self, utterance: str) -> Exchange:
        """Take a turn; outside a session this opens one."""
        with self._lock:
            opens = not self._device.in_session
            exchange = self._device.say(utterance)
            self._said.append((utterance, opens))
            return exchange

    def stay_silent(self) -> str:
        """The reprompt as SSML at the first silence; "" at the second, which ends the session."""
        with self._lock:
            return self._device.stay_silent()

    def end(self) -> None:
        """End the session, because the listener left."""
        with self._lock:
            self._device.end()

    def said(self) -> tuple[tuple[str, bool], ...]:
        """Each utterance, and whether it opened a session."""
        with self._lock:
            return tuple(self._said)


class Tabs:
    """The open tabs by id; a new tab takes the place of the one unused longest."""

    def __init__(self) -> None:
        self._tabs: OrderedDict[str, Tab] = OrderedDict()
        self._lock = Lock()

    def open(self, tab: Tab) -> str:
        """Keep a new tab, and return its id."""
        name = secrets.token_urlsafe(12)
        with self._lock:
            self._tabs[name] = tab
            left = self._tabs.popitem(last=False)[1] if len(self._tabs) > MOST_TABS else None
        if left:
            left.end()
        return name

    def find(self, name: str) -> Tab | None:
        """The tab with that id, if it is still open."""
        with self._lock:
            if name in self._tabs:
                self._tabs.move_to_end(name)
            return self._tabs.get(name)
