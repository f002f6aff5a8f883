"""The reply for a state, worded from content and prompts."""

from __future__ import annotations

from skill.content import CUES, Article, Cue, Locale, Sentence, refusal_named
from skill.conversation.dialogue import TOPICS_AT_ONCE
from skill.conversation.replies import Card, Reply, frame
from skill.conversation.state import OfferKind, State


def render(article: Article, locale: Locale, state: State) -> Reply:
    """The reply at `state` in the words of `locale`; every state has one, and none is silent."""
    return _Renderer(article, locale, state).reply()


class _Renderer:
    """Words one state."""

    def __init__(self, article: Article, locale: Locale, state: State) -> None:
        self._article = article
        self._locale = locale
        self._state = state
        _, first, second = article.example_phrases
        self._values = {
            "title": article.title,
            "author": article.author,
            "example_1": first,
            "example_2": second,
            "topic": self._topic(state.answer),
            "number": str(state.reading),
            "count": str(len(article.reading)),
        }

    def reply(self) -> Reply:
        """The reply for the state's cue; a state that lacks what its cue needs gets a welcome."""
        state = self._state
        match state.cue:
            case Cue.PART if state.answer:
                return self._part()
            case Cue.READING if state.reading:
                return self._reading()
            case Cue.TOPICS if state.topics:
                return self._topics()
            case Cue.WHICH if state.choice:
                return self._which()
            case Cue.DID_YOU_MEAN if state.offer and state.alternative:
                topic, other = self._topic(state.offer.answer), self._topic(state.alternative)
                return self._asks("did_you_mean", "did_you_mean_reprompt", topic=topic, other=other)
            case Cue.HELP:
                return self._help()
            case Cue.NO_MORE | Cue.NO_PREVIOUS | Cue.NO_REASON:
                return self._then_offer(state.cue)
            case Cue.READING_RESUME:
                number = str(state.resume_part)
                return self._asks("reading_resume", "reading_resume", number=number)
            case Cue.NOT_IN_ARTICLE_NEAR | Cue.FALLBACK_3 if state.offer:
                words = self._prompt(state.cue, topic=self._topic(state.offer.answer))
                _, reprompt = self._offer()
                return Reply(frame(words), reprompt)
            case Cue.REFUSED:
                return self._refused()
        # What lacks its offer is the cue before it, without one.
        without_offer = {
            Cue.FALLBACK_3: Cue.FALLBACK_2,
            Cue.NOT_IN_ARTICLE_NEAR: Cue.WELCOME,
        }
        row = CUES[without_offer.get(state.cue, state.cue)]
        if not row.prompt:
            row = CUES[Cue.WELCOME]
        return self._asks(row.prompt, row.reprompt)

    def _part(self) -> Reply:
        answer = self._article.answers[self._state.answer]
        told = answer.parts[self._state.part]
        offer, reprompt = self._offer()
        return Reply((*told, *frame(offer)), reprompt, self._card(answer.title, told), answer.id)

    def _reading(self) -> Reply:
        answer = self._article.answers[self._article.reading[self._state.reading - 1]]
        start = self._prompt("reading_start") if self._state.reading == 1 else ""
        last = self._state.reading == len(self._article.reading)
        told = answer.says
        return Reply(
            (
                *frame(start, self._prompt("reading_part")),
                *told,
                *frame(self._prompt("reading_end" if last else "reading_on")),
            ),
            self._prompt("anything_else_reprompt" if last else "reading_reprompt"),
            self._card(answer.title, told),
            answer.id,
        )

    def _topics(self) -> Reply:
        topics = self._article.topics
        end = self._state.topics
        start = (end - 1) // TOPICS_AT_ONCE * TOPICS_AT_ONCE
        names = [self._topic(name) for name in topics[start:end]]
        listed = ", ".join(names[:-1]) + (", or " if names[:-1] else "") + names[-1]
        if end == len(topics):
            return self._asks("topics_last", "anything_else_reprompt", topics=listed)
        name = "topics_first" if start == 0 else "topics_next"
        return self._asks(name, "topics_reprompt", topics=listed)

    def _which(self) -> Reply:
        (choice,) = (c for c in self._article.choices if c.id == self._state.choice)
        return Reply(frame(choice.prompt), choice.prompt)

    def _help(self) -> Reply:
        if self._reads_on():
            return self._asks("help_reading", "reading_reprompt")
        return self._asks("help_answer" if self._state.answer else "help_start", "help_reprompt")

    def _refused(self) -> Reply:
        refusal = refusal_named(self._state.refusal)
        if refusal is None:
            return self._asks("welcome", "welcome_reprompt")
        reprompt = self._prompt(refusal.reprompt) if refusal.reprompt else ""
        return Reply(frame(*map(self._prompt, refusal.prompts)), reprompt)

    def _then_offer(self, cue: Cue) -> Reply:
        if self._reads_on():
            reprompt = self._prompt("reading_reprompt")
            return Reply(frame(self._prompt(cue), self._prompt("reading_on")), reprompt)
        offer, reprompt = self._offer()
        return Reply(frame(self._prompt(cue), offer), reprompt)

    def _offer(self) -> tuple[str, str]:
        """The question that the state's offer asks, and its reprompt."""
        offer = self._state.offer
        if offer and offer.kind is OfferKind.MORE:
            question = self._prompt("offer_more")
        elif offer and offer.kind is OfferKind.ANSWER:
            question = self._prompt("offer_topic", topic=self._topic(offer.answer))
        else:
            return self._prompt("anything_else"), self._prompt("anything_else_reprompt")
        return question, self._prompt("offer_reprompt", offer=question)

    def _asks(self, name: str, reprompt: str, **values: str) -> Reply:
        words = self._prompt(reprompt, **values) if reprompt else ""
        return Reply(frame(self._prompt(name, **values)), words)

    def _prompt(self, name: str, **values: str) -> str:
        return self._locale.prompt(name, **{**self._values, **values})

    def _reads_on(self) -> bool:
        return 0 < self._state.reading < len(self._article.reading)

    def _topic(self, name: str) -> str:
        answer = self._article.answers.get(name)
        return answer.topic if answer else self._article.title

    def _card(self, title: str, told: tuple[Sentence, ...]) -> Card:
        reply = Reply(told)
        source = self._prompt("card_source", locators=", ".join(reply.sources))
        return Card(title, f"{reply.speech}\n\n{source}")
