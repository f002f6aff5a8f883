"""What an audition tells: what was asked, heard and answered, counted by condition. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median

from skill.content.text import normalise
from skill.speech.recognition.acoustic_models import Voice
from skill.tools.evaluation import Case, Share
from skill.tools.word_errors import align, errors

# The groups of issue and report: what kind of thing was asked.
SAMPLE, PARAPHRASE, OUTSIDE, CONTROL, SHORT = (
    "sample",
    "paraphrase",
    "outside",
    "control",
    "short word",
)
GROUPS = (SAMPLE, PARAPHRASE, OUTSIDE, CONTROL, SHORT)
SHORT_WORDS = ("stop", "help", "yes", "no", "next", "repeat")
_OFTEN = 2  # times that a word must be missed before it is told
_MOSTLY = 0.3  # share of times


@dataclass(frozen=True)
class Trial:
    """One sentence as one voice says it in one condition."""

    case: Case
    group: str
    voice: str
    condition: str


@dataclass(frozen=True)
class Heard:
    """What the ears made of a sound; this is what the cache keeps."""

    hypotheses: tuple[str, ...]
    sound_seconds: float
    hearing_seconds: float
    beside: tuple[str, ...] = ()
    voice: Voice | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of a trial."""

    trial: Trial
    heard: Heard
    text: str  # the hearing that was acted on
    got: str

    @property
    def verdict(self) -> str:
        """right, wrong (a fact that was not asked for) or refused."""
        if self.got in self.trial.case.expected:
            return "right"
        return "wrong" if self.got.startswith("answer:") else "refused"

    @property
    def said_words(self) -> list[str]:
        """What should have been heard."""
        return normalise(self.trial.case.text).split()

    @property
    def heard_words(self) -> list[str]:
        """The best hearing."""
        return normalise(self.heard.hypotheses[0]).split() if self.heard.hypotheses else []


@dataclass(frozen=True)
class Row:
    """The outcomes of one group in one condition (or voice)."""

    group: str
    name: str
    right: Share
    wrong: Share
    word_error_rate: float


@dataclass(frozen=True)
class Spoken:
    """An answer as it is spoken: the other way round."""

    answer: str
    part: int
    voice: str
    seconds: float
    reading_ease: float
    hard_words: tuple[str, ...]
    word_error_rate: float  # of general ears that listen to it


@dataclass(frozen=True)
class Audition:
    """Everything that was found out."""

    recognizer: str
    outcomes: tuple[Outcome, ...]
    spoken: tuple[Spoken, ...]

    @property
    def by_condition(self) -> tuple[Row, ...]:
        """Each group in each condition, over all voices."""
        return tuple(_rows(self.outcomes, lambda trial: trial.condition))

    @property
    def by_voice(self) -> tuple[Row, ...]:
        """Each group in each voice, over all conditions."""
        return tuple(_rows(self.outcomes, lambda trial: trial.voice))

    @property
    def misheard(self) -> tuple[tuple[str, int, int, str], ...]:
        """(sentence, times misheard and not right, of, what it is mostly heard as), worst first."""
        return self._missed(heard_as_said=False)

    @property
    def misunderstood(self) -> tuple[tuple[str, int, int, str], ...]:
        """The same of sentences that were heard as they were said, but not as they were meant."""
        return self._missed(heard_as_said=True)

    def _missed(self, heard_as_said: bool) -> tuple[tuple[str, int, int, str], ...]:
        asked: Counter[str] = Counter()
        found: dict[str, list[str]] = defaultdict(list)
        for outcome in self.outcomes:
            if outcome.trial.group == OUTSIDE:
                continue
            text, said, heard = outcome.trial.case.text, outcome.said_words, outcome.heard_words
            asked[text] += 1
            if outcome.verdict != "right" and (heard == said) is heard_as_said:
                found[text].append(" ".join(heard))
        told = (
            (text, len(heard), asked[text], Counter(heard).most_common(1)[0][0])
            for text, heard in found.items()
        )
        return tuple(sorted(told, key=lambda entry: (-entry[1] / entry[2], -entry[2], entry[0])))

    @property
    def misheard_words(self) -> tuple[tuple[str, int, int, str], ...]:
        """(word, times missed, of, what it is mostly heard as): what may want a respelling."""
        said: Counter[str] = Counter()
        missed: dict[str, Counter[str]] = defaultdict(Counter)
        for outcome in self.outcomes:
            if outcome.trial.group == OUTSIDE:
                continue
            for word, other in align(outcome.said_words, outcome.heard_words):
                said[word] += 1
                if word != other:
                    missed[word][other] += 1
        told = []
        for word, others in missed.items():
            times = others.total()
            if word and times >= _OFTEN and times >= _MOSTLY * said[word]:
                ((mostly, _),) = others.most_common(1)
                told.append((word, times, said[word], mostly or "nothing"))
        return tuple(sorted(told, key=lambda entry: (-entry[1] / entry[2], -entry[1], entry[0])))

    @property
    def real_time_factor(self) -> float:
        """Seconds of listening for a second of sound, the median."""
        factors = [o.heard.hearing_seconds / o.heard.sound_seconds for o in self.outcomes]
        return median(factors) if factors else 0.0


def group_of(case: Case, in_a_template: bool) -> str:
    """What kind of thing a case asks."""
    kind = case.expected[0].partition(":")[0]
    if normalise(case.text) in SHORT_WORDS:
        return SHORT
    if kind == "refuse":
        return OUTSIDE
    if kind == "intent":
        return CONTROL
    return SAMPLE if in_a_template else PARAPHRASE


def word_error_rate(said: str, heard: str) -> float:
    """Wrong, lost and added words of what was said."""
    words = normalise(said).split()
    return errors(words, normalise(heard).split()) / max(1, len(words))


def _rows(outcomes: Iterable[Outcome], name_of: Callable[[Trial], str]) -> Iterable[Row]:
    found: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in outcomes:
        found.setdefault((outcome.trial.group, name_of(outcome.trial)), []).append(outcome)
    for (group, name), some in sorted(found.items(), key=lambda entry: GROUPS.index(entry[0][0])):
        verdicts = Counter(outcome.verdict for outcome in some)
        words = sum(len(outcome.said_words) for outcome in some)
        missed = sum(errors(outcome.said_words, outcome.heard_words) for outcome in some)
        yield Row(
            group,
            name,
            Share(verdicts["right"], len(some)),
            Share(verdicts["wrong"], len(some)),
            missed / max(1, words),
        )
