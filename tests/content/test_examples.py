from __future__ import annotations

from pathlib import Path

from skill.content import OUT_OF_DOMAIN, Article, Examples, Label, LabelKind, read_examples
from tests.conftest import TEA


def test_examples_are_read_by_label(article: Article) -> None:
    examples = read_examples(TEA, article)
    assert set(examples.by_label) == {
        Label.answer("green"),
        Label.answer("black"),
        Label(LabelKind.NEAR_MISS, "green"),
        Label(LabelKind.KNOWN_GAP, "price"),
        Label(LabelKind.COMMAND, "AMAZON.MoreIntent"),
        Label(LabelKind.REFUSAL, "medical"),
        Label(LabelKind.REFUSAL, "danger"),
        OUT_OF_DOMAIN,
    }
    assert examples.by_label[Label(LabelKind.KNOWN_GAP, "price")] == (
        "is it cheap",
        "how much for a cup",
    )
    assert examples.other_entities == ("coffee", "water", "juice", "wine")
    assert examples.other_entity_samples == (("what is {other} made of",), ("is {other} a tea",))


def test_examples_are_normalised(article: Article, copied_content: Path) -> None:
    (copied_content / "examples.yaml").write_text("answers: {green: [What's this GREEN stuff?]}")
    examples = read_examples(copied_content, article)
    assert examples.by_label == {Label.answer("green"): ("what is this green stuff",)}


def test_an_article_may_have_no_examples(article: Article, tmp_path: Path) -> None:
    assert read_examples(tmp_path, article) == Examples({})
