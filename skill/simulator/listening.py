"""A sound -> the utterance to act on: ears, and what the skill knows to make sense of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from skill.content.examples import OUTSIDE
from skill.content.intents import NOT_IN_ARTICLE_INTENT
from skill.content.text import normalise
from skill.simulator.nlu import Understood
from skill.simulator.runtime import Speaker
from skill.simulator.steering import expected_of, read_language_model
from skill.speech.audio import Sound
from skill.speech.recognition.acoustic_models import Voice
from skill.speech.recognition.combined import BothEars
from skill.speech.recognition.lexicon import pronounce
from skill.speech.recognition.phonetic_index import SoundIndex
from skill.speech.recognition.reranking import Meaning, choose
from skill.speech.recognition.sphinx import Ears, SphinxEars

_OPENING_WORDS = 3
_ALEXA = ("AH L EH K S AH",)


@dataclass(frozen=True)
class Hearing:
    """What came of a sound: the utterance to act on, "" for none, and all that it may have been."""

    text: str
    hearings: tuple[str, ...]
    whole: bool  # a sample from beginning to end: nothing is missing


@dataclass(frozen=True)
class Listening:
    """Ears and the sense to make of what they hear."""

    ears: Ears
    sense: Sense

    def listen(self, sound: Sound) -> Hearing:
        """What was most likely said."""
        heard = self.ears.hear(sound)
        return self.sense.settle(heard.hearings, heard.beside, heard.voice)


class Sense:
    """What one speaker's skill knows that tells a likely hearing from an unlikely one."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        self._answer_of = speaker.article.intent_answers()
        self._choices = {choice.intent: choice for choice in speaker.article.choices}
        samples = [utterance for _, utterance in speaker.cloud.utterances()]
        words = {word for sample in samples for word in sample.split()}
        self._index = SoundIndex(samples, pronounce(words, speaker.article.pronunciations))

    def settle(
        self, hearings: tuple[str, ...], beside: tuple[str, ...] = (), voice: Voice | None = None
    ) -> Hearing:
        """What was most likely said, of several hearings of one sound; the rest as in Heard."""
        # Whether the skill is called by its name is no part of what is asked.
        cloud = self._speaker.cloud
        opening = cloud.opening(hearings[0])[0] if hearings else ""
        asked, asked_beside = (
            tuple(filter(None, (cloud.opening(heard)[1] for heard in each)))
            for each in (hearings, beside)
        )
        chosen = choose(asked, self._meaning, self._index.alike, asked_beside, voice=voice)
        text = f"{opening} {chosen}".strip()
        match = cloud.understand(text).match if text else ""
        return Hearing(text, hearings, match in ("exact", "slot", "launch"))

    def _meaning(self, text: str) -> Meaning:
        understood = self._speaker.cloud.by_sample(normalise(text))
        if understood:
            return Meaning({self._named(understood): 1.0}, sample=True)
        shares: dict[str, float] = defaultdict(float)
        for candidate in self._speaker.matcher.rank(text).candidates:
            kind = candidate.label.partition(":")[0]
            refused = kind in ("silence", "beside", OUTSIDE)
            shares[OUTSIDE if refused else candidate.label] += candidate.score
        return Meaning(shares, sample=False)

    def _named(self, understood: Understood) -> str:
        choice = self._choices.get(understood.intent)
        answer = self._answer_of.get(understood.intent, "")
        if choice:
            chosen = [slot.value_id for slot in understood.slots if slot.name == choice.term]
            answer = choice.answers.get(chosen[0], "") if chosen else ""
        if answer:
            return f"answer:{answer}"
        return OUTSIDE if understood.intent == NOT_IN_ARTICLE_INTENT else understood.intent


def listening_for(speaker: Speaker, *, called: bool = False) -> Listening:
    """A speaker's own ears, ready to listen; `called`, also for its name ("ask … guide")."""
    return Listening(open_ears(speaker, called=called), Sense(speaker))


def open_ears(speaker: Speaker, *, called: bool = False) -> Ears:
    """The ears that were chosen for a speaker."""
    if speaker.ears == "whisper":
        from skill.speech.recognition.whisper import whisper_ears

        return BothEars(whisper_ears(speaker), sphinx_ears(speaker, called=called))
    return sphinx_ears(speaker, called=called)


def check_ears(speaker: Speaker) -> None:
    """Tell now, by an EngineError, what the chosen ears lack, rather than when they are opened."""
    if speaker.ears == "whisper":
        from skill.speech.recognition.whisper import model_of

        model_of(speaker)


def is_called(speaker: Speaker, text: str) -> bool:
    """Whether the skill is named: the wake phrase."""
    return normalise(speaker.article.invocation_name) in normalise(text)


def sphinx_ears(speaker: Speaker, *, called: bool = False) -> SphinxEars:
    """The ears that come with the skill, steered by the language model made at build.

    Those that listen for the skill's name make their own, which takes some seconds.
    """
    said = {**speaker.article.pronunciations, "alexa": _ALEXA}
    if not called:
        return SphinxEars(speaker.utterances(), said, read_language_model(speaker))
    expected = expected_of(speaker)
    name = normalise(speaker.article.invocation_name)
    return SphinxEars(expected | _openings(expected, name), said)


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
