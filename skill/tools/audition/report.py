"""Reports of an audition: text, JSON and HTML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from statistics import mean

from skill.tools.audition.results import Audition, Misheard, Outcome, Row, SpokenAnswer
from skill.tools.reports import render

MOST = 20  # lines of each list in the text; JSON and HTML have them all
HARD = 30.0  # reading ease; texts below it are for specialists


def as_html(audition: Audition) -> str:
    """Return one page with charts, which needs no other file."""
    return render("audition.html.j2", audition=audition)


def as_text(audition: Audition) -> str:
    """Return tables and lists, as docs/measurements/speech.md has them."""
    return "\n".join(_lines(audition))


def as_json(audition: Audition) -> str:
    """Return everything, for CI."""
    report = {
        "ears": audition.recognizer,
        "real_time_factor": round(audition.real_time_factor, 4),
        "by_condition": [_row_record(row) for row in audition.by_condition],
        "by_voice": [_row_record(row) for row in audition.by_voice],
        "misheard": [asdict(each) for each in audition.misheard],
        "misunderstood": [asdict(each) for each in audition.misunderstood],
        "misheard_words": [
            {"word": each.text, "times": each.times, "of": each.of, "mostly_as": each.mostly_as}
            for each in audition.misheard_words
        ],
        "outcomes": [_outcome_record(outcome) for outcome in audition.outcomes],
        "answers": [asdict(answer) for answer in audition.answers],
    }
    return json.dumps(report, indent=1)


def _lines(audition: Audition) -> Iterator[str]:
    yield f"ears: {audition.recognizer}, real-time factor {audition.real_time_factor:.2f} (median)"
    yield from _table("condition", audition.by_condition)
    yield from _table("voice", audition.by_voice)
    yield from _listed("sentences most often misheard", map(_line, audition.misheard[:MOST]))
    yield from _listed(
        "sentences recognized word by word, but not understood (write examples)",
        (f'{each.times} of {each.of}  "{each.text}"' for each in audition.misunderstood[:MOST]),
    )
    yield from _listed(
        "words to respell (pronunciations in terms.yaml)",
        map(_line, audition.misheard_words[:MOST]),
    )
    if audition.answers:
        yield from _answers(audition.answers)


def _table(name: str, rows: Iterable[Row]) -> Iterator[str]:
    yield ""
    yield f"| what | {name} | of | right % | refused % | wrong % | word errors % |"
    yield "|---|---|---|---|---|---|---|"
    for row in rows:
        shares = (row.right.value, row.refused.value, row.wrong.value, row.word_error_rate)
        figures = " | ".join(f"{100 * share:.1f}" for share in shares)
        yield f"| {row.group} | {row.name} | {row.right.of} | {figures} |"


def _answers(answers: tuple[SpokenAnswer, ...]) -> Iterator[str]:
    yield ""
    yield "answers, spoken and transcribed by a general recognizer:"
    for voice in dict.fromkeys(answer.voice for answer in answers):
        some = [answer for answer in answers if answer.voice == voice]
        longest = max(some, key=lambda answer: answer.seconds)
        yield (
            f"  {voice}: {len(some)} parts, {mean(each.seconds for each in some):.1f} s on average,"
            f" at most {longest.seconds:.1f} s ({longest.answer}); reading ease"
            f" {mean(each.reading_ease for each in some):.0f}; word errors"
            f" {100 * mean(each.word_error_rate for each in some):.0f} %"
        )
    hard = (
        f"{answer.answer} part {answer.part}: {answer.reading_ease:.0f}"
        for answer in answers
        if answer.voice == answers[0].voice and answer.reading_ease < HARD
    )
    words = dict.fromkeys(word for answer in answers for word in answer.hard_words)
    yield from _listed(f"answers that are hard to follow (reading ease under {HARD:.0f})", hard)
    yield from _listed("words that the pronouncing dictionary lacks", words)


def _listed(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield from ("", f"{title}:", *(f"  {line}" for line in found))


def _line(each: Misheard) -> str:
    return f'{each.times} of {each.of}  "{each.text}", mostly as "{each.mostly_as}"'


def _row_record(row: Row) -> dict[str, object]:
    return {
        "group": row.group,
        "name": row.name,
        "of": row.right.of,
        "right": row.right.right,
        "wrong": row.wrong.right,
        "right_interval": row.right.interval,
        "word_error_rate": round(row.word_error_rate, 4),
    }


def _outcome_record(outcome: Outcome) -> dict[str, object]:
    trial, heard = outcome.trial, outcome.heard
    return {
        "text": trial.case.text,
        "group": trial.group,
        "voice": trial.voice,
        "condition": trial.condition.name,
        "expected": trial.case.expected,
        "hearings": heard.hypotheses,
        "beside": heard.secondary,
        "heard_as": "people in noise" if heard.noisy else "people",
        "acted_on": outcome.text,
        "got": outcome.got,
        "verdict": outcome.verdict,
    }
