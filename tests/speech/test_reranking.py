from __future__ import annotations

from collections.abc import Mapping, Sequence

from skill.content import FORGET_INTENT, OUT_OF_DOMAIN, Label, LabelKind
from skill.speech.recognition import Meaning, PhoneticIndex, choose
from skill.speech.recognition.reranking import SimilarSample

HELP = Label(LabelKind.COMMAND, "AMAZON.HelpIntent")
STOP = Label(LabelKind.COMMAND, "AMAZON.StopIntent")
FORGET = Label(LabelKind.COMMAND, FORGET_INTENT)
GREEN, BLACK, EVENING = map(Label.answer, ("green", "black", "evening"))


def _words(label: Label, share: float = 0.9) -> Meaning:
    return Meaning({label: share}, sample=False)


def _sample(label: Label) -> Meaning:
    return Meaning({label: 1.0}, sample=True)


def _choose(
    hypotheses: Sequence[str],
    meanings: Mapping[str, Meaning],
    secondary: Sequence[str] = (),
    *,
    noisy: bool = False,
) -> str:
    return choose(hypotheses, meanings.__getitem__, lambda _: (), secondary, noisy=noisy)


def test_the_nearest_sample_by_sound_is_found_whatever_its_spelling() -> None:
    pronunciations = {
        "could": ["K UH D"],
        "sex": ["S EH K S"],
        "studies": ["S T AH D IY Z"],
        "six": ["S IH K S"],
    }
    index = PhoneticIndex(["could sex", "could studies"], pronunciations)
    assert index.similar("could six")[0].sample == "could sex"
    assert index.similar("could unknown") == ()


def test_without_hypotheses_nothing_is_chosen() -> None:
    assert _choose([], {}) == ""


def test_hypotheses_that_disagree_give_no_fact_but_may_give_a_command() -> None:
    facts = {"a": _words(GREEN), "b": _words(BLACK), "c": _words(EVENING)}
    commands = {"a": _words(HELP), "b": _words(STOP), "c": _words(EVENING)}
    assert _choose(["a"], facts) == "a"
    assert _choose(["a", "b", "c", "c"], facts) == ""
    assert _choose(["a", "b", "c", "c"], commands) == "a"


def test_deletion_needs_more_votes_than_a_fact_or_another_command() -> None:
    meanings = {"a": _words(FORGET), "f": _words(GREEN), "b": _words(STOP), "c": _words(HELP)}
    assert _choose(["a", "b"], meanings) == "a"
    assert _choose(["a", "b", "b"], meanings) == ""
    assert _choose(["f", "b", "b"], meanings) == "f"
    assert _choose(["b", "a", "c", "c"], meanings) == "b"


def test_ten_different_meanings_are_not_understood() -> None:
    meanings = {text: _words(Label.answer(text)) for text in "abcdefghij"}
    assert _choose(list("abcdefghij"), meanings) == ""


def test_a_hypothesis_that_is_a_sample_represents_its_meaning() -> None:
    assert _choose(["a", "b"], {"a": _words(GREEN, 0.6), "b": _sample(GREEN)}) == "b"


def test_a_sample_that_sounds_like_a_meaningless_hypothesis_wins() -> None:
    meanings = {"z": _words(OUT_OF_DOMAIN, 0.2), "s": _sample(GREEN)}
    assert choose(["z"], meanings.__getitem__, lambda _: [SimilarSample("s", 0.95)]) == "s"


def test_a_second_recognizer_can_outvote_the_first() -> None:
    meanings = {
        "a": _words(GREEN, 0.5),
        "b": _words(BLACK, 0.5),
        "c": _words(EVENING, 0.5),
        "s": _sample(BLACK),
    }
    assert _choose(["a", "b", "c", "c"], meanings) == ""
    assert _choose(["a", "b", "c", "c"], meanings, ["s"]) == "s"
    assert _choose(["a"], meanings, ["a", "b"]) == "a"


def test_the_first_of_two_recognizers_has_more_votes() -> None:
    assert _choose(["a"], {"a": _words(GREEN, 1.0), "b": _words(BLACK, 1.0)}, ["b"]) == "a"


def test_a_refusal_has_less_votes_when_two_recognizers_listen() -> None:
    meanings = {"a": _words(GREEN, 0.8), "b": _words(OUT_OF_DOMAIN, 1.0)}
    assert _choose(["b", "a"], meanings) == "b"
    assert _choose(["b", "a", "a"], meanings, ["a", "b"]) == "a"


def test_a_fact_needs_more_votes_in_noise() -> None:
    meanings = {"a": _words(GREEN), "b": _words(BLACK)}
    for noisy, chosen in ((False, "a"), (True, "")):
        assert _choose(["a", "b", "a"], meanings, noisy=noisy) == "a"
        assert _choose(["a", "b", "b", "a"], meanings, noisy=noisy) == chosen
