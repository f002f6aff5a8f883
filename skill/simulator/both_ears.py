"""Two ears that listen to the same sound at once: what one mishears the other may not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest

from skill.simulator.ears import Ears, Heard
from skill.simulator.sound import Sound


class BothEars:
    """Each one's best hearing stands before the other's second best; `first` goes first."""

    def __init__(self, first: Ears, second: Ears) -> None:
        self._first, self._second = first, second
        self._beside = ThreadPoolExecutor(1, "ears")

    def hear(self, sound: Sound) -> Heard:
        """What the sound says; nothing where the first hear nobody speak."""
        coming = self._beside.submit(self._first.hear, sound)
        second = self._second.hear(sound).hearings
        first = coming.result().hearings
        if not first:
            return Heard((), sound.seconds)
        woven = (text for pair in zip_longest(first, second) for text in pair if text)
        return Heard(tuple(dict.fromkeys(woven)), sound.seconds)
