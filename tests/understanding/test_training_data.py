from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from skill.content import (
    OUT_OF_DOMAIN,
    Article,
    Examples,
    Label,
    LabelKind,
    read_examples,
)
from skill.content.model import CommandIntent
from skill.understanding.classifier import TrainingData, make_training_data, names_of
from skill.understanding.classifier.training_data import WEIGHTS
from tests.conftest import TEA

OTHERS = {"coffee", "water", "juice", "wine"}


def test_every_answer_command_refusal_and_gap_is_a_label(
    article: Article, training_data: TrainingData
) -> None:
    labels = set(training_data.labels)
    assert {Label.answer(name) for name in article.answers} <= labels
    assert {
        Label(LabelKind.REFUSAL, "danger"),
        Label(LabelKind.REFUSAL, "medical"),
        Label(LabelKind.KNOWN_GAP, "price"),
        Label(LabelKind.NEAR_MISS, "green"),
        Label(LabelKind.COMMAND, "TopicsIntent"),
        OUT_OF_DOMAIN,
    } <= labels
    assert len(labels) == len(training_data.labels)


def test_the_same_seed_draws_the_same_and_another_seed_does_not(
    training_data: TrainingData,
) -> None:
    assert training_data.draw(1) == training_data.draw(1)
    assert training_data.draw(1) != training_data.draw(2)


@pytest.fixture(scope="module")
def drawn(training_data: TrainingData) -> list[tuple[Label, str]]:
    utterances, numbers = training_data.draw(1)
    return [
        (training_data.labels[number], utterance)
        for number, utterance in zip(numbers, utterances, strict=True)
    ]


def test_every_label_is_drawn_and_every_slot_is_filled(
    drawn: list[tuple[Label, str]], training_data: TrainingData
) -> None:
    assert {label for label, _ in drawn} == set(training_data.labels)
    assert all(utterance and "{" not in utterance for _, utterance in drawn)


def test_labels_are_drawn_by_their_weights(drawn: list[tuple[Label, str]]) -> None:
    count = Counter(label for label, _ in drawn)
    assert count[Label.answer("green")] == WEIGHTS.an_answer
    assert count[Label(LabelKind.REFUSAL, "medical")] == WEIGHTS.an_answer * WEIGHTS.refusal
    assert count[OUT_OF_DOMAIN] == WEIGHTS.an_answer * WEIGHTS.out_of_domain
    assert count[Label(LabelKind.KNOWN_GAP, "price")] == round(
        WEIGHTS.an_answer * WEIGHTS.known_gap
    )


def test_a_question_about_another_entity_is_out_of_domain(
    drawn: list[tuple[Label, str]],
) -> None:
    about_others = [(label, text) for label, text in drawn if OTHERS & set(text.split())]
    assert {label for label, _ in about_others} == {OUT_OF_DOMAIN}
    # An answer's own question too, with another entity in place of the article's.
    assert any("how is" in text and "made" in text for _, text in about_others)


def test_the_slot_of_a_choice_makes_a_question_for_its_answer(training_data: TrainingData) -> None:
    everything = set(training_data.everything())
    assert (Label.answer("children"), "is tea good for kids") in everything
    assert (Label.answer("adults"), "is tea good for grown ups") in everything


def test_everything_has_each_example_and_each_sample_once_filled(
    article: Article, training_data: TrainingData
) -> None:
    everything = list(training_data.everything())
    for label, utterances in read_examples(TEA, article).by_label.items():
        assert {(label, utterance) for utterance in utterances} <= set(everything)
    green = [text for label, text in everything if label == Label.answer("green")]
    assert green.count("how is green tea made") == 1
    assert not any("{" in text or OTHERS & set(text.split()) for _, text in everything)


def test_templates_give_every_name_and_no_example(training_data: TrainingData) -> None:
    utterances = set(training_data.from_templates())
    assert {"sencha", "matcha", "green tea", "kids", "what is black tea"} <= utterances
    assert "tell me of the dark kind" not in utterances
    assert not any(OTHERS & set(utterance.split()) for utterance in utterances)


def test_words_that_a_carrier_phrase_takes_are_cut_off_questions_only(
    drawn: list[tuple[Label, str]],
) -> None:
    assert (Label.answer("black"), "black tea a tea") in set(drawn)  # "is {query}" took "is"
    assert (Label(LabelKind.REFUSAL, "danger"), "want to die") not in set(drawn)


def test_templates_of_an_intent_that_is_written_twice_add_up(article: Article) -> None:
    again = CommandIntent("AMAZON.HelpIntent", ("what are my choices",))
    twice = replace(article, commands=(*article.commands, again))
    help_label = Label(LabelKind.COMMAND, "AMAZON.HelpIntent")
    before = make_training_data(article, Examples({})).templates[help_label]
    after = make_training_data(twice, Examples({})).templates[help_label]
    assert after == (*before, ("what are my choices",))


def test_an_article_without_examples_learns_from_its_templates(article: Article) -> None:
    data = make_training_data(article, Examples({}))
    assert OUT_OF_DOMAIN not in data.labels
    utterances, numbers = data.draw(1)
    assert set(numbers) == set(range(len(data.labels)))
    assert all(utterances)


def test_names_are_those_of_things_and_not_of_people(article: Article) -> None:
    assert set(names_of(article)) == {"green tea", "sencha", "matcha"}
