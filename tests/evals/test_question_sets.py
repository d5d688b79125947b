"""The labelled questions themselves: enough of them, and a test part that nothing else gives away.

A failure names ids, never a question: whoever runs the tests may be writing a rule.
"""

from __future__ import annotations

from collections import Counter

import pytest

from replyguide.corpus.reader import read_corpus
from replyguide.evals.cases import AnyPart, QuestionCase, read_questions
from replyguide.resources import shelf
from replyguide.topics import TOPICS

PARTS: tuple[AnyPart, ...] = ("train", "dev", "test")
LEAST_DEV_QUESTIONS = 400
TOO_ALIKE = 0.6
# Shorter ones are asked in these words by everybody: `有发票吗`.
SHORT = 6


@pytest.fixture(scope="module")
def parts() -> dict[str, list[QuestionCase]]:
    return {part: read_questions(shelf("evals"), part) for part in PARTS}


def test_there_are_enough_questions_to_choose_by(parts: dict[str, list[QuestionCase]]) -> None:
    assert len(parts["dev"]) >= LEAST_DEV_QUESTIONS


def test_an_id_stands_for_one_question_in_all_parts(parts: dict[str, list[QuestionCase]]) -> None:
    counted = Counter(case.id for cases in parts.values() for case in cases)
    assert [name for name, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("part", PARTS)
def test_a_part_has_every_topic_two_concerns_and_questions_without_a_topic(
    parts: dict[str, list[QuestionCase]], part: str
) -> None:
    asked = {topic for case in parts[part] for topic in case.topics}
    assert set(TOPICS) - asked == set()
    assert any(len(case.topics) > 1 for case in parts[part])
    assert any(not case.topics for case in parts[part])


def test_no_question_of_the_test_part_is_taught_nor_nearly(parts: dict[str, list[QuestionCase]]) -> None:
    taught = [case.question for part in ("train", "dev") for case in parts[part]]
    taught += [ask for rule in read_corpus(shelf("corpus")).rules for ask in rule.asks]
    known = [trigrams(text) for text in taught]
    of_trigram: dict[str, list[int]] = {}
    for place, grams in enumerate(known):
        for gram in grams:
            of_trigram.setdefault(gram, []).append(place)

    assert [case.id for case in parts["test"] if len(case.question) > SHORT and alike(case, known, of_trigram)] == []


def alike(case: QuestionCase, known: list[frozenset[str]], of_trigram: dict[str, list[int]]) -> bool:
    """Tell whether a question shares too many of its trigrams with one that is taught."""
    grams = trigrams(case.question)
    shared = Counter(place for gram in grams for place in of_trigram.get(gram, ()))
    return any(count / (len(grams) + len(known[place]) - count) >= TOO_ALIKE for place, count in shared.items())


def trigrams(text: str) -> frozenset[str]:
    """Return every three characters in a row; a shorter text stands for itself."""
    return frozenset(text[start : start + 3] for start in range(max(len(text) - 2, 1)))
