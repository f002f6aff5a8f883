"""An audition in words and as JSON. Pure."""

from __future__ import annotations

import json
from statistics import mean

from skill.tools.audition.results import Audition, Row
from skill.tools.evaluation import Share

MOST = 20  # lines of each list; JSON and the page have them all
HARD = 30.0  # reading ease; below it a text is for specialists


def to_text(audition: Audition) -> str:
    """The tables and lists, as they stand in docs/speech.md."""
    parts = [
        f"ears: {audition.recognizer}, real-time factor {audition.real_time_factor:.2f} (median)"
    ]
    for name, rows in (("condition", audition.by_condition), ("voice", audition.by_voice)):
        parts += ["", *_table(name, rows)]
    misheard = [
        f'{times} of {of}  "{text}", mostly as "{mostly}"'
        for text, times, of, mostly in audition.misheard[:MOST]
    ]
    misunderstood = [f'{times} of {of}  "{text}"' for text, times, of, _ in audition.misunderstood]
    words = [
        f'{times} of {of}  "{word}", mostly as "{mostly}"'
        for word, times, of, mostly in audition.misheard_words[:MOST]
    ]
    parts += _listed("sentences most often misheard", misheard)
    parts += _listed(
        "sentences heard as they were said, but not understood (write examples)",
        misunderstood[:MOST],
    )
    parts += _listed("words to respell (pronunciations in terms.yaml)", words)
    parts += _answers(audition)
    return "\n".join(parts)


def to_json(audition: Audition) -> str:
    """Everything, for CI."""
    return json.dumps(
        {
            "ears": audition.recognizer,
            "real_time_factor": round(audition.real_time_factor, 4),
            "by_condition": [_row_record(row) for row in audition.by_condition],
            "by_voice": [_row_record(row) for row in audition.by_voice],
            "misheard": [
                {"text": text, "times": times, "of": of, "mostly_as": mostly}
                for text, times, of, mostly in audition.misheard
            ],
            "misunderstood": [
                {"text": text, "times": times, "of": of}
                for text, times, of, _ in audition.misunderstood
            ],
            "misheard_words": [
                {"word": word, "times": times, "of": of, "mostly_as": mostly}
                for word, times, of, mostly in audition.misheard_words
            ],
            "outcomes": [
                {
                    "text": outcome.trial.case.text,
                    "group": outcome.trial.group,
                    "voice": outcome.trial.voice,
                    "condition": outcome.trial.condition,
                    "expected": outcome.trial.case.expected,
                    "hearings": outcome.heard.hypotheses,
                    "beside": outcome.heard.beside,
                    "heard_as": outcome.heard.voice,
                    "acted_on": outcome.text,
                    "got": outcome.got,
                    "verdict": outcome.verdict,
                }
                for outcome in audition.outcomes
            ],
            "answers": [
                {
                    "answer": spoken.answer,
                    "part": spoken.part,
                    "voice": spoken.voice,
                    "seconds": round(spoken.seconds, 2),
                    "reading_ease": round(spoken.reading_ease, 1),
                    "hard_words": spoken.hard_words,
                    "word_error_rate": round(spoken.word_error_rate, 4),
                }
                for spoken in audition.spoken
            ],
        },
        indent=1,
    )


def _table(name: str, rows: tuple[Row, ...]) -> list[str]:
    lines = [
        f"| what | {name} | of | right % | refused % | wrong % | word errors % |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        refused = Share(row.right.of - row.right.right - row.wrong.right, row.right.of)
        shares = (row.right.value, refused.value, row.wrong.value, row.word_error_rate)
        figures = " | ".join(f"{100 * share:.1f}" for share in shares)
        lines.append(f"| {row.group} | {row.name} | {row.right.of} | {figures} |")
    return lines


def _answers(audition: Audition) -> list[str]:
    if not audition.spoken:
        return []
    lines = ["", "answers, spoken and heard by general ears:"]
    for voice in dict.fromkeys(spoken.voice for spoken in audition.spoken):
        some = [spoken for spoken in audition.spoken if spoken.voice == voice]
        longest = max(some, key=lambda spoken: spoken.seconds)
        lines.append(
            f"  {voice}: {len(some)} parts, {mean(s.seconds for s in some):.1f} s on average, at"
            f" most {longest.seconds:.1f} s ({longest.answer}); reading ease"
            f" {mean(s.reading_ease for s in some):.0f}; word errors"
            f" {100 * mean(s.word_error_rate for s in some):.0f} %"
        )
    hard = [
        f"{spoken.answer} part {spoken.part}: {spoken.reading_ease:.0f}"
        for spoken in audition.spoken
        if spoken.voice == audition.spoken[0].voice and spoken.reading_ease < HARD
    ]
    words = dict.fromkeys(word for spoken in audition.spoken for word in spoken.hard_words)
    lines += _listed(f"answers that are hard to follow (reading ease under {HARD:.0f})", hard)
    return lines + _listed("words that no pronouncing dictionary has", list(words))


def _listed(title: str, lines: list[str]) -> list[str]:
    return ["", f"{title}:", *(f"  {line}" for line in lines)] if lines else []


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
