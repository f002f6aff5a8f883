"""Every reply that a conversation can come to: the dialogue's own moves, tried from each. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from skill.content.intents import (
    COMMAND_INTENTS,
    DANGER_INTENT,
    MEDICAL_INTENT,
    NOT_IN_ARTICLE_INTENT,
)
from skill.content.model import Article
from skill.conversation.dialogue import Dialogue
from skill.conversation.prompts import render
from skill.conversation.replies import Reply
from skill.conversation.state import Listener, State
from skill.conversation.turns import AskAnswer, AskChoice, Command, Launch, Turn
from skill.understanding.classifier.matcher import Ranking

# What can be said to the skill at any time, and leads elsewhere from each place.
COMMANDS = (
    *COMMAND_INTENTS,
    MEDICAL_INTENT,
    DANGER_INTENT,
    NOT_IN_ARTICLE_INTENT,
    "AMAZON.FallbackIntent",
    "AMAZON.NavigateHomeIntent",
    "UnknownIntent",
)


def reachable_states(article: Article) -> list[State]:
    """One state for every reply that can be spoken, in the order in which they are come upon.

    A question leads to the same answer from everywhere, so it is asked once; what is said to the
    skill itself is tried wherever other words are spoken. Which answer was told last counts beside
    the words after a miss alone, when a topic is chosen by it; elsewhere, whether one was told.
    (Tried from every state there is, 23,150 for the shipped article, it finds no other reply.)
    """
    dialogue = Dialogue(article, _nothing)
    replies: dict[State, Reply] = {}

    def reply_at(state: State) -> Reply:
        # Words do not follow from what only decides where the conversation goes next.
        worded = state._replace(before="", misses=0, declined=0)
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
    labels = [f"answer:{answer}" for answer in article.answers]
    for offer, other in zip(labels, labels[1:] + labels[:1], strict=True):
        yield State(cue="not_in_article_near", offer=offer)
        yield State(cue="did_you_mean", offer=offer, other=other)
    yield State(cue="trouble")


def _nothing(utterance: str) -> Ranking:
    return Ranking(utterance, (), 0.0)
