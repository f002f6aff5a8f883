"""The conversation: (what was asked, where it stands) -> where it stands then. Pure.

`Dialogue.move` only decides where the conversation goes; `skill.conversation.prompts.render` words the reply
from that state alone, so that "repeat" and a lost response are the same call again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from skill.content.intents import (
    DANGER_INTENT,
    FORGET_INTENT,
    MEDICAL_INTENT,
    NOT_IN_ARTICLE_INTENT,
    WHY_INTENT,
)
from skill.content.model import Article
from skill.conversation.offers import offering_news
from skill.conversation.state import MOST_HEARD, Listener, State
from skill.conversation.turns import AskAnswer, AskChoice, Command, FreeText, Launch, Turn

if TYPE_CHECKING:
    from skill.understanding.interpreter import Interpreter, Rank

TOPICS_AT_ONCE = 3
DECLINES_BEFORE_GOODBYE = 2
# Where the dialogue stands after a question that the article does not answer.
MISSED_CUES = ("not_in_article", "not_in_article_near")
# Where it stands when the listener asked to be forgotten.
FORGOTTEN_CUE = "forgotten"


_OFFERS = ("more", "next", "topics", "resume")  # beside the answers


@dataclass(frozen=True)
class Dialogue:
    """The moves of one article's conversation; `rank` finds answers for free words."""

    article: Article
    rank: Rank

    @cached_property
    def _interpreter(self) -> Interpreter:
        # Lambda's first answer should not wait for what most first questions do not need.
        from skill.understanding.interpreter import Interpreter

        return Interpreter(self.article, self.rank)

    def move(self, turn: Turn, state: State, listener: Listener) -> tuple[State, Listener]:
        """Where the conversation stands after `turn`; names that content lost are forgotten."""
        state = self._known(state)
        listener = listener._replace(reading=min(listener.reading, len(self.article.reading)))
        after = offering_news(self.article, self._move(turn, state, listener), listener)
        if after.cue == FORGOTTEN_CUE:
            return after, Listener()
        if after.cue == "part":
            before = tuple(name for name in listener.heard if name != after.answer)
            listener = listener._replace(heard=(*before, after.answer)[-MOST_HEARD:])
        if after.reading:
            finished = after.reading >= len(self.article.reading)
            listener = listener._replace(reading=0 if finished else after.reading)
        # Only the long welcome carries the disclaimer: whoever began with a question missed it.
        welcomed = listener.welcomed or after.cue == "welcome_first"
        return after, listener._replace(welcomed=welcomed)

    def _move(self, turn: Turn, state: State, listener: Listener) -> State:
        match turn:
            case Launch():
                return State(cue="welcome" if listener.welcomed else "welcome_first")
            case AskAnswer(answer):
                return self._tell(state, answer, 0)
            case AskChoice(choice):
                return _plain(state, "which")._replace(choice=choice)
            case FreeText():
                return self._search(turn, state, listener)
            case Command(intent):
                return self._say(intent, state, listener)

    def _say(self, intent: str, state: State, listener: Listener) -> State:
        match intent:
            case "AMAZON.YesIntent":
                return self._yes(state)
            case "AMAZON.NoIntent":
                return self._no(state)
            case "AMAZON.MoreIntent":
                return self._more(state)
            case "AMAZON.NextIntent":
                return self._next(state)
            case "AMAZON.PreviousIntent":
                return self._previous(state)
            case "AMAZON.RepeatIntent":
                return state if state.cue else State(cue="nothing_to_repeat")
            case "AMAZON.StartOverIntent":
                reads = state.reading or state.offer == "resume"
                return self._read(state, 1) if reads else State(cue="welcome")
            case "AMAZON.HelpIntent":
                return state._replace(cue="help", misses=0, offer=self._help_offer(state))
            case "AMAZON.StopIntent" | "AMAZON.CancelIntent" | "AMAZON.NavigateHomeIntent":
                return _plain(state, "goodbye")._replace(reading=0)
            case "AMAZON.FallbackIntent":
                return self._miss(state)
            case "TopicsIntent":
                return self._list_topics(state, state.topics if state.cue == "topics" else 0)
            case "ReadArticleIntent":
                if state.offer == "resume":
                    return self._yes(state)
                if listener.reading and not state.reading:
                    resumed = _plain(state, "reading_resume")._replace(offer="resume")
                    return resumed._replace(stopped=listener.reading)
                return self._read(state, state.reading if self._reads_on(state) else 1)
            case _ if intent == WHY_INTENT:
                return self._why(state)
            case _ if intent == FORGET_INTENT:
                return State(cue=FORGOTTEN_CUE)
            case _ if intent == NOT_IN_ARTICLE_INTENT:
                return _plain(state, "not_in_article")
            case _ if intent == MEDICAL_INTENT:
                return _plain(state, "medical")._replace(offer="topics", topics=0)
            case _ if intent == DANGER_INTENT:
                return State(cue="danger")
        return _plain(state, "unknown_request")

    def _search(self, search: FreeText, state: State, listener: Listener) -> State:
        decision = self._interpreter.interpret(search.query, state.answer)
        match decision.kind:
            case "answer":
                return self._tell(state, decision.label.partition(":")[2], 0)
            case "either":
                asked = _plain(state, "did_you_mean")._replace(offer=decision.label)
                return asked._replace(other=decision.other)
            case "near" if not search.name_alone:
                return _plain(state, "not_in_article_near")._replace(offer=decision.label)
            case "control" | "medical" | "danger":
                return self._say(decision.label, state, listener)
        return _plain(state, "not_in_article")

    def _tell(self, state: State, answer: str, part: int) -> State:
        told = self.article.answers[answer]
        if part + 1 < len(told.parts):
            offer = "more"
        else:
            offer = f"answer:{told.leads_to}" if told.leads_to else ""
        before = state.answer if state.answer != answer else state.before
        return State(cue="part", answer=answer, part=part, before=before, offer=offer)

    def _read(self, state: State, part: int) -> State:
        last = len(self.article.reading)
        if not last:
            return _plain(state, "unknown_request")
        part = min(max(part, 1), last)
        offer = "next" if part < last else ""
        return State(cue="reading", answer=state.answer, reading=part, offer=offer)

    def _list_topics(self, state: State, start: int) -> State:
        if start >= len(self.article.topics):
            start = 0
        end = min(start + TOPICS_AT_ONCE, len(self.article.topics))
        offer = "topics" if end < len(self.article.topics) else ""
        return State(cue="topics", answer=state.answer, part=state.part, topics=end, offer=offer)

    def _yes(self, state: State) -> State:
        kind, _, name = state.offer.partition(":")
        match kind:
            case "more":
                return self._more(state)
            case "next":
                return self._next(state)
            case "topics":
                return self._list_topics(state, state.topics)
            case "resume":
                return self._read(state, state.stopped + 1)
            case "answer":
                return self._tell(state, name, 0)
        return _plain(state, "nothing_offered")

    def _no(self, state: State) -> State:
        if state.other:
            return self._tell(state, state.other.partition(":")[2], 0)
        if state.offer == "resume":
            return self._read(state, 1)
        declined = state.declined + 1
        if declined >= DECLINES_BEFORE_GOODBYE or not state.offer:
            return _plain(state, "goodbye")._replace(reading=0)
        return _plain(state, "declined")._replace(reading=0, declined=declined)

    def _more(self, state: State) -> State:
        if state.reading:
            return self._next(state)
        if self._stands_offered(state):
            return self._yes(state)
        if state.cue == "topics" or not state.answer:
            return self._list_topics(state, state.topics)
        answer = self.article.answers[state.answer]
        if state.part + 1 < len(answer.parts):
            return self._tell(state, answer.id, state.part + 1)
        offer = f"answer:{answer.leads_to}" if answer.leads_to else ""
        return _plain(state, "no_more")._replace(offer=offer)

    def _why(self, state: State) -> State:
        if not state.answer:
            return self._miss(state)
        reason = self.article.answers[state.answer].why
        if reason:
            return self._tell(state, reason, 0)
        told = self._tell(state, state.answer, state.part)
        return _plain(state, "no_reason")._replace(offer=told.offer)

    def _next(self, state: State) -> State:
        if self._reads_on(state):
            return self._read(state, state.reading + 1)
        if state.reading:
            return self._list_topics(state, 0)
        if self._stands_offered(state):
            return self._yes(state)
        if state.cue == "topics" or not state.answer:
            return self._list_topics(state, state.topics)
        # What was offered, if anything was: what comes next may have been heard before.
        kind, _, name = state.offer.partition(":")
        following = name if kind == "answer" else self.article.answers[state.answer].leads_to
        if not following:
            return self._list_topics(state, state.topics)
        return self._tell(state, following, 0)

    def _reads_on(self, state: State) -> bool:
        return 0 < state.reading < len(self.article.reading)

    @staticmethod
    def _stands_offered(state: State) -> bool:
        """Whether the last reply was an offer and no answer: "more" and "next" take it then."""
        offers = ("reading_resume", "not_in_article_near", "fallback_3", "medical")
        return bool(state.offer) and state.cue in offers

    def _help_offer(self, state: State) -> str:
        """While reading, help asks whether to go on."""
        return "next" if self._reads_on(state) else state.offer

    def _previous(self, state: State) -> State:
        if state.reading > 1:
            return self._read(state, state.reading - 1)
        if state.reading:
            return state._replace(cue="no_previous")
        if state.cue == "topics" and state.topics > TOPICS_AT_ONCE:
            start = (state.topics - 1) // TOPICS_AT_ONCE * TOPICS_AT_ONCE
            return self._list_topics(state, start - TOPICS_AT_ONCE)
        if state.answer and state.part:
            return self._tell(state, state.answer, state.part - 1)
        if state.before:
            return self._tell(state, state.before, 0)._replace(before="")
        return _plain(state, "no_previous")

    def _miss(self, state: State) -> State:
        misses = min(state.misses + 1, 3)
        # The third time, something is offered: the first topic that was not just told.
        topics = [name for name in self.article.topics if name != state.answer]
        offer = f"answer:{topics[0]}" if misses == 3 and topics else ""
        return _plain(state, f"fallback_{misses}")._replace(misses=misses, offer=offer)

    def _known(self, state: State) -> State:
        """The state without names that the content does not (or no longer) have."""
        answers = self.article.answers
        answer = state.answer if state.answer in answers else ""
        past_end = bool(answer) and state.part >= len(answers[answer].parts)
        return state._replace(
            answer=answer,
            part=0 if past_end else state.part,
            before=state.before if state.before in answers else "",
            offer=state.offer if state.offer in _OFFERS or self._tells(state.offer) else "",
            other=state.other if self._tells(state.other) else "",
            choice=state.choice if any(state.choice == c.id for c in self.article.choices) else "",
            reading=min(state.reading, len(self.article.reading)),
            topics=min(state.topics, len(self.article.topics)),
        )

    def _tells(self, label: str) -> bool:
        kind, _, name = label.partition(":")
        return kind == "answer" and name in self.article.answers


def _plain(state: State, cue: str) -> State:
    """A reply that keeps the place in the conversation but drops every offer."""
    return state._replace(cue=cue, offer="", other="", choice="", misses=0, declined=0)
