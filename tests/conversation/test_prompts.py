from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.content import CUES, PROMPTS, REFUSALS, Article, Cue, Locale, Refusal, load_article
from skill.conversation import Dialogue, Launch, Listener, Offer, OfferKind, Reply, State, render
from skill.understanding import Ranking
from tests.conftest import TEA
from tests.support.states import states

ARTICLE = load_article(TEA)
CLOSING = {Cue.GOODBYE}

# A state in which each cue occurs, where it needs more than the cue.
STATES = {
    Cue.PART: State(Cue.PART, "black", offer=Offer(OfferKind.MORE)),
    Cue.NO_MORE: State(Cue.NO_MORE, "black", 1, offer=Offer.of_answer("evening")),
    Cue.NO_REASON: State(Cue.NO_REASON, "green", offer=Offer.of_answer("black")),
    Cue.NO_PREVIOUS: State(Cue.NO_PREVIOUS, reading=1),
    Cue.TOPICS: State(Cue.TOPICS, topics=3, offer=Offer(OfferKind.TOPICS)),
    Cue.WHICH: State(Cue.WHICH, choice="tea_for"),
    Cue.DID_YOU_MEAN: State(
        Cue.DID_YOU_MEAN, offer=Offer.of_answer("green"), alternative="evening"
    ),
    Cue.NOT_IN_ARTICLE_NEAR: State(Cue.NOT_IN_ARTICLE_NEAR, offer=Offer.of_answer("green")),
    Cue.REFUSED: State(Cue.REFUSED, refusal="medical", offer=Offer(OfferKind.TOPICS)),
    Cue.READING: State(Cue.READING, reading=2, offer=Offer(OfferKind.NEXT)),
    Cue.READING_RESUME: State(Cue.READING_RESUME, resume_part=2, offer=Offer(OfferKind.RESUME)),
    Cue.FALLBACK_3: State(Cue.FALLBACK_3, misses=3, offer=Offer.of_answer("green")),
}


def _reply(state: State, article: Article = ARTICLE, locale: str = "en-US") -> Reply:
    return render(article, article.locales[locale], state)


def _check(state: State, reply: Reply) -> None:
    closes = state.cue in CLOSING or state.refusal == "danger"
    assert reply.speech
    assert reply.keeps_session_open is (not closes)
    assert reply.speech.endswith("?") is (not closes)
    assert "{" not in reply.speech + reply.reprompt


@pytest.mark.parametrize("cue", list(Cue))
def test_every_cue_is_spoken_and_asks_something_unless_it_closes_the_session(cue: Cue) -> None:
    state = STATES.get(cue, State(cue))
    _check(state, _reply(state))


@pytest.mark.parametrize("cue", [cue for cue in Cue if CUES[cue].prompt])
@pytest.mark.parametrize("locale", list(ARTICLE.locales))
def test_a_cue_with_a_prompt_of_its_own_is_spoken_in_the_words_of_the_locale(
    cue: Cue, locale: str
) -> None:
    words = replace(
        ARTICLE.locales[locale],
        prompts={**ARTICLE.locales[locale].prompts, CUES[cue].prompt: "Own words?"},
    )
    assert render(ARTICLE, words, State(cue)).speech == "Own words?"


_NAMES = st.sampled_from(["green", "black", "evening", "tea_for", "medical", "danger", "gone", ""])
_OFFERS = st.none() | st.sampled_from(
    [*(Offer(kind) for kind in OfferKind if kind is not OfferKind.ANSWER), Offer.of_answer("black")]
)


def _no_rank(utterance: str) -> Ranking:
    raise AssertionError(utterance)


@given(states(_NAMES, st.integers(0, 12), _OFFERS))
def test_any_state_is_spoken_once_the_dialogue_knows_its_names(state: State) -> None:
    known = Dialogue(ARTICLE, _no_rank)._known(state)
    reply = _reply(known)
    assert reply.speech
    assert reply.keeps_session_open is reply.speech.endswith("?")


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.name)
def test_a_refusal_speaks_its_prompts_without_a_source(refusal: Refusal) -> None:
    reply = _reply(State(Cue.REFUSED, refusal=refusal.name))
    values = {"title": ARTICLE.title, "author": ARTICLE.author, "example_1": "", "example_2": ""}
    words = [ARTICLE.locales["en-US"].prompt(name, **values) for name in refusal.prompts]
    assert reply.speech == " ".join(words)
    assert reply.keeps_session_open is bool(refusal.reprompt)
    assert reply.sources == ()


def test_an_answer_has_its_sentences_sources_and_a_card() -> None:
    reply = _reply(STATES[Cue.PART])
    (sentence,) = ARTICLE.answers["black"].says
    assert reply.sentences[0] == sentence
    assert reply.answer == "black"
    assert reply.sources == ("p1.s2",)
    assert reply.card is not None
    assert reply.card.title == "Black tea"
    assert reply.card.text.startswith(f"{sentence.text}\n\nSource: Tea and sleep, by Dr. Example")
    assert "p1.s2" in reply.card.text


