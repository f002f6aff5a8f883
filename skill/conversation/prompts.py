"""State -> Reply: the words for where a conversation stands, from content and frame. Pure."""

from __future__ import annotations

from skill.content.model import Article, Locale, Sentence
from skill.conversation.dialogue import TOPICS_AT_ONCE
from skill.conversation.replies import Card, Reply, frame
from skill.conversation.state import State


def render(article: Article, locale: Locale, state: State) -> Reply:
    """What is said at `state`, in the words of `locale`. Any state renders; none is silent."""
    return _Frame(article, locale, state).reply()


class _Frame:
    """One state about to be worded."""

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
        """The reply for the state's cue; an unknown cue is a welcome."""
        match self._state.cue:
            case "part" if self._state.answer:
                return self._part()
            case "reading" if self._state.reading:
                return self._reading()
            case "topics" if self._state.topics:
                return self._topics()
            case "which" if self._state.choice:
                return self._which()
            case "did_you_mean" if self._state.offer and self._state.other:
                return self._did_you_mean()
            case "help":
                return self._help()
            case "no_more" | "no_previous" | "no_reason" as cue:
                return self._then_offer(cue)
            case "reading_resume":
                return self._resume()
            case "not_in_article_near" as cue if self._state.offer:
                return self._offers(cue)
            case "fallback_3" if self._state.offer:
                return self._offers("fallback_3")
            case "fallback_1" | "fallback_2" | "fallback_3" as cue:
                return self._asks(cue if cue != "fallback_3" else "fallback_2", "fallback_reprompt")
            case "medical":
                return self._asks("medical", "medical_reprompt")
            case "danger":
                return Reply(frame(self._say("danger"), self._say("danger_helpline")))
            case "goodbye":
                return Reply(frame(self._say("goodbye")))
            case (
                "nothing_to_repeat"
                | "nothing_offered"
                | "declined"
                | "not_in_article"
                | "unknown_request"
                | "trouble"
                | "forgotten"
                | "not_forgotten"
            ) as cue:
                return self._asks(cue, "anything_else_reprompt")
            case "welcome_first":
                return self._asks("welcome_first", "welcome_reprompt")
        return self._asks("welcome", "welcome_reprompt")

    def _part(self) -> Reply:
        answer = self._article.answers[self._state.answer]
        told = answer.parts[self._state.part]
        offer, reprompt = self._offer()
        return Reply((*told, *frame(offer)), reprompt, self._card(answer.title, told), answer.id)

    def _reading(self) -> Reply:
        answer = self._article.answers[self._article.reading[self._state.reading - 1]]
        start = self._say("reading_start") if self._state.reading == 1 else ""
        last = self._state.reading == len(self._article.reading)
        told = answer.says
        return Reply(
            (
                *frame(start, self._say("reading_part")),
                *told,
                *frame(self._say("reading_end" if last else "reading_on")),
            ),
            self._say("anything_else_reprompt" if last else "reading_reprompt"),
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
        return Reply(frame(choice.ask_which), choice.ask_which)

    def _help(self) -> Reply:
        if 0 < self._state.reading < len(self._article.reading):
            return self._asks("help_reading", "reading_reprompt")
        return self._asks("help_answer" if self._state.answer else "help_start", "help_reprompt")

    def _resume(self) -> Reply:
        number = str(self._state.stopped)
        return self._asks("reading_resume", "reading_resume", number=number)

    def _did_you_mean(self) -> Reply:
        topic, other = self._named(self._state.offer), self._named(self._state.other)
        return self._asks("did_you_mean", "did_you_mean_reprompt", topic=topic, other=other)

    def _offers(self, cue: str) -> Reply:
        topic = self._named(self._state.offer)
        offer = self._say("offer_topic", topic=topic)
        reprompt = self._say("offer_reprompt", offer=offer)
        return Reply(frame(self._say(cue, topic=topic)), reprompt)

    def _then_offer(self, cue: str) -> Reply:
        if 0 < self._state.reading < len(self._article.reading):
            return Reply(
                frame(self._say(cue), self._say("reading_on")), self._say("reading_reprompt")
            )
        offer, reprompt = self._offer()
        return Reply(frame(self._say(cue), offer), reprompt)

    def _offer(self) -> tuple[str, str]:
        """The question that the state's offer asks, and its reprompt."""
        kind, _, name = self._state.offer.partition(":")
        if kind == "more":
            offer = self._say("offer_more")
        elif kind == "answer":
            offer = self._say("offer_topic", topic=self._topic(name))
        else:
            return self._say("anything_else"), self._say("anything_else_reprompt")
        return offer, self._say("offer_reprompt", offer=offer)

    def _asks(self, name: str, reprompt: str, **values: str) -> Reply:
        return Reply(frame(self._say(name, **values)), self._say(reprompt, **values))

    def _say(self, name: str, **values: str) -> str:
        return self._locale.prompt(name, **{**self._values, **values})

    def _named(self, label: str) -> str:
        return self._topic(label.partition(":")[2])

    def _topic(self, name: str) -> str:
        answer = self._article.answers.get(name)
        return answer.topic if answer else self._article.title

    def _card(self, title: str, told: tuple[Sentence, ...]) -> Card:
        reply = Reply(told)
        source = self._say("card_source", locators=", ".join(reply.sources))
        return Card(title, f"{reply.speech}\n\n{source}")
