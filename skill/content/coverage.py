"""Article sentences against answers, both ways: what is never said, what is never asked. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape

from skill.content.model import Article
from skill.content.templates import Rules

FEW_TEMPLATES = 8
FEW_SAMPLES = 30


@dataclass(frozen=True)
class Coverage:
    """How the answers and the article meet."""

    citing: dict[str, tuple[str, ...]]  # locator -> ids of the answers that cite it
    unsaid: tuple[str, ...]  # locators that state something and that no answer cites
    thin: tuple[str, ...]  # answers with few ways to ask for them
    samples: dict[str, int]  # answer id -> how many samples ask for it


def measure(article: Article) -> Coverage:
    """The coverage of an article by its answers."""
    rules = Rules(article.rules)
    citing = {
        locator: tuple(a.id for a in article.answers.values() if locator in a.locators)
        for locator in article.outline
    }
    unsaid = tuple(
        outline.locator
        for outline in article.outline.values()
        if outline.states and not citing[outline.locator]
    )
    samples = {
        answer.id: len({s for template in answer.templates for s in rules.samples(template)})
        for answer in article.answers.values()
    }
    thin = tuple(
        answer.id
        for answer in article.answers.values()
        if samples[answer.id] < FEW_SAMPLES or len(answer.asks) < FEW_TEMPLATES
    )
    return Coverage(citing, unsaid, thin, samples)


def summary(article: Article, coverage: Coverage) -> str:
    """Coverage in words, a line each."""
    stating = [outline for outline in article.outline.values() if outline.states]
    said = len(stating) - len(coverage.unsaid)
    lines = [
        f"{said} of {len(stating)} sentences that state something are said by an answer",
        f"{len(coverage.samples)} answers, {sum(coverage.samples.values())} samples ask for them",
    ]
    lines += [f"unsaid: {name}: {article.outline[name].gist}" for name in coverage.unsaid]
    lines += [
        f'hard to reach: answer "{name}" has {coverage.samples[name]} samples from'
        f" {len(article.answers[name].asks)} templates; {FEW_SAMPLES} from {FEW_TEMPLATES} are few"
        for name in coverage.thin
    ]
    return "\n".join(lines)


_CELL = 18  # pixels
_LEFT, _TOP = 190, 70
_INK, _PALE, _FIRST, _LATER, _WARN = "#24292f", "#e6e8eb", "#0b6e4f", "#7fc8a9", "#c0392b"


def to_svg(article: Article, coverage: Coverage) -> str:
    """A grid, answers down and sentences across; dark says it first, light in a follow-up."""
    locators = list(article.outline)
    answers = list(article.answers.values())
    width = _LEFT + _CELL * len(locators) + 20
    height = _TOP + _CELL * len(answers) + 50
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}" role="img" font-family="sans-serif" font-size="11">',
        f"<title>Which answer says which sentence of the article: {escape(article.title)}</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for column, locator in enumerate(locators):
        x = _LEFT + _CELL * column + _CELL // 2 + 4
        ink = _WARN if locator in coverage.unsaid else _INK
        turn = f"translate({x},{_TOP - 8}) rotate(-60)"
        parts.append(f'<text transform="{turn}" fill="{ink}">{locator}</text>')
    for row, answer in enumerate(answers):
        y = _TOP + _CELL * row
        parts.append(
            f'<text x="{_LEFT - 8}" y="{y + 13}" text-anchor="end" fill="{_INK}">'
            f"{escape(answer.id)} ({coverage.samples[answer.id]})</text>"
        )
        first = {source for sentence in answer.says for source in sentence.sources}
        for column, locator in enumerate(locators):
            color = _FIRST if locator in first else _LATER if locator in answer.locators else _PALE
            parts.append(
                f'<rect x="{_LEFT + _CELL * column + 1}" y="{y + 1}" width="{_CELL - 2}"'
                f' height="{_CELL - 2}" rx="3" fill="{color}"><title>{escape(answer.id)}'
                f" {locator}</title></rect>"
            )
    key = _TOP + _CELL * len(answers) + 20
    for position, (color, words) in enumerate(
        (
            (_FIRST, "said at once"),
            (_LATER, "said on “tell me more”"),
            (_PALE, "not in this answer"),
        )
    ):
        x = _LEFT + 160 * position
        parts.append(f'<rect x="{x}" y="{key}" width="14" height="14" rx="3" fill="{color}"/>')
        parts.append(f'<text x="{x + 20}" y="{key + 11}" fill="{_INK}">{words}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"