@pytest.mark.parametrize(
    ("state", "question"),
    [
        (STATES[Cue.PART], "Would you like to hear more?"),
        (STATES[Cue.NO_MORE], "Would you like to hear about tea in the evening?"),
        (State(Cue.PART, "evening"), "What else would you like to know?"),
    ],
)
def test_an_answer_ends_in_its_offer(state: State, question: str) -> None:
    reply = _reply(state)
    assert reply.speech.endswith(question)
    assert (question in reply.reprompt) is (state.offer is not None)


def test_the_article_is_introduced_before_its_first_part_and_finished_after_its_last() -> None:
    parts = [_reply(State(Cue.READING, reading=part)) for part in (1, 2, 3)]
    assert tuple(part.answer for part in parts) == ARTICLE.reading
    first, second, last = (part.speech for part in parts)
    assert first.startswith("Here is the article, in my own words, in 3 parts. Part 1.")
    assert second.startswith("Part 2.")
    assert second.endswith("Shall I go on?")
    assert "That was the last part." in last


def test_topics_are_listed_three_at_a_time() -> None:
    first, last = (_reply(State(Cue.TOPICS, topics=count)).speech for count in (3, 5))
    assert first.startswith("You can ask about green tea, black tea, or tea in the evening.")
    assert last.startswith("And finally, tea for adults, or tea for children.")


def test_the_list_of_many_topics_has_a_middle_and_may_end_in_a_single_topic() -> None:
    seven = replace(ARTICLE, topics=(*ARTICLE.topics, "green", "black"))
    middle, last = (_reply(State(Cue.TOPICS, topics=count), seven).speech for count in (6, 7))
    assert middle.startswith("You can also ask about tea for adults, tea for children, or green")
    assert last.startswith("And finally, black tea. ")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State(Cue.HELP), "I answer questions"),
        (State(Cue.HELP, "black"), "We are at black tea"),
        (State(Cue.HELP, "black", reading=2), "we are at part 2 of 3"),
        (State(Cue.HELP, "black", reading=3), "We are at black tea"),
    ],
)
def test_help_fits_the_place(state: State, words: str) -> None:
    assert words in _reply(state).speech


@pytest.mark.parametrize(
    "state",
    [
        *map(State, (Cue.NONE, Cue.PART, Cue.READING, Cue.TOPICS, Cue.WHICH, Cue.REFUSED)),
        *map(State, (Cue.DID_YOU_MEAN, Cue.NOT_IN_ARTICLE_NEAR)),
        State(Cue.DID_YOU_MEAN, offer=Offer.of_answer("green")),
        State(Cue.DID_YOU_MEAN, alternative="green"),
    ],
    ids=lambda state: state.cue,
)
def test_a_state_that_lacks_what_its_cue_needs_is_a_welcome(state: State) -> None:
    assert _reply(state).speech.startswith("Welcome back")


def test_a_third_miss_without_a_topic_to_offer_repeats_the_second() -> None:
    assert _reply(State(Cue.FALLBACK_3)) == _reply(State(Cue.FALLBACK_2))


def test_a_locale_has_its_own_phone_numbers_and_words() -> None:
    danger = State(Cue.REFUSED, refusal="danger")
    assert "call 911" in _reply(danger, locale="en-US").speech
    british = _reply(danger, locale="en-GB").speech
    assert "call 999" in british
    assert "Samaritans free at any time on 116 123" in british
    unknown = render(ARTICLE, ARTICLE.default_locale, danger)
    assert "your local emergency number" in unknown.speech


@pytest.mark.parametrize(
    "state",
    [
        *(STATES.get(cue, State(cue)) for cue in Cue),
        *(State(Cue.REFUSED, refusal=refusal.name) for refusal in REFUSALS),
        *(State(Cue.READING, reading=part) for part in (1, 2, 3)),
        *(State(Cue.TOPICS, topics=count) for count in (3, 5)),
        *(State(Cue.HELP, answer, reading=part) for answer in ("", "green") for part in (0, 2)),
    ],
    ids=lambda state: state.cue,
)
def test_a_prompt_may_use_every_place_that_the_table_allows(state: State) -> None:
    prompts = {
        name: " ".join(f"{{{place}}}" for place in sorted(places)) + " What?"
        for name, places in PROMPTS.items()
    }
    words = Locale("en-US", prompts, ARTICLE.locales["en-US"].phones)
    assert render(ARTICLE, words, state).speech


def test_a_launch_of_a_known_listener_is_short() -> None:
    state, _ = Dialogue(ARTICLE, _no_rank).move(Launch(), State(), Listener(welcomed=True))
    assert "not medical advice" not in _reply(state).speech
