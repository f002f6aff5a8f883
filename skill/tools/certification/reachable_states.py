"""Every reply that a conversation can reach, by trying the dialogue's moves from each state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from skill.content import (
    COMMAND_INTENTS,
    FALLBACK_INTENT,
    NOT_IN_ARTICLE_INTENT,
    REFUSALS,
    Article,
    Cue,
)
from skill.conversation import (
    AskAnswer,
    AskChoice,
    Command,
    Dialogue,
    Launch,
    Listener,
    Offer,
    Reply,
    State,
    Turn,
    render,
)
from skill.understanding import Ranking

# What can be said to the skill at any time, and leads to another place from each.
COMMANDS = (
    *COMMAND_INTENTS,
    *(refusal.intent for refusal in REFUSALS),
    NOT_IN_ARTICLE_INTENT,
    FALLBACK_INTENT,
    "AMAZON.NavigateHomeIntent",
    "UnknownIntent",
)


def reachable_states(article: Article) -> list[State]:
    """One state for every reply that can be spoken, in discovery order.

    A question leads to the same answer from everywhere, so it is asked once. Commands are tried
    from every state with other words. States with the same words are one, unless only one of them
    has an answer, or the next miss would offer another topic.
    """
    dialogue = Dialogue(article, _nothing)
    replies: dict[State, Reply] = {}

    def reply_at(state: State) -> Reply:
        # These decide where the conversation goes next, never the words.
        worded = replace(state, previous_answer="", misses=0)
        if worded not in replies:
            replies[worded] = render(article, article.default_locale, worded)
        return replies[worded]

    found: dict[Reply, State] = {}
    seen: set[tuple[Reply, bool, str]] = set()
    waiting = list(_beginnings(article, dialogue))
    while waiting:
        state = waiting.pop(0)
        reply = reply_at(state)
        key = (reply, bool(state.answer), state.answer if state.misses else "")
        if key in seen:
            continue
        seen.add(key)
        found.setdefault(reply, state)
        waiting += [dialogue.move(Command(intent), state, Listener(True))[0] for intent in COMMANDS]
    return list(found.values())


def _beginnings(article: Article, dialogue: Dialogue) -> Iterator[State]:
    turns: list[Turn] = [
        Launch(),
        *(AskAnswer(answer) for answer in article.answers),
        *(AskChoice(choice.id) for choice in article.choices),
    ]
    turns += [Command(intent) for intent in COMMANDS]
    for turn in turns:
        yield dialogue.move(turn, State(), Listener(True))[0]
    yield dialogue.move(Launch(), State(), Listener())[0]
    for part in range(1, len(article.reading)):
        yield dialogue.move(Command("ReadArticleIntent"), State(), Listener(True, part))[0]
    # What free words lead to besides answers: each topic as the nearest, and as both of a pair.
    answers = list(article.answers)
    for answer, other in zip(answers, answers[1:] + answers[:1], strict=True):
        offer = Offer.of_answer(answer)
        yield State(cue=Cue.NOT_IN_ARTICLE_NEAR, offer=offer)
        yield State(cue=Cue.DID_YOU_MEAN, offer=offer, alternative=other)
    yield State(cue=Cue.TROUBLE)


def _nothing(utterance: str) -> Ranking:
    return Ranking(utterance, (), 0.0)
