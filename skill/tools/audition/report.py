"""Reports of an audition: text, JSON and HTML."""

from __future__ import annotations

import json
from dataclasses import asdict

from skill.tools.audition.results import Audition, Outcome, Row
from skill.tools.reports import render

MOST = 20  # lines of each list in the text; JSON and HTML have them all
HARD = 30  # reading ease; texts below it are for specialists


def as_html(audition: Audition) -> str:
    """Return one page with charts, which needs no other file."""
    return render("audition.html.j2", audition=audition)


def as_text(audition: Audition) -> str:
    """Return tables and lists, as docs/measurements/speech.md has them."""
    hard_answers = [
        f"{answer.answer} part {answer.part}: {answer.reading_ease:.0f}"
        for answer in audition.answers
        if answer.voice == audition.answers[0].voice and answer.reading_ease < HARD
    ]
    text = render(
        "audition.txt.j2", audition=audition, most=MOST, hard=HARD, hard_answers=hard_answers
    )
    return text.rstrip("\n")


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
