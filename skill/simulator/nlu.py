"""Stands in for Alexa's cloud: an utterance -> an intent with slots, by the compiled model.

It approximates Alexa's understanding and says how each match came about: `exact` is a sample,
`slot` a sample with an entity-resolved value, `near` the likeliest intent by our own matcher,
`search` a carrier phrase with free words behind it, `launch` the skill's name alone and `none`
what Alexa would hand to the fallback intent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from skill.alexa.requests import SEARCH_TYPE, IntentMatch, SlotValue
from skill.content.text import normalise

FALLBACK = "AMAZON.FallbackIntent"
MOST_SLOTS = 3
MOST_SPANS = 12
_SLOT = re.compile(r"\{([^{}]*)\}")
# What Alexa itself knows for its intents, beside a model's own samples:
# developer.amazon.com/en-US/docs/alexa/custom-skills/standard-built-in-intents.html
_BUILT_IN = {
    "AMAZON.CancelIntent": ("cancel", "never mind", "forget it"),
    "AMAZON.HelpIntent": ("help", "help me", "can you help me"),
    "AMAZON.MoreIntent": ("more", "tell me more"),
    "AMAZON.NavigateHomeIntent": ("go home", "home", "take me home", "go to the home screen"),
    "AMAZON.NextIntent": ("next", "skip", "skip forward"),
    "AMAZON.NoIntent": ("no", "no thanks"),
    "AMAZON.PreviousIntent": ("previous", "go back", "skip back"),
    "AMAZON.RepeatIntent": ("repeat", "say that again", "repeat that"),
    "AMAZON.StartOverIntent": ("start over", "restart", "start again"),
    "AMAZON.StopIntent": ("stop", "off", "shut up"),
    "AMAZON.YesIntent": ("yes", "yes please", "sure"),
}


@dataclass(frozen=True)
class IntentGuess:
    """The likeliest intents of an utterance that is no sample."""

    intent: str  # "" when nothing is near
    score: float
    runner_up: str = ""
    runner_up_score: float = 0.0
    certain: bool = False  # likely enough that Alexa would send it as this intent
    depends: bool = False  # what "it" means decides it, which only free words bring to the skill
    words: bool = False  # made of words that say something, whatever they mean


class AlexaNlu:
    """Understands utterances by one compiled model; `near` helps where no sample fits."""

    def __init__(self, model: Mapping[str, Any], near: Callable[[str], IntentGuess]) -> None:
        language = model["interactionModel"]["languageModel"]
        self.invocation_name: str = language["invocationName"]
        self._near = near
        self._values: dict[str, list[tuple[str, str, str]]] = {}
        self._longest = 1
        for kind in language.get("types", ()):
            for value in kind["values"]:
                canonical = value["name"]["value"]
                for name in (canonical, *value["name"].get("synonyms", ())):
                    key = normalise(name)
                    self._values.setdefault(key, []).append((kind["name"], value["id"], canonical))
                    self._longest = max(self._longest, key.count(" ") + 1)
        # A sample with each slot as its type -> (intent, slot names in order).
        self._samples: dict[str, tuple[str, tuple[str, ...]]] = {}
        self._carriers: list[tuple[str, str, str, str]] = []
        for intent in language["intents"]:
            self._read(intent)
        # The shortest that fits leaves most of what was said to the skill.
        self._carriers.sort(key=lambda carrier: len(carrier[0]) + len(carrier[1]))
        self._opening = re.compile(
            r"(?:(?:alexa|computer|echo) )?(?:please )?"
            r"(?:(?:open|launch|start|run|begin|play|load)"
            rf" {re.escape(normalise(self.invocation_name))}(?: and| to)?"
            r"|(?:ask|tell|use) "
            rf"{re.escape(normalise(self.invocation_name))}(?: to| about| for| if| whether)?)"
            r"(?: (?P<rest>.+))?"
        )

    def understand(self, utterance: str) -> IntentMatch:
        """The intent that Alexa would most likely send for an utterance."""
        opening, heard = self.opening(utterance)
        if opening:
            if not heard:
                return IntentMatch("", (), "launch", 1.0)
            # "ask … about foreplay": the connecting word may belong to the question.
            return self.by_sample(heard) or self.by_sample(f"about {heard}") or self._guess(heard)
        return self.by_sample(heard) or self._guess(heard)

    def opening(self, utterance: str) -> tuple[str, str]:
        """The words that call the skill ("ask oxytocin guide"), if any, and those behind them."""
        said = normalise(utterance)
        opened = self._opening.fullmatch(said)
        if not opened:
            return "", said.removeprefix("alexa ")
        rest = opened["rest"] or ""
        return said.removesuffix(rest).strip(), rest

    def utterances(self) -> Iterator[tuple[str, str]]:
        """(intent, utterance) for every sample, each slot filled with each of its names.

        Carriers of free words are left out.
        """
        by_type: dict[str, list[str]] = {}
        for name, meanings in self._values.items():
            for kind, _, _ in meanings:
                by_type.setdefault(kind, []).append(name)
        for key, (intent, _) in self._samples.items():
            for utterance in _filled(key, by_type):
                yield intent, utterance

    def _read(self, intent: Mapping[str, Any]) -> None:
        types = {slot["name"]: slot["type"] for slot in intent.get("slots", ())}
        name = intent["name"]
        for sample in (*intent.get("samples", ()), *_BUILT_IN.get(name, ())):
            slots = _SLOT.findall(sample)
            if any(types[slot] == SEARCH_TYPE for slot in slots):
                before, _, after = sample.partition(f"{{{slots[0]}}}")
                carrier = (normalise(before), normalise(after), name, slots[0])
                self._carriers.append(carrier)
                continue
            key = " ".join(
                f"{{{types[piece[1:-1]]}}}" if piece.startswith("{") else normalise(piece)
                for piece in re.split(r"(\{[^{}]*\})", sample)
                if piece.strip()
            )
            self._samples.setdefault(key, (name, tuple(slots)))

    def by_sample(self, heard: str) -> IntentMatch | None:
        """What a normalised utterance is by the samples alone."""
        found = self._samples.get(heard)
        if found:
            return IntentMatch(found[0], (), "exact", 1.0)
        words = heard.split()
        spans = [
            (start, end, meaning)
            for start in range(len(words))
            for end in range(start + 1, min(len(words), start + self._longest) + 1)
            for meaning in self._values.get(" ".join(words[start:end]), ())
        ]
        spans.sort(key=lambda span: span[0] - span[1])  # longest first
        del spans[MOST_SPANS:]
        for count in range(1, MOST_SLOTS + 1):
            for chosen in combinations(spans, count):
                slots = self._fits(words, sorted(chosen))
                if slots:
                    return slots
        return None

    def _fits(
        self, words: list[str], chosen: list[tuple[int, int, tuple[str, str, str]]]
    ) -> IntentMatch | None:
        at, pieces = 0, []
        for start, end, (kind, _, _) in chosen:
            if start < at:
                return None
            pieces += [*words[at:start], f"{{{kind}}}"]
            at = end
        found = self._samples.get(" ".join([*pieces, *words[at:]]))
        if not found:
            return None
        name, names = found
        slots = tuple(
            SlotValue(slot, " ".join(words[start:end]), kind, value, canonical)
            for slot, (start, end, (kind, value, canonical)) in zip(names, chosen, strict=True)
        )
        return IntentMatch(name, slots, "slot", 1.0)

    def _guess(self, heard: str) -> IntentMatch:
        near = self._near(heard)
        carried = self._carried(heard, near)
        if near.certain and not (carried and near.depends):
            return IntentMatch(near.intent, (), "near", *_scores(near))
        if carried:
            return carried
        if near.words and self._carriers:
            # Alexa's fallback, at low sensitivity, gives way to the intent that is least unlike;
            # for words of any kind that is the one for free words.
            _, _, intent, slot = self._carriers[0]
            filled = SlotValue(slot, heard, SEARCH_TYPE)
            return IntentMatch(intent, (filled,), "near", *_scores(near))
        return IntentMatch(FALLBACK, (), "none", near.score)

    def _carried(self, heard: str, near: IntentGuess) -> IntentMatch | None:
        for before, after, intent, slot in self._carriers:
            rest = heard.removeprefix(f"{before} ") if before else heard
            if (before and rest == heard) or not rest:
                continue
            if after and not rest.endswith(f" {after}"):
                continue
            query = rest.removesuffix(f" {after}") if after else rest
            filled = SlotValue(slot, query, SEARCH_TYPE)
            return IntentMatch(intent, (filled,), "search", near.score, near.intent, near.score)
        return None


def _scores(near: IntentGuess) -> tuple[float, str, float]:
    return near.score, near.runner_up, near.runner_up_score


def _filled(key: str, by_type: Mapping[str, list[str]]) -> Iterator[str]:
    found = _SLOT.search(key)
    if not found:
        yield key
        return
    for name in by_type.get(found.group(1), ()):
        yield from _filled(key[: found.start()] + name + key[found.end() :], by_type)
