"""Coverage: which sentences no answer cites, and which answers are hard to reach."""

from __future__ import annotations

from dataclasses import dataclass

from skill.content.model import Article
from skill.content.templates import Rules

FEW_TEMPLATES = 8
FEW_SAMPLES = 30


@dataclass(frozen=True)
class Coverage:
    """How the answers cover the article."""

    citing: dict[str, tuple[str, ...]]  # locator -> ids of the answers that cite it
    unsaid: tuple[str, ...]  # locators that state something and that no answer cites
    thin: tuple[str, ...]  # answers with few ways to ask for them
    samples: dict[str, int]  # answer id -> how many samples ask for it


def measure_coverage(article: Article) -> Coverage:
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


def summarise(article: Article, coverage: Coverage) -> str:
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
