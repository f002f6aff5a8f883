from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.content import Rules, TemplateError, Term, fill, slots_in
from skill.content.templates import MOST_SAMPLES_A_TEMPLATE

RULES = Rules({"what_is": "(what is|what's)", "a": "(b|c)"})


@pytest.mark.parametrize(
    ("template", "samples"),
    [
        ("what is tea", ("what is tea",)),
        (
            "(is|was) it [very] hot",
            ("is it very hot", "is it hot", "was it very hot", "was it hot"),
        ),
        ("<what_is> {green_tea}", ("what is {green_tea}", "what's {green_tea}")),
        ("[the|a] tea", ("the tea", "a tea", "tea")),
        ("(tea|tea)", ("tea",)),
        ("  much   space ", ("much space",)),
    ],
)
def test_a_template_stands_for_each_of_its_samples_once(
    template: str, samples: tuple[str, ...]
) -> None:
    assert RULES.samples(template) == samples


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("", "is empty"),
        ("(open", "does not parse"),
        ("()", "does not parse"),
        ("is it hot?", r"holds '\?'"),
        ("is it 5", "holds '5'"),
        ("<gone> tea", "uses the phrase rule <gone>"),
        ("{tea} and {tea}", "uses a slot twice"),
        (
            "(a|b) (c|d) (e|f) (g|h) (i|j) (k|l) (m|n) (o|p) (q|r)",
            f"than {MOST_SAMPLES_A_TEMPLATE}",
        ),
    ],
)
def test_a_template_that_cannot_be_used_says_why(template: str, says: str) -> None:
    with pytest.raises(TemplateError, match=says):
        RULES.samples(template)


def test_a_rule_may_not_refer_to_itself() -> None:
    rules = Rules({"a": "<b> x", "b": "[<a>]"})
    with pytest.raises(TemplateError, match="refers to itself"):
        rules.samples("<a>")


def test_a_rule_that_does_not_parse_is_named() -> None:
    with pytest.raises(TemplateError, match="<a> does not parse"):
        Rules({"a": "(x"}).samples("<a>")


@given(st.text(alphabet="ab ()[]{}<>|'", max_size=30))
def test_any_template_gives_samples_or_one_clear_error(template: str) -> None:
    try:
        samples = RULES.samples(template)
    except TemplateError:
        return
    assert samples
    assert all(sample == " ".join(sample.split()) != "" for sample in samples)


def test_a_slot_is_filled_with_every_name_of_its_term() -> None:
    terms = {
        "tea": Term("tea", {"tea": ("tea", "Sencha")}),
        "who": Term("who", {"adults": ("grown ups",), "children": ("kids",)}),
    }
    filled = list(fill("is {tea} good for {who}", terms))
    assert [each.utterance for each in filled] == [
        "is tea good for grown ups",
        "is tea good for kids",
        "is sencha good for grown ups",
        "is sencha good for kids",
    ]
    assert filled[3].slots == {"tea": ("Sencha", "tea"), "who": ("kids", "children")}
    assert slots_in("is {tea} good for {who}") == ("tea", "who")
