"""An audition as one HTML page with charts. Pure."""

from __future__ import annotations

from html import escape

from skill.tools.audition.results import Audition, Row
from skill.tools.report_page import page, table

_WIDE, _BAR, _GAP, _LEFT = 640, 16, 6, 190  # pixels


def to_html(audition: Audition) -> str:
    """The whole page; it needs no other file."""
    body = f"""<h1>Audition of {escape(audition.recognizer)} ears</h1>
<p>{len(audition.outcomes)} sentences spoken and heard; real-time factor
{audition.real_time_factor:.2f}. Green is right, grey refused, red a fact that nobody asked for.</p>
<h2>By condition</h2>
{_bars(audition.by_condition)}
{_rows("condition", audition.by_condition)}
<h2>By voice</h2>
{_bars(audition.by_voice)}
{_rows("voice", audition.by_voice)}
<h2>Sentences most often misheard</h2>
{_missed("sentence", audition.misheard)}
<h2>Heard as they were said, but not understood</h2>
<p>The matcher takes these for something else: write examples.</p>
{_missed("sentence", audition.misunderstood)}
<h2>Words to respell</h2>
<p>Give them a pronunciation in terms.yaml, or another name.</p>
{_missed("word", audition.misheard_words)}
<h2>Answers</h2>
{_answers(audition)}
"""
    return page(f"Audition: {audition.recognizer}", body)


def _rows(name: str, rows: tuple[Row, ...]) -> str:
    heads = ("what", name, "of", "right", "95 % interval", "wrong", "word errors")
    cells: list[tuple[object, ...]] = []
    for row in rows:
        low, high = row.right.interval
        spread = f"{low:.1%} to {high:.1%}"
        shares = (f"{row.right.value:.1%}", spread, f"{row.wrong.value:.1%}")
        cells.append((row.group, row.name, row.right.of, *shares, f"{row.word_error_rate:.1%}"))
    return table(heads, cells)


def _bars(rows: tuple[Row, ...]) -> str:
    if not rows:
        return "<p>Nothing was asked.</p>"
    height = len(rows) * (_BAR + _GAP) + _GAP
    room = _WIDE - _LEFT - 10
    parts = [
        f'<svg viewBox="0 0 {_WIDE} {height}" width="{_WIDE}" role="img"'
        ' aria-label="Shares of right, refused and wrong; the table below has the figures">'
    ]
    for place, row in enumerate(rows):
        y = _GAP + place * (_BAR + _GAP)
        label = escape(f"{row.group}, {row.name}")
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 12}" text-anchor="end">{label}</text>')
        x = float(_LEFT)
        refused = 1 - row.right.value - row.wrong.value
        for share, color, told in (
            (row.right.value, "--good", "right"),
            (refused, "--soft", "refused"),
            (row.wrong.value, "--bad", "wrong"),
        ):
            width = share * room
            parts.append(
                f'<rect x="{x:.1f}" y="{y}" width="{max(0.0, width):.1f}" height="{_BAR}"'
                f' fill="var({color})"><title>{label}: {share:.1%} {told}</title></rect>'
            )
            x += width
    return "\n".join([*parts, "</svg>"])


def _missed(name: str, missed: tuple[tuple[str, int, int, str], ...]) -> str:
    rows: list[tuple[object, ...]] = [(times, of, what, heard) for what, times, of, heard in missed]
    return table(("times", "of", name, "mostly as"), rows)


def _answers(audition: Audition) -> str:
    heads = ("answer", "part", "voice", "seconds", "reading ease", "word errors", "hard words")
    return table(
        heads,
        [
            (
                spoken.answer,
                spoken.part,
                spoken.voice,
                f"{spoken.seconds:.1f}",
                f"{spoken.reading_ease:.0f}",
                f"{spoken.word_error_rate:.0%}",
                " ".join(spoken.hard_words),
            )
            for spoken in audition.spoken
        ],
    )
