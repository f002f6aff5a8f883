"""A stand-in for Alexa's natural language understanding.

It matches an utterance with an intent of the compiled interaction model. How an utterance was
matched is one of:

- `launch`: the invocation name alone
- `exact`: a sample
- `slot`: a sample with slot values in it
- `near`: no sample; the most likely intent according to the skill's own matcher
- `search`: a carrier phrase followed by free text
- `none`: nothing, which Alexa hands to the fallback intent
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from skill.alexa import IntentMatch, SlotValue, model_reader
from skill.content import BUILT_IN_TYPES, FALLBACK_INTENT, SEARCH_TYPE, normalise, slots_in

# Bounds on the search for slot values, which is exponential in the number of slots. No sample of
# the shipped article has more than two slots.
_MOST_SLOTS = 3
_MOST_SPANS = 12
# Utterances that Alexa knows for its own intents without samples:
# https://developer.amazon.com/en-US/docs/alexa/custom-skills/standard-built-in-intents.html
_BUILT_IN_SAMPLES = {
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
    """The most likely intents of an utterance that is not a sample."""

    intent: str  # "" if no intent is likely
    score: float
    runner_up: str = ""
    runner_up_score: float = 0.0
    certain: bool = False  # likely enough that Alexa would send this intent
    depends: bool = False  # depends on what "it" means; only free text brings that to the skill
    words: bool = False  # has words that carry a meaning, known to the article or not


GuessIntent = Callable[[str], IntentGuess]
# Values of Alexa's own slot types: type -> the value that Alexa sends -> the ways to say it.
BuiltInValues = Mapping[str, Mapping[str, Sequence[str]]]


@dataclass(frozen=True)
class _Value:
    """A value of a slot type."""

    type: str
    id: str  # "" for a value of a built-in type
    canonical: str

    def spoken_as(self, slot: str, words: str) -> SlotValue:
        """The slot, filled with this value by these words."""
        if self.id:
            return SlotValue(slot, words, self.type, self.id, self.canonical)
        return SlotValue(slot, self.canonical, self.type)  # "three" is sent as "3"


@dataclass(frozen=True)
class _Span:
    """Words of an utterance, from `start` up to `end`, that name a value."""

    start: int
    end: int
    value: _Value


@dataclass(frozen=True)
class _Carrier:
    """A sample with a slot for free text: "how does {query}"."""

    before: str
    after: str
    intent: str
    slot: str

    def query(self, utterance: str) -> str:
        """The free text in an utterance; "" if the utterance does not fit the carrier."""
        start = f"{self.before} " if self.before else ""
        end = f" {self.after}" if self.after else ""
        rest = utterance.removeprefix(start)
        if not utterance.startswith(start) or not rest.endswith(end):
            return ""
        return rest.removesuffix(end)


class AlexaNlu:
    """Understands utterances by one interaction model.

    Args:
        model: The interaction model.
        guess: Returns the most likely intents of an utterance that no sample matches.
        built_in_values: Values of Alexa's own slot types. A slot of a built-in type without values
            is never filled.
    """

    def __init__(
        self,
        model: model_reader.Model,
        guess: GuessIntent,
        built_in_values: BuiltInValues = BUILT_IN_TYPES,
    ) -> None:
        self._guess = guess
        self._names_by_type: dict[str, list[str]] = defaultdict(list)
        self._values: dict[str, list[_Value]] = defaultdict(list)  # by name
        self._read_types(model, built_in_values)
        self._longest_name = max((name.count(" ") + 1 for name in self._values), default=1)
        # A sample with the type of each slot in place of its name -> intent and slot names.
        self._samples: dict[str, tuple[str, tuple[str, ...]]] = {}
        self._carriers: list[_Carrier] = []
        self._read_samples(model)
        name = re.escape(normalise(model_reader.language_model(model)["invocationName"]))
        self._invocation = re.compile(
            r"(?:(?:alexa|computer|echo) )?(?:please )?"
            rf"(?:(?:open|launch|start|run|begin|play|load) {name}(?: and| to)?"
            rf"|(?:ask|tell|use) {name}(?: to| about| for| if| whether)?)"
            r"(?: (?P<rest>.+))?"
        )

    def understand(self, utterance: str) -> IntentMatch:
        """The intent that Alexa would most likely send for an utterance."""
        invocation, said = self.split_invocation(utterance)
        if invocation and not said:
            return IntentMatch("", (), "launch", 1.0)
        match = self.by_sample(said)
        if invocation and not match:
            # "ask … about foreplay": the connecting word may belong to the question.
            match = self.by_sample(f"about {said}")
        return match or self._by_guess(said)

    def split_invocation(self, utterance: str) -> tuple[str, str]:
        """The words that invoke the skill ("ask oxytocin guide"), if any, and those after them."""
        said = normalise(utterance)
        invoked = self._invocation.fullmatch(said)
        if not invoked:
            return "", said.removeprefix("alexa ")
        rest = invoked["rest"] or ""
        return said.removesuffix(rest).strip(), rest

    def by_sample(self, utterance: str) -> IntentMatch | None:
        """The intent of which a normalised utterance is a sample, if there is one."""
        found = self._samples.get(utterance)
        if found:
            return IntentMatch(found[0], (), "exact", 1.0)
        words = utterance.split()
        spans = [
            _Span(start, end, value)
            for start in range(len(words))
            for end in range(start + 1, min(len(words), start + self._longest_name) + 1)
            for value in self._values.get(" ".join(words[start:end]), ())
        ]
        spans.sort(key=lambda span: span.start - span.end)  # longest first
        for count in range(1, _MOST_SLOTS + 1):
            for chosen in combinations(spans[:_MOST_SPANS], count):
                match = self._with_slots(words, sorted(chosen, key=lambda span: span.start))
                if match:
                    return match
        return None

    def utterances(self) -> Iterator[tuple[str, str]]:
        """(intent, utterance) for each sample, with each name of each slot filled in.

        Samples with free text are left out.
        """
        for key, (intent, _) in self._samples.items():
            for utterance in self._filled(key):
                yield intent, utterance

    def _filled(self, key: str) -> Iterator[str]:
        before, brace, rest = key.partition("{")
        if not brace:
            yield key
            return
        slot_type, _, after = rest.partition("}")
        for name in self._names_by_type.get(slot_type, ()):
            yield from self._filled(f"{before}{name}{after}")

    def _read_types(self, model: model_reader.Model, built_in_values: BuiltInValues) -> None:
        for slot_type, values in model_reader.slot_types(model).items():
            for value in values:
                canonical = value["name"]["value"]
                for name in map(normalise, (canonical, *value["name"].get("synonyms", ()))):
                    self._names_by_type[slot_type].append(name)
                    self._values[name].append(_Value(slot_type, value["id"], canonical))
        for slot_type, sent_values in built_in_values.items():
            for sent, names in sent_values.items():
                self._names_by_type[slot_type] += names
                for name in (sent, *names):  # a typed utterance may have "3" instead of "three"
                    self._values[name].append(_Value(slot_type, "", sent))

    def _read_samples(self, model: model_reader.Model) -> None:
        for intent, sample, key in model_reader.normalised_samples(model):
            before, carries, after = key.partition(f"{{{SEARCH_TYPE}}}")
            slots = slots_in(sample)
            if carries:
                self._carriers.append(_Carrier(before.strip(), after.strip(), intent, slots[0]))
            else:
                self._samples.setdefault(key, (intent, slots))
        # The shortest carrier that fits leaves the most words to the skill.
        self._carriers.sort(key=lambda carrier: len(carrier.before) + len(carrier.after))
        for name in (intent["name"] for intent in model_reader.intents(model)):
            for sample in _BUILT_IN_SAMPLES.get(name, ()):
                self._samples.setdefault(sample, (name, ()))

    def _with_slots(self, words: list[str], spans: list[_Span]) -> IntentMatch | None:
        at, pieces = 0, []
        for span in spans:
            if span.start < at:
                return None  # overlaps the one before
            pieces += [*words[at : span.start], f"{{{span.value.type}}}"]
            at = span.end
        found = self._samples.get(" ".join([*pieces, *words[at:]]))
        if not found:
            return None
        intent, names = found
        slots = tuple(
            span.value.spoken_as(name, " ".join(words[span.start : span.end]))
            for name, span in zip(names, spans, strict=True)
        )
        return IntentMatch(intent, slots, "slot", 1.0)

    def _by_guess(self, utterance: str) -> IntentMatch:
        guess = self._guess(utterance)
        carried = self._by_carrier(utterance, guess)
        near = "near", guess.score, guess.runner_up, guess.runner_up_score
        if guess.certain and not (carried and guess.depends):
            return IntentMatch(guess.intent, (), *near)
        if carried:
            return carried
        if guess.words and self._carriers:
            # At low sensitivity, Alexa prefers the least unlikely intent to its fallback intent;
            # for words of any kind that is the intent for free text.
            carrier = self._carriers[0]
            query = SlotValue(carrier.slot, utterance, SEARCH_TYPE)
            return IntentMatch(carrier.intent, (query,), *near)
        return IntentMatch(FALLBACK_INTENT, (), "none", guess.score)

    def _by_carrier(self, utterance: str, guess: IntentGuess) -> IntentMatch | None:
        for carrier in self._carriers:
            if text := carrier.query(utterance):
                query = SlotValue(carrier.slot, text, SEARCH_TYPE)
                return IntentMatch(
                    carrier.intent, (query,), "search", guess.score, guess.intent, guess.score
                )
        return None
