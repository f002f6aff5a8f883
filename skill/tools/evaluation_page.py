"""A report as one HTML page: figures, what is taken for what, and risk against coverage. Pure."""

from __future__ import annotations

from collections import Counter
from html import escape

from skill.tools.evaluation import Outcome, Report
from skill.tools.report_page import page

_CELL = 18  # pixels
_LEFT, _TOP = 170, 130
_WIDE, _HIGH = 560, 240  # of the curve


def to_html(name: str, report: Report) -> str:
    """The whole page; it needs no other file."""
    body = f"""<h1>{escape(name)}</h1>
<p>{len(report.outcomes)} questions; {report.all.value:.1%} right. {_false(report)}</p>
<h2>By kind of question</h2>
<table><tr><th>kind</th><th>right</th><th>of</th><th>share</th><th>95 % interval</th></tr>
{"".join(_kind_row(kind, report) for kind in report.kinds)}</table>
<h2>Risk against coverage</h2>
<p>From the surest answer to the least sure: the share of questions that are told a fact, and how
many of these facts are wrong.</p>
{_curve(report.risk_coverage())}
<h2>What is taken for what</h2>
<p>Rows are what was right, columns what was got; only those with a mistake are shown.</p>
<div class="scroll">{_heat_map(report)}</div>
<h2>Every mistake</h2>
<table><tr><th>question</th><th>got</th><th>score</th><th>right would be</th></tr>
{"".join(_mistake_row(outcome) for outcome in report.outcomes if not outcome.right)}</table>
"""
    return page(f"{name}: understood?", body)


def _false(report: Report) -> str:
    if not report.refused.of:
        return ""
    share = report.false_facts
    return f"Of {share.of} that the article does not answer, {share.right} were told a fact."


def _kind_row(kind: str, report: Report) -> str:
    share = report.kinds[kind]
    low, high = share.interval
    cells = (kind, share.right, share.of, f"{share.value:.1%}", f"{low:.1%} to {high:.1%}")
    return f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in cells)}</tr>\n"


def _mistake_row(outcome: Outcome) -> str:
    mark = ' class="bad"' if outcome.false_fact else ""
    wanted = " or ".join(outcome.case.expected)
    cells = (outcome.case.text, outcome.got, f"{outcome.score:.2f}", wanted)
    return f"<tr{mark}>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>\n"


def _curve(points: list[tuple[float, float]]) -> str:
    if not points:
        return "<p>No question was told a fact.</p>"
    highest = max(0.02, *(risk for _, risk in points))
    path = " ".join(
        f"{40 + share * (_WIDE - 60):.1f},{_HIGH - 30 - risk / highest * (_HIGH - 60):.1f}"
        for share, risk in points
    )
    label = f"{points[-1][0]:.0%} told a fact, {points[-1][1]:.1%} of these wrong"
    return f"""<svg viewBox="0 0 {_WIDE} {_HIGH}" width="{_WIDE}" role="img" aria-label="{label}">
<line x1="40" y1="{_HIGH - 30}" x2="{_WIDE - 20}" y2="{_HIGH - 30}" stroke="var(--ink)"/>
<line x1="40" y1="30" x2="40" y2="{_HIGH - 30}" stroke="var(--ink)"/>
<text x="40" y="{_HIGH - 12}">0 %</text>
<text x="{_WIDE - 20}" y="{_HIGH - 12}" text-anchor="end">told a fact: 100 % of questions</text>
<text x="44" y="24">wrong: {highest:.1%}</text>
<polyline points="{path}" fill="none" stroke="var(--good)" stroke-width="2"/>
</svg>"""


def _heat_map(report: Report) -> str:
    pairs = Counter((outcome.case.expected[0], outcome.got) for outcome in report.outcomes)
    missed = {(o.case.expected[0], o.got) for o in report.outcomes if not o.right}
    if not missed:
        return "<p>Nothing was taken for anything else.</p>"
    rows = sorted({wanted for wanted, _ in missed})
    columns = sorted({got for _, got in missed} | set(rows))
    width, height = _LEFT + _CELL * len(columns) + 20, _TOP + _CELL * len(rows) + 10
    parts = [f'<svg viewBox="0 0 {width} {height}" width="{width}" role="img">']
    for column, got in enumerate(columns):
        x = _LEFT + _CELL * column + 12
        parts.append(
            f'<text transform="translate({x},{_TOP - 6}) rotate(-60)">{escape(got)}</text>'
        )
    for row, wanted in enumerate(rows):
        y = _TOP + _CELL * row
        parts.append(
            f'<text x="{_LEFT - 6}" y="{y + 13}" text-anchor="end">{escape(wanted)}</text>'
        )
        most = max(pairs[wanted, got] for got in columns)
        for column, got in enumerate(columns):
            times = pairs[wanted, got]
            color = "--good" if wanted == got else "--bad"
            fill = f"var({color})" if times else "var(--pale)"
            shade = 0.25 + 0.75 * times / most if times else 1
            parts.append(
                f'<rect x="{_LEFT + _CELL * column + 1}" y="{y + 1}" width="{_CELL - 2}"'
                f' height="{_CELL - 2}" rx="3" fill="{fill}" fill-opacity="{shade:.2f}">'
                f"<title>{escape(wanted)} taken for {escape(got)}: {times}</title></rect>"
            )
    return "\n".join([*parts, "</svg>"])
