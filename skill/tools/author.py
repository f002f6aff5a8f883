"""The author's tools: evaluate a file of questions, explain one answer, list what was missed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from skill.content.examples import read_examples
from skill.errors import AskableError
from skill.memory import NoMemory
from skill.memory.unanswered import group, read_misses
from skill.settings import Settings
from skill.simulator.runtime import Runtime
from skill.tools.datasets import learn_dataset, measure, read_dataset
from skill.tools.evaluation import Report, table
from skill.tools.evaluation_page import to_html
from skill.tools.examination import cases_of, examine
from skill.understanding.compiled import load_vectors
from skill.understanding.explanation import explain
from skill.understanding.training_data import make_training_data

Progress = Callable[[int, int], None]


def evaluate(
    settings: Settings, questions: Path, html: Path | None, as_json: bool, progress: Progress
) -> tuple[str, float]:
    """What is printed, and the share of right ones; writes the page if one is asked for."""
    runtime = Runtime(settings, NoMemory())
    cases = cases_of(runtime, questions)
    asked = 0

    def tell() -> None:
        nonlocal asked
        asked += 1
        progress(asked, len(cases))

    report = examine(runtime, cases, tell)
    if html:
        html.write_text(to_html(questions.name, report), encoding="utf-8")
    return _as_json(report) if as_json else table(report), report.all.value


def evaluate_dataset(path: Path, sentences: bool, progress: Progress) -> tuple[str, float]:
    """The bare matcher, learnt from a data set's train part; the share is that in scope."""
    parts = read_dataset(path)
    labels, rank = learn_dataset(parts, load_vectors(sentences), progress)
    figures = measure(parts, labels, rank)
    lines = [
        f"{path.name}: {figures.labels} labels, {len(parts['train'][0])} lessons",
        f"in-scope accuracy    {figures.in_scope:.1%}",
        f"out-of-scope recall  {figures.out_of_scope:.1%}",
        f"threshold            {figures.threshold:.4f}, best on val and oos_val",
        f"without refusing     {figures.unrejected:.1%} in scope",
    ]
    return "\n".join(lines), figures.in_scope


def explain_question(settings: Settings, question: str) -> str:
    """Why a question gets its answer."""
    runtime = Runtime(settings, NoMemory())
    examples = read_examples(settings.content, runtime.article)
    lessons = make_training_data(runtime.article, examples)
    exchange = runtime.device().say(question)
    match = f"match    {exchange.intent_match.match}: {exchange.name}"
    vectors = load_vectors(settings.sentences)
    return f"{match}\n{explain(question, runtime.matcher, lessons, vectors)}"


def list_misses(settings: Settings) -> str:
    """Unanswered questions, grouped by what they come nearest to."""
    if settings.misses is None:
        raise AskableError("--misses: is not given; name the file that the skill wrote")
    runtime = Runtime(settings, NoMemory())
    lines = []
    for found in group(read_misses(settings.misses), runtime.matcher.rank):
        lines.append(f"{found.times:4}  near {found.near}")
        lines += [f"      {times:4}  {question}" for question, times in found.questions]
    return "\n".join(lines) or "no question was missed"


def _as_json(report: Report) -> str:
    return json.dumps(
        {
            "kinds": {
                kind: {"right": share.right, "of": share.of, "interval": share.interval}
                for kind, share in report.kinds.items()
            },
            "false_facts": report.false_facts.right,
            "latency_seconds": {
                f"p{percent}": report.latency(percent / 100) for percent in (50, 95, 99)
            },
            "outcomes": [
                {
                    "text": outcome.case.text,
                    "expected": outcome.case.expected,
                    "got": outcome.got,
                    "right": outcome.right,
                    "score": outcome.score,
                }
                for outcome in report.outcomes
            ],
        },
        indent=1,
    )
