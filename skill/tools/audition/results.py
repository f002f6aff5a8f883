"""The results of an audition: what was asked, recognized and answered."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from statistics import median

from rapidfuzz.distance import Levenshtein

from skill.content import normalise
from skill.speech.recognition import Recognition
from skill.tools.audition.conditions import Condition
from skill.tools.evaluate import Case, Share

# What kind of utterance was spoken.
GROUPS = ("sample", "paraphrase", "outside", "control", "short word")
SAMPLE, PARAPHRASE, OUTSIDE, CONTROL, SHORT = GROUPS
SHORT_WORDS = ("stop", "help", "yes", "no", "next", "repeat")
# A word is listed if it is misheard at least this often, and in this share of its utterances.
_TIMES, _SHARE = 2, 0.3


@dataclass(frozen=True)
class Trial:
    """One utterance in one voice and condition."""

    case: Case
    group: str
    voice: str
    condition: Condition


@dataclass(frozen=True)
class TimedRecognition(Recognition):
    """What a recognizer makes of one sound, and how long that takes."""

    seconds: float = 0.0  # of speech
    processor_seconds: float = 0.0


@dataclass(frozen=True)
class Outcome:
    """What became of a trial."""

    trial: Trial
    heard: TimedRecognition
    text: str  # the hypothesis that the skill acted on
    got: str

    @property
    def verdict(self) -> str:
        """right, wrong (a fact that was not asked for) or refused."""
        if self.got in self.trial.case.expected:
            return "right"
        return "wrong" if self.got.startswith("answer:") else "refused"

    @property
    def reference(self) -> list[str]:
        """The words that were spoken."""
        return normalise(self.trial.case.text).split()

    @property
    def hypothesis(self) -> list[str]:
        """The words of the best hypothesis."""
        return normalise(self.heard.hypotheses[0]).split() if self.heard.hypotheses else []


@dataclass(frozen=True)
class Row:
    """The outcomes of one group in one condition or voice."""

    group: str
    name: str
    right: Share
    wrong: Share
    word_error_rate: float

    @property
    def refused(self) -> Share:
        """The outcomes that are neither right nor wrong."""
        return Share(self.right.of - self.right.right - self.wrong.right, self.right.of)


@dataclass(frozen=True)
class Misheard:
    """A sentence or word that was often misheard."""

    text: str
    times: int
    of: int
    mostly_as: str


@dataclass(frozen=True)
class SpokenAnswer:
    """A part of an answer, spoken and transcribed."""

    answer: str
    part: int
    voice: str
    seconds: float
    reading_ease: float
    hard_words: tuple[str, ...]
    word_error_rate: float  # of a general recognizer


@dataclass(frozen=True)
class Audition:
    """All results."""

    recognizer: str
    outcomes: tuple[Outcome, ...]
    answers: tuple[SpokenAnswer, ...]

    @property
    def by_condition(self) -> tuple[Row, ...]:
        """Each group in each condition, all voices together."""
        return tuple(_rows(self.outcomes, lambda trial: trial.condition.name))

    @property
    def by_voice(self) -> tuple[Row, ...]:
        """Each group in each voice, all conditions together."""
        return tuple(_rows(self.outcomes, lambda trial: trial.voice))

    @property
    def misheard(self) -> tuple[Misheard, ...]:
        """Sentences that were misheard and not answered right, worst first."""
        return self._missed(recognized=False)

    @property
    def misunderstood(self) -> tuple[Misheard, ...]:
        """Sentences that were recognized word by word but not answered right, worst first."""
        return self._missed(recognized=True)

    def _missed(self, recognized: bool) -> tuple[Misheard, ...]:
        spoken: Counter[str] = Counter()
        missed: dict[str, Counter[str]] = defaultdict(Counter)
        for outcome in self._inside:
            text, hypothesis = outcome.trial.case.text, outcome.hypothesis
            spoken[text] += 1
            if outcome.verdict != "right" and (hypothesis == outcome.reference) is recognized:
                missed[text][" ".join(hypothesis)] += 1
        return _worst_first(spoken, missed)

    @property
    def misheard_words(self) -> tuple[Misheard, ...]:
        """Words that are often misheard and may need a pronunciation, worst first."""
        spoken: Counter[str] = Counter()
        missed: dict[str, Counter[str]] = defaultdict(Counter)
        for outcome in self._inside:
            for word, other in align(outcome.reference, outcome.hypothesis):
                spoken[word] += 1
                if word and word != other:
                    missed[word][other or "nothing"] += 1
        often = {
            word: others
            for word, others in missed.items()
            if others.total() >= max(_TIMES, _SHARE * spoken[word])
        }
        return _worst_first(spoken, often)

    @property
    def real_time_factor(self) -> float:
        """Seconds of recognition for a second of sound, the median."""
        factors = [o.heard.processor_seconds / o.heard.seconds for o in self.outcomes]
        return median(factors) if factors else 0.0

    @property
    def _inside(self) -> Iterable[Outcome]:
        return (outcome for outcome in self.outcomes if outcome.trial.group != OUTSIDE)


def group_of(case: Case, is_sample: bool) -> str:
    """Return the group of a case from a file of questions."""
    kind = case.expected[0].partition(":")[0]
    if normalise(case.text) in SHORT_WORDS:
        return SHORT
    if kind == "refuse":
        return OUTSIDE
    if kind == "intent":
        return CONTROL
    return SAMPLE if is_sample else PARAPHRASE


def align(reference: Sequence[str], hypothesis: Sequence[str]) -> list[tuple[str, str]]:
    """Pair the words of both with the fewest errors; "" stands for a missing partner."""
    return [
        pair
        for op in Levenshtein.opcodes(reference, hypothesis)
        for pair in zip_longest(
            reference[op.src_start : op.src_end],
            hypothesis[op.dest_start : op.dest_end],
            fillvalue="",
        )
    ]


def word_error_rate(reference: str, hypothesis: str) -> float:
    """Return the substituted, deleted and inserted words for each word of the reference."""
    words = normalise(reference).split()
    return Levenshtein.distance(words, normalise(hypothesis).split()) / max(1, len(words))


def _worst_first(
    spoken: Mapping[str, int], missed: Mapping[str, Counter[str]]
) -> tuple[Misheard, ...]:
    found = [
        Misheard(text, others.total(), spoken[text], others.most_common(1)[0][0])
        for text, others in missed.items()
    ]
    return tuple(sorted(found, key=lambda each: (-each.times / each.of, -each.times, each.text)))


def _rows(outcomes: Iterable[Outcome], name_of: Callable[[Trial], str]) -> Iterable[Row]:
    found: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in outcomes:
        found.setdefault((outcome.trial.group, name_of(outcome.trial)), []).append(outcome)
    for (group, name), some in sorted(found.items(), key=lambda entry: GROUPS.index(entry[0][0])):
        verdicts = Counter(outcome.verdict for outcome in some)
        words = sum(len(outcome.reference) for outcome in some)
        errors = sum(Levenshtein.distance(each.reference, each.hypothesis) for each in some)
        yield Row(
            group,
            name,
            Share(verdicts["right"], len(some)),
            Share(verdicts["wrong"], len(some)),
            errors / max(1, words),
        )
