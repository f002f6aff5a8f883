"""A sound -> what was most likely asked of this skill."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from skill.simulator.assemble import Speaker
from skill.simulator.ears import Ears, SphinxEars
from skill.simulator.hearing import choose
from skill.simulator.sound import Sound
from skill.words import normalise

_OPENING_WORDS = 3
_ALEXA = ("AH L EH K S AH",)


@dataclass(frozen=True)
class Hearing:
    """What is made of a sound; `text` is empty when nothing was understood."""

    text: str
    hearings: tuple[str, ...]
    whole: bool  # a sample from beginning to end: nothing is missing


def open_ears(speaker: Speaker, *, called: bool = False) -> Ears:
    """Ears for what the skill may be asked; `called`, also behind its name ("ask … guide")."""
    utterances = speaker.utterances()
    if called:
        utterances |= _openings(utterances, normalise(speaker.article.invocation_name))
    return SphinxEars(utterances, {**speaker.article.pronunciations, "alexa": _ALEXA})


def listen(ears: Ears, speaker: Speaker, sound: Sound) -> Hearing:
    """What a sound asks."""
    heard = ears.hear(sound)
    text = choose(heard.hearings, speaker.cloud.understand)
    whole = bool(text) and speaker.cloud.understand(text).match in ("exact", "slot", "launch")
    return Hearing(text, heard.hearings, whole)


def is_called(speaker: Speaker, text: str) -> bool:
    """Whether the skill is named: the wake phrase."""
    return normalise(speaker.article.invocation_name) in normalise(text)


def _openings(utterances: Mapping[str, int], name: str) -> dict[str, int]:
    """The skill's name before the beginnings of questions: their ends are known anyway."""
    found: dict[str, int] = {}
    for utterance, times in utterances.items():
        beginning = " ".join(utterance.split()[:_OPENING_WORDS])
        for call in (f"ask {name}", f"alexa ask {name}"):
            line = f"{call} {beginning}"
            found[line] = found.get(line, 0) + times
    most = max(found.values(), default=1)
    return found | {f"open {name}": most, f"alexa open {name}": most}
