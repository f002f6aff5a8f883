"""Questions that mean something only after what was told before."""

from __future__ import annotations

import pytest

from skill.simulator import Runtime

# Earlier utterances, the question, and what it must lead to: an answer, or a refusal (None).
FOLLOW_UPS = [
    (["what does oxytocin do for men"], "and for women", "women"),
    (["what does oxytocin do for men"], "how long does it last", "how_long"),
    (["what does oxytocin do for men"], "what about muscles", "muscle"),
    (["what does oxytocin do for men", "and for women"], "why", "relaxation"),
    (["what is a sex blush"], "why", "blush_why"),
    (["what is a sex blush"], "what does it look like", "blush_looks"),
    (["what is a sex blush"], "does everybody get it", "blush_everyone"),
    (["what is a sex blush"], "how long does it last", None),
    (["what is oxytocin"], "does it help wounds heal", "wounds"),
    (["does oxytocin help wounds"], "why", None),
    (["tell me about foreplay"], "why does it work", "foreplay"),
]


@pytest.mark.parametrize(("before", "said", "answer"), FOLLOW_UPS, ids=str)
def test_a_short_question_follows_from_what_was_told(
    before: list[str], said: str, answer: str | None, runtime: Runtime
) -> None:
    device = runtime.device()
    for utterance in before:
        device.say(utterance)
    assert device.say(said).answer == answer


def test_each_kind_of_refusal_has_its_own_words(runtime: Runtime) -> None:
    asked = ("who is the king of spain", "what dose is right for me", "i want to die", "blargle")
    told = [runtime.device().say(text) for text in asked]
    assert {exchange.answer for exchange in told} == {None}
    assert len({exchange.speech for exchange in told}) == len(asked)
