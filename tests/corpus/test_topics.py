"""The closed set of topics."""

from __future__ import annotations

from replyguide import topics
from replyguide.corpus.topics import TOPIC_NAMES, TOPICS


def test_the_corpus_and_the_rest_of_the_program_know_the_same_topics() -> None:
    assert set(TOPICS) == set(topics.TOPICS) == set(TOPIC_NAMES)
