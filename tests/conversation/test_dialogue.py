"""Each move of the dialogue, without a matcher: `rank` returns the ranking that a test chooses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from skill.content import COMMAND_INTENTS, FALLBACK_INTENT, Article, Cue, Label
from skill.conversation import (
    AskAnswer,
    AskChoice,
    Command,
    Dialogue,
    FreeText,
    Launch,
    Listener,
    Offer,
    OfferKind,
    State,
    Turn,
)
from skill.conversation.state import MOST_HEARD
from skill.understanding import Candidate, Ranking

MORE = Offer(OfferKind.MORE)
NEXT = Offer(OfferKind.NEXT)
TOPICS = Offer(OfferKind.TOPICS)
RESUME = Offer(OfferKind.RESUME)

# The tea article: green leads to black, black (two parts, because of green) to evening; three
# parts are read, and five topics are listed, three at a time.
FRESH = State()
STRANGER = Listener()
GREEN = State(Cue.PART, "green", offer=Offer.of_answer("black"))
BLACK = State(Cue.PART, "black", offer=MORE)
BLACK_END = State(Cue.PART, "black", part=1, offer=Offer.of_answer("evening"))
EVENING = State(Cue.PART, "evening")
FIRST_TOPICS = State(Cue.TOPICS, topics=3, offer=TOPICS)
LAST_TOPICS = State(Cue.TOPICS, topics=5)
PART_1 = State(Cue.READING, reading=1, offer=NEXT)
PART_2 = State(Cue.READING, reading=2, offer=NEXT)
PART_3 = State(Cue.READING, reading=3)
RESUMING = State(Cue.READING_RESUME, resume_part=1, offer=RESUME)
EITHER = State(Cue.DID_YOU_MEAN, offer=Offer.of_answer("green"), alternative="black")
NEAR = State(Cue.NOT_IN_ARTICLE_NEAR, offer=Offer.of_answer("green"))
MEDICAL = State(Cue.REFUSED, refusal="medical", offer=TOPICS)
DANGER = State(Cue.REFUSED, refusal="danger")
DECLINED = State(Cue.DECLINED, "green")


def after(state: State, previous: str) -> State:
    """The state of an answer that came after another one."""
    return replace(state, previous_answer=previous)


def _no_rank(utterance: str) -> Ranking:
    raise AssertionError(f"{utterance!r} should not be ranked")


def _ranks(*scores: tuple[str, float]) -> Callable[[str], Ranking]:
    """A `rank` that gives every utterance these labels."""
    candidates = tuple(Candidate(Label.parse(label), score) for label, score in scores)
    in_scope = sum(score for label, score in scores if label.startswith("answer:"))
    return lambda utterance: Ranking(utterance, candidates, in_scope)


def _move(
    article: Article,
    turn: Turn,
    state: State = FRESH,
    listener: Listener = STRANGER,
    rank: Callable[[str], Ranking] = _no_rank,
) -> State:
    return Dialogue(article, rank).move(turn, state, listener)[0]


MOVES = {
    "AMAZON.YesIntent": {
        "accepts the answer that is offered": (GREEN, after(BLACK, "green")),
        "hears the next part": (BLACK, BLACK_END),
        "hears more topics": (FIRST_TOPICS, LAST_TOPICS),
        "reads on": (PART_1, PART_2),
        "resumes after the part where reading stopped": (RESUMING, PART_2),
        "means the first of two answers": (EITHER, GREEN),
        "accepts the nearest topic": (NEAR, GREEN),
        "hears topics in place of advice": (MEDICAL, FIRST_TOPICS),
        "is told that nothing was offered": (EVENING, State(Cue.NOTHING_OFFERED, "evening")),
        "is told so at the start too": (FRESH, State(Cue.NOTHING_OFFERED)),
    },
    "AMAZON.NoIntent": {
        "declines an offer": (GREEN, DECLINED),
        "declines twice and leaves": (DECLINED, State(Cue.GOODBYE, "green")),
        "leaves where nothing is offered": (EVENING, State(Cue.GOODBYE, "evening")),
        "means the second of two answers": (EITHER, BLACK),
        "reads from the start in place of resuming": (RESUMING, PART_1),
        "stops reading": (PART_2, State(Cue.DECLINED)),
    },
    "AMAZON.MoreIntent": {
        "hears the next part": (BLACK, BLACK_END),
        "is told that there is no more": (
            BLACK_END,
            State(Cue.NO_MORE, "black", part=1, offer=Offer.of_answer("evening")),
        ),
        "is offered nothing after the last answer": (EVENING, State(Cue.NO_MORE, "evening")),
        "reads on": (PART_1, PART_2),
        "hears topics after the last part": (PART_3, FIRST_TOPICS),
        "hears more topics": (FIRST_TOPICS, LAST_TOPICS),
        "hears topics at the start": (FRESH, FIRST_TOPICS),
        "accepts the nearest topic": (NEAR, GREEN),
    },
    "AMAZON.NextIntent": {
        "goes to the answer that is offered": (GREEN, after(BLACK, "green")),
        "skips the parts of an answer": (BLACK, after(EVENING, "black")),
        "hears topics after the last answer": (EVENING, replace(FIRST_TOPICS, answer="evening")),
        "reads on": (PART_2, PART_3),
        "hears topics after the last part": (PART_3, FIRST_TOPICS),
        "hears more topics": (FIRST_TOPICS, LAST_TOPICS),
        "hears the first topics after the last ones": (LAST_TOPICS, FIRST_TOPICS),
        "resumes reading": (RESUMING, PART_2),
        "hears topics at the start": (FRESH, FIRST_TOPICS),
    },
    "AMAZON.PreviousIntent": {
        "hears the part before": (BLACK_END, BLACK),
        "hears the answer before": (after(BLACK, "green"), GREEN),
        "is told that there is none": (GREEN, State(Cue.NO_PREVIOUS, "green")),
        "reads the part before": (PART_3, PART_2),
        "is told that there is no part before": (PART_1, replace(PART_1, cue=Cue.NO_PREVIOUS)),
        "hears the topics before": (LAST_TOPICS, FIRST_TOPICS),
        "is told that there are none": (FIRST_TOPICS, State(Cue.NO_PREVIOUS, topics=3)),
    },
    "AMAZON.RepeatIntent": {
        "hears an answer again": (BLACK_END, BLACK_END),
        "hears a refusal again": (MEDICAL, MEDICAL),
        "is told that there is nothing to repeat": (FRESH, State(Cue.NOTHING_TO_REPEAT)),
    },
    "AMAZON.StartOverIntent": {
        "reads from the start": (PART_3, PART_1),
        "reads from the start in place of resuming": (RESUMING, PART_1),
        "starts the conversation over": (BLACK_END, State(Cue.WELCOME)),
    },
    "AMAZON.HelpIntent": {
        "keeps the offer": (GREEN, replace(GREEN, cue=Cue.HELP)),
        "offers to read on": (
            State(Cue.NOT_IN_ARTICLE, reading=2),
            State(Cue.HELP, reading=2, offer=NEXT),
        ),
        "forgets the refusal": (MEDICAL, State(Cue.HELP, offer=TOPICS)),
        "forgets the misses": (State(Cue.FALLBACK_2, misses=2), State(Cue.HELP)),
    },
    "AMAZON.StopIntent": {"leaves, also while reading": (PART_2, State(Cue.GOODBYE))},
    "AMAZON.CancelIntent": {"leaves": (GREEN, State(Cue.GOODBYE, "green"))},
    "AMAZON.NavigateHomeIntent": {"leaves": (FRESH, State(Cue.GOODBYE))},
    "TopicsIntent": {
        "hears the first topics": (GREEN, replace(FIRST_TOPICS, answer="green")),
        "hears more topics": (FIRST_TOPICS, LAST_TOPICS),
    },
    "ReadArticleIntent": {
        "reads the first part": (GREEN, replace(PART_1, answer="green")),
        "reads the same part again": (PART_2, PART_2),
        "starts over after the last part": (PART_3, PART_1),
        "resumes where that is offered": (RESUMING, PART_2),
    },
    "WhyIntent": {
        "hears the answer that gives the reason": (BLACK, after(GREEN, "black")),
        "is told that there is no reason": (
            GREEN,
            State(Cue.NO_REASON, "green", offer=Offer.of_answer("black")),
        ),
        "is not understood at the start": (FRESH, State(Cue.FALLBACK_1, misses=1)),
    },
    "ForgetIntent": {"starts the conversation over": (PART_2, State(Cue.FORGOTTEN))},
    "NotInArticleIntent": {"gets no fact": (GREEN, State(Cue.NOT_IN_ARTICLE, "green"))},
    "MedicalAdviceIntent": {"is offered topics": (GREEN, replace(MEDICAL, answer="green"))},
    "DangerIntent": {"starts the conversation over": (replace(PART_2, answer="green"), DANGER)},
    "SomeoneElsesIntent": {"is told so": (GREEN, State(Cue.UNKNOWN_REQUEST, "green"))},
}


@pytest.mark.parametrize(
    ("intent", "before", "expected"),
    [
        pytest.param(intent, before, expected, id=f"{intent}: the listener {sentence}")
        for intent, moves in MOVES.items()
        for sentence, (before, expected) in moves.items()
    ],
)
def test_a_command(intent: str, before: State, expected: State, article: Article) -> None:
    assert _move(article, Command(intent), before) == expected


def test_every_command_of_the_skill_is_in_the_table() -> None:
    assert set(COMMAND_INTENTS) <= MOVES.keys()


def test_a_launch_welcomes_a_new_listener_with_the_disclaimer_and_a_known_one_without(
    article: Article,
) -> None:
    dialogue = Dialogue(article, _no_rank)
    state, listener = dialogue.move(Launch(), GREEN, Listener())
    assert state == State(Cue.WELCOME_FIRST)
    assert listener.welcomed
    assert dialogue.move(Launch(), GREEN, listener)[0] == State(Cue.WELCOME)


def test_a_question_at_first_does_not_count_as_the_welcome(article: Article) -> None:
    _, listener = Dialogue(article, _no_rank).move(AskAnswer("green"), FRESH, Listener())
    assert not listener.welcomed


def test_an_answer_is_told_and_remembered(article: Article) -> None:
    state, listener = Dialogue(article, _no_rank).move(
        AskAnswer("black"), GREEN, Listener(heard=("black", "green"))
    )
    assert state == after(BLACK, "green")
    assert listener.heard == ("green", "black")


def test_the_answers_that_are_remembered_have_a_limit(article: Article) -> None:
    heard = tuple(f"answer{number}" for number in range(MOST_HEARD))
    _, listener = Dialogue(article, _no_rank).move(AskAnswer("black"), FRESH, Listener(heard=heard))
    assert listener.heard == (*heard[1:], "black")


def test_a_choice_asks_for_its_slot(article: Article) -> None:
    state = _move(article, AskChoice("tea_for"), GREEN)
    assert state == State(Cue.WHICH, "green", choice="tea_for")


@pytest.mark.parametrize(
    ("turn", "state", "heard", "offered"),
    [
        (AskAnswer("green"), FRESH, (), "black"),
        (AskAnswer("green"), FRESH, ("black",), "evening"),
        (AskAnswer("green"), FRESH, ("black", "evening"), ""),
        (Command("AMAZON.MoreIntent"), BLACK_END, ("evening",), ""),
        (Command("WhyIntent"), GREEN, ("black",), "evening"),
        (Command(FALLBACK_INTENT), State(misses=2), ("green", "black"), "evening"),
    ],
)
def test_an_answer_that_was_heard_is_not_offered(
    turn: Turn, state: State, heard: tuple[str, ...], offered: str, article: Article
) -> None:
    assert _move(article, turn, state, Listener(heard=heard)).offer == Offer.of_answer(offered)


def test_next_goes_on_although_what_follows_was_heard(article: Article) -> None:
    heard = Listener(heard=("black", "evening"))
    state = _move(article, AskAnswer("green"), FRESH, heard)
    assert state.offer is None
    assert _move(article, Command("AMAZON.NextIntent"), state, heard).answer == "black"


def test_three_misses_in_a_row_end_in_an_offer(article: Article) -> None:
    state, cues = GREEN, []
    for _ in range(4):
        state = _move(article, Command(FALLBACK_INTENT), state)
        cues.append(state.cue)
    assert cues == [Cue.FALLBACK_1, Cue.FALLBACK_2, Cue.FALLBACK_3, Cue.FALLBACK_3]
    assert state.offer == Offer.of_answer("black")  # green was told last


def test_an_answer_between_two_misses_starts_the_count_again(article: Article) -> None:
    state = _move(article, Command(FALLBACK_INTENT), FRESH)
    state = _move(article, AskAnswer("green"), state)
    assert _move(article, Command(FALLBACK_INTENT), state).cue is Cue.FALLBACK_1


def test_reading_is_resumed_in_another_session_until_it_is_finished(article: Article) -> None:
    dialogue = Dialogue(article, _no_rank)
    read, next_ = Command("ReadArticleIntent"), Command("AMAZON.NextIntent")
    _, listener = dialogue.move(read, FRESH, Listener())
    assert listener.reading == 1
    state, listener = dialogue.move(read, FRESH, listener)
    assert state == RESUMING
    state, listener = dialogue.move(Command("AMAZON.YesIntent"), state, listener)
    assert (state, listener.reading) == (PART_2, 2)
    state, listener = dialogue.move(next_, state, listener)
    assert (state, listener.reading) == (PART_3, 0)
    assert dialogue.move(read, FRESH, listener)[0] == PART_1


def test_previous_goes_back_by_one_list_of_topics(article: Article) -> None:
    seven = replace(article, topics=(*article.topics, "green", "black"))
    state = State(Cue.TOPICS, topics=7)
    counts = []
    for _ in range(2):
        state = _move(seven, Command("AMAZON.PreviousIntent"), state)
        counts.append(state.topics)
    assert counts == [6, 3]


def test_an_article_without_parts_cannot_be_read(article: Article) -> None:
    short = replace(article, reading=())
    assert _move(short, Command("ReadArticleIntent"), GREEN).cue is Cue.UNKNOWN_REQUEST


def test_forget_me_forgets_the_listener(article: Article) -> None:
    known = Listener(welcomed=True, reading=2, heard=("green",))
    state, listener = Dialogue(article, _no_rank).move(Command("ForgetIntent"), GREEN, known)
    assert state.cue is Cue.FORGOTTEN
    assert listener == Listener()


FREE_TEXT = {
    "an answer": ([("answer:green", 0.9)], GREEN),
    "one of two answers": ([("answer:green", 0.45), ("answer:black", 0.4)], EITHER),
    "something near an answer": ([("near_miss:green", 0.5), ("answer:black", 0.1)], NEAR),
    "a command": ([("command:TopicsIntent", 0.8)], FIRST_TOPICS),
    "a request for advice": ([("refusal:medical", 0.5)], MEDICAL),
    "danger": ([("refusal:danger", 0.5), ("answer:green", 0.5)], DANGER),
    "a known gap": ([("known_gap:price", 0.9)], State(Cue.NOT_IN_ARTICLE)),
    "nothing here": ([("out_of_domain", 0.9)], State(Cue.NOT_IN_ARTICLE)),
    "nothing at all": ([], State(Cue.NOT_IN_ARTICLE)),
}


@pytest.mark.parametrize(
    ("scores", "expected"),
    [pytest.param(*case, id=f"free text that means {name}") for name, case in FREE_TEXT.items()],
)
def test_free_text(scores: list[tuple[str, float]], expected: State, article: Article) -> None:
    assert _move(article, FreeText("whatever"), FRESH, rank=_ranks(*scores)) == expected


def test_a_name_alone_is_too_little_to_suggest_an_answer(article: Article) -> None:
    rank = _ranks(("near_miss:green", 0.5))
    state = _move(article, FreeText("coffee", name_alone=True), FRESH, rank=rank)
    assert state == State(Cue.NOT_IN_ARTICLE)


def test_it_in_free_text_stands_for_what_the_last_answer_is_about(article: Article) -> None:
    asked = []

    def rank(utterance: str) -> Ranking:
        asked.append(utterance)
        return Ranking(utterance, (), 0.0)

    _move(article, FreeText("how strong is it"), BLACK, rank=rank)
    assert asked == ["how strong is black tea"]


def test_a_danger_phrase_needs_no_ranking(article: Article) -> None:
    assert _move(article, FreeText("I want to kill myself"), GREEN) == DANGER


@pytest.mark.parametrize(
    "gone",
    [
        State(Cue.PART, "gone", previous_answer="gone", offer=Offer.of_answer("gone")),
        State(Cue.DID_YOU_MEAN, offer=Offer.of_answer("gone"), alternative="gone"),
        State(Cue.WHICH, choice="gone"),
        State(Cue.REFUSED, refusal="gone"),
    ],
)
def test_names_that_the_content_no_longer_has_are_dropped(gone: State, article: Article) -> None:
    assert _move(article, Command("AMAZON.RepeatIntent"), gone) == State(gone.cue)


@pytest.mark.parametrize("part", [1, 9])
def test_positions_past_the_end_are_moved_into_the_content(part: int, article: Article) -> None:
    far = State(Cue.PART, "green", part=part, reading=99, topics=99)
    state = _move(article, Command("AMAZON.RepeatIntent"), far)
    assert (state.part, state.reading, state.topics) == (0, 3, 5)
    _, listener = Dialogue(article, _no_rank).move(Launch(), FRESH, Listener(reading=99))
    assert listener.reading == 3
