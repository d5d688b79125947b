"""The model that tells the topics of a message."""

from __future__ import annotations

import numpy as np
import pytest

from replyguide.corpus.topics import TOPICS
from replyguide.index import Index
from replyguide.index.reading import TextRead, read_texts
from replyguide.index.topic_model import COLLEAGUE, NONE, TopicModel, read_topic_model


@pytest.fixture(scope="module")
def model(packaged: Index) -> TopicModel:
    return read_topic_model(packaged.embedder.name)


def best(model: TopicModel, packaged: Index, question: str) -> str:
    (row,) = model.scores(read_texts([question], packaged.embedder))
    return model.topics[int(row[: len(TOPICS) + 1].argmax())]


def test_it_knows_every_topic_what_has_none_and_who_works_here(model: TopicModel) -> None:
    assert model.topics == (*TOPICS, NONE, COLLEAGUE)


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("开不开票的", "invoice"),
        ("退回去的邮费谁掏", "return-freight"),
        ("明天会下雨吗", NONE),
        ("早班几点交接", "workplace"),
    ],
)
def test_it_tells_the_topic(model: TopicModel, packaged: Index, question: str, topic: str) -> None:
    assert best(model, packaged, question) == topic


def test_an_embedder_that_it_was_not_fitted_with_gets_classifiers_without_vectors(packaged: Index) -> None:
    alone = read_topic_model("another embedder")
    (read,) = read_texts(["有发票吗"], packaged.embedder)
    other_vector = TextRead(np.zeros(7, np.float32), read.terms)

    assert alone.scores([read]).tolist() == alone.scores([other_vector]).tolist()
    assert best(alone, packaged, "有发票吗") == "invoice"


def test_a_text_without_known_terms_is_told_by_its_vector_alone(model: TopicModel) -> None:
    nothing = TextRead(np.zeros(512, np.float32), ["没见过的词儿"])
    (row,) = model.scores([nothing])

    assert row.shape == (len(TOPICS) + 2,)
    assert (row < 0).all()


@pytest.mark.parametrize(("question", "is_colleagues"), [("早班几点交接，要写什么", True), ("有发票吗", False)])
def test_it_tells_a_colleague_from_a_buyer(
    model: TopicModel, packaged: Index, question: str, is_colleagues: bool
) -> None:
    (row,) = model.scores(read_texts([question], packaged.embedder))
    assert (row[model.topics.index(COLLEAGUE)] > 0) == is_colleagues
