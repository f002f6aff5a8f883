"""The conversation as a state machine.

`Dialogue.move` only decides where a conversation goes; `prompts.render` words the reply from that
state alone, so that "repeat" and a lost response are the same call again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from skill.content import (
    CUES,
    FALLBACK_INTENT,
    FORGET_INTENT,
    NOT_IN_ARTICLE_INTENT,
    WHY_INTENT,
    Article,
    Cue,
    Refusal,
    refusal_named,
    refusal_of_intent,
)
from skill.conversation.state import MOST_HEARD, Listener, Offer, OfferKind, State
from skill.conversation.turns import AskAnswer, AskChoice, Command, FreeText, Launch, Turn
from skill.understanding import DecisionKind, Interpreter, Ranking

TOPICS_AT_ONCE = 3
_MISSES_BEFORE_OFFER = 3


@dataclass(frozen=True)
class Dialogue:
    """The moves of one article's conversation; `rank` ranks what free text may mean."""

    article: Article
    rank: Callable[[str], Ranking]

    @cached_property
    def _interpreter(self) -> Interpreter:
        return Interpreter(self.article, self.rank)

    def move(self, turn: Turn, state: State, listener: Listener) -> tuple[State, Listener]:
        """Where the conversation stands after a turn, and what is remembered of the listener.

        Names in `state` that the content no longer has are dropped.
        """
        state = self._known(state)
        listener = replace(listener, reading=min(listener.reading, len(self.article.reading)))
        after = self._with_unheard_offer(self._move(turn, state, listener), listener)
        if after.cue is Cue.FORGOTTEN:
            return after, Listener()
        if after.cue is Cue.PART:
            others = tuple(name for name in listener.heard if name != after.answer)
            listener = replace(listener, heard=(*others, after.answer)[-MOST_HEARD:])
        if after.reading:
            finished = after.reading >= len(self.article.reading)
            listener = replace(listener, reading=0 if finished else after.reading)
        # Only the long welcome has the disclaimer: who began with a question has not heard it.
        welcomed = listener.welcomed or after.cue is Cue.WELCOME_FIRST
        return after, replace(listener, welcomed=welcomed)

    def _move(self, turn: Turn, state: State, listener: Listener) -> State:
        match turn:
            case Launch():
                return State(cue=Cue.WELCOME if listener.welcomed else Cue.WELCOME_FIRST)
            case AskAnswer(answer):
                return self._answer(state, answer, 0)
            case AskChoice(choice):
                return replace(_plain(state, Cue.WHICH), choice=choice)
            case FreeText():
                return self._free_text(turn, state, listener)
            case Command():
                return self._command(turn, state, listener)

    def _command(self, command: Command, state: State, listener: Listener) -> State:
        refusal = refusal_of_intent(command.intent)
        if refusal:
            return self._refuse(refusal, state)
        match command.intent:
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
                return state if state.cue else State(cue=Cue.NOTHING_TO_REPEAT)
            case "AMAZON.StartOverIntent":
                reads = state.reading or _offers(state, OfferKind.RESUME)
                return self._read(state, 1) if reads else State(cue=Cue.WELCOME)
            case "AMAZON.HelpIntent":
                offer = Offer(OfferKind.NEXT) if self._reads_on(state) else state.offer
                return replace(state, cue=Cue.HELP, misses=0, offer=offer, refusal="")
            case "AMAZON.StopIntent" | "AMAZON.CancelIntent" | "AMAZON.NavigateHomeIntent":
                return replace(_plain(state, Cue.GOODBYE), reading=0)
            case _ if command.intent == FALLBACK_INTENT:
                return self._miss(state)
            case "TopicsIntent":
                return self._list_topics(state, state.topics if state.cue is Cue.TOPICS else 0)
            case "ReadArticleIntent":
                return self._read_article(state, listener)
            case _ if command.intent == WHY_INTENT:
                return self._why(state)
            case _ if command.intent == FORGET_INTENT:
                return State(cue=Cue.FORGOTTEN)
            case _ if command.intent == NOT_IN_ARTICLE_INTENT:
                return _plain(state, Cue.NOT_IN_ARTICLE)
        return _plain(state, Cue.UNKNOWN_REQUEST)

    def _free_text(self, text: FreeText, state: State, listener: Listener) -> State:
        decision = self._interpreter.interpret(text.query, state.answer)
        name = decision.label.name if decision.label else ""
        match decision.kind:
            case DecisionKind.ANSWER:
                return self._answer(state, name, 0)
            case DecisionKind.EITHER if decision.alternative:
                asked = _plain(state, Cue.DID_YOU_MEAN)
                offer = Offer.of_answer(name)
                return replace(asked, offer=offer, alternative=decision.alternative.name)
            case DecisionKind.SUGGEST if not text.name_alone:
                return replace(_plain(state, Cue.NOT_IN_ARTICLE_NEAR), offer=Offer.of_answer(name))
            case DecisionKind.COMMAND:
                return self._command(Command(name), state, listener)
            case DecisionKind.REFUSAL if refusal := refusal_named(name):
                return self._refuse(refusal, state)
        return _plain(state, Cue.NOT_IN_ARTICLE)

    def _refuse(self, refusal: Refusal, state: State) -> State:
        """A refusal that closes the session starts the conversation over."""
        if not refusal.reprompt:
            return State(cue=Cue.REFUSED, refusal=refusal.name)
        refused = replace(_plain(state, Cue.REFUSED), refusal=refusal.name)
        if refusal.offers_topics:
            return replace(refused, offer=Offer(OfferKind.TOPICS), topics=0)
        return refused

    def _answer(self, state: State, name: str, part: int) -> State:
        answer = self.article.answers[name]
        if part + 1 < len(answer.parts):
            offer: Offer | None = Offer(OfferKind.MORE)
        else:
            offer = Offer.of_answer(answer.leads_to)
        previous = state.answer if state.answer != name else state.previous_answer
        return State(cue=Cue.PART, answer=name, part=part, previous_answer=previous, offer=offer)

    def _read_article(self, state: State, listener: Listener) -> State:
        if _offers(state, OfferKind.RESUME):
            return self._yes(state)
        if listener.reading and not state.reading:
            resumed = replace(_plain(state, Cue.READING_RESUME), offer=Offer(OfferKind.RESUME))
            return replace(resumed, resume_part=listener.reading)
        return self._read(state, state.reading if self._reads_on(state) else 1)

    def _read(self, state: State, part: int) -> State:
        last = len(self.article.reading)
        if not last:
            return _plain(state, Cue.UNKNOWN_REQUEST)
        part = min(max(part, 1), last)
        offer = Offer(OfferKind.NEXT) if part < last else None
        return State(cue=Cue.READING, answer=state.answer, reading=part, offer=offer)

    def _list_topics(self, state: State, start: int) -> State:
        if start >= len(self.article.topics):
            start = 0
        end = min(start + TOPICS_AT_ONCE, len(self.article.topics))
        offer = Offer(OfferKind.TOPICS) if end < len(self.article.topics) else None
        return State(cue=Cue.TOPICS, answer=state.answer, part=state.part, topics=end, offer=offer)

    def _yes(self, state: State) -> State:
        if state.offer is None:
            return _plain(state, Cue.NOTHING_OFFERED)
        match state.offer.kind:
            case OfferKind.MORE:
                return self._more(state)
            case OfferKind.NEXT:
                return self._next(state)
            case OfferKind.TOPICS:
                return self._list_topics(state, state.topics)
            case OfferKind.RESUME:
                return self._read(state, state.resume_part + 1)
            case OfferKind.ANSWER:
                return self._answer(state, state.offer.answer, 0)

    def _no(self, state: State) -> State:
        if state.alternative:
            return self._answer(state, state.alternative, 0)
        if _offers(state, OfferKind.RESUME):
            return self._read(state, 1)
        # After a declined offer nothing is offered, so that a second "no" ends the conversation.
        cue = Cue.DECLINED if state.offer else Cue.GOODBYE
        return replace(_plain(state, cue), reading=0)

    def _more(self, state: State) -> State:
        if state.reading:
            return self._next(state)
        if state.offer and CUES[state.cue].takes_offer:
            return self._yes(state)
        if state.cue is Cue.TOPICS or not state.answer:
            return self._list_topics(state, state.topics)
        answer = self.article.answers[state.answer]
        if state.part + 1 < len(answer.parts):
            return self._answer(state, answer.id, state.part + 1)
        return replace(_plain(state, Cue.NO_MORE), offer=Offer.of_answer(answer.leads_to))

    def _why(self, state: State) -> State:
        if not state.answer:
            return self._miss(state)
        reason = self.article.answers[state.answer].why
        if reason:
            return self._answer(state, reason, 0)
        offer = self._answer(state, state.answer, state.part).offer
        return replace(_plain(state, Cue.NO_REASON), offer=offer)

    def _next(self, state: State) -> State:
        if self._reads_on(state):
            return self._read(state, state.reading + 1)
        if state.reading:
            return self._list_topics(state, 0)
        if state.offer and CUES[state.cue].takes_offer:
            return self._yes(state)
        if state.cue is Cue.TOPICS or not state.answer:
            return self._list_topics(state, state.topics)
        # What was offered, if anything was: the answer that follows may have been heard before.
        offered = state.offer.answer if state.offer else ""
        following = offered or self.article.answers[state.answer].leads_to
        if not following:
            return self._list_topics(state, state.topics)
        return self._answer(state, following, 0)

    def _reads_on(self, state: State) -> bool:
        return 0 < state.reading < len(self.article.reading)

    def _previous(self, state: State) -> State:
        if state.reading > 1:
            return self._read(state, state.reading - 1)
        if state.reading:
            return replace(state, cue=Cue.NO_PREVIOUS)
        if state.cue is Cue.TOPICS and state.topics > TOPICS_AT_ONCE:
            start = (state.topics - 1) // TOPICS_AT_ONCE * TOPICS_AT_ONCE
            return self._list_topics(state, start - TOPICS_AT_ONCE)
        if state.answer and state.part:
            return self._answer(state, state.answer, state.part - 1)
        if state.previous_answer:
            return replace(self._answer(state, state.previous_answer, 0), previous_answer="")
        return _plain(state, Cue.NO_PREVIOUS)

    def _miss(self, state: State) -> State:
        misses = min(state.misses + 1, _MISSES_BEFORE_OFFER)
        cue = (Cue.FALLBACK_1, Cue.FALLBACK_2, Cue.FALLBACK_3)[misses - 1]
        # The third time, a topic is offered.
        topics = [name for name in self.article.topics if name != state.answer]
        offer = Offer.of_answer(topics[0]) if cue is Cue.FALLBACK_3 and topics else None
        return replace(_plain(state, cue), misses=misses, offer=offer)

    def _with_unheard_offer(self, state: State, listener: Listener) -> State:
        """The state, its offer of an answer passed on to one that the listener has not heard."""
        if not _offers(state, OfferKind.ANSWER) or not CUES[state.cue].offers_unheard:
            return state
        heard = {*listener.heard, state.answer}
        # The third miss offers any topic; other offers follow what the answer leads to.
        line = self.article.topics if state.cue is Cue.FALLBACK_3 else self._line_from(state.offer)
        unheard = next((name for name in line if name not in heard), "")
        return replace(state, offer=Offer.of_answer(unheard))

    def _line_from(self, offer: Offer | None) -> list[str]:
        """The offered answer, the one that it leads to, and so on, each once."""
        line: list[str] = []
        name = offer.answer if offer else ""
        while name and name not in line:
            line.append(name)
            name = self.article.answers[name].leads_to
        return line

    def _known(self, state: State) -> State:
        """The state without names that the content does not have."""
        answers = self.article.answers
        answer = state.answer if state.answer in answers else ""
        past_end = bool(answer) and state.part >= len(answers[answer].parts)
        offered = state.offer.answer if state.offer else ""
        return replace(
            state,
            answer=answer,
            part=0 if past_end else state.part,
            previous_answer=state.previous_answer if state.previous_answer in answers else "",
            offer=None if offered and offered not in answers else state.offer,
            alternative=state.alternative if state.alternative in answers else "",
            choice=state.choice if any(state.choice == c.id for c in self.article.choices) else "",
            refusal=state.refusal if refusal_named(state.refusal) else "",
            reading=min(state.reading, len(self.article.reading)),
            topics=min(state.topics, len(self.article.topics)),
        )


def _offers(state: State, kind: OfferKind) -> bool:
    return state.offer is not None and state.offer.kind is kind


def _plain(state: State, cue: Cue) -> State:
    """A reply that keeps the place in the conversation but drops every offer."""
    return replace(
        state,
        cue=cue,
        offer=None,
        alternative="",
        choice="",
        refusal="",
        misses=0,
    )
