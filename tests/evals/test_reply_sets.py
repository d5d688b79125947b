"""The labelled replies themselves: enough of every kind, and a test part that the dev part gives nothing away of.

A failure names ids and topics, never a text: whoever runs the tests may be writing a rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from replyguide.checker import load_checker
from replyguide.checker.language.reading import Reading
from replyguide.checker.rules.packs import Rule
from replyguide.evals.cases import PARTS, ReplyCase, read_replies
from replyguide.resources import shelf
from replyguide.topics import VIOLATION_TOPICS

LEAST_REPLIES = 1500
TOO_ALIKE = 0.6
#: Good replies about a rule's topic, in both parts together.
LEAST_NEGATIVES = 5
STYLES = frozenset(
    {
        *("natural", "implicit", "context", "long", "fragment", "disguise", "traditional", "english", "warn"),
        *("decline", "lookalike", "exception", "quote", "benign-odd"),
    }
)


@pytest.fixture(scope="module")
def parts() -> dict[str, list[ReplyCase]]:
    return {part: read_replies(shelf("evals"), part) for part in PARTS}


@pytest.fixture(scope="module")
def replies(parts: dict[str, list[ReplyCase]]) -> list[ReplyCase]:
    return [case for cases in parts.values() for case in cases]


def test_there_are_enough_replies(replies: list[ReplyCase]) -> None:
    assert len(replies) >= LEAST_REPLIES


def test_an_id_stands_for_one_reply_in_both_parts(replies: list[ReplyCase]) -> None:
    counted = Counter(case.id for case in replies)
    assert [name for name, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("part", PARTS)
def test_a_part_has_every_topic_that_can_be_violated(parts: dict[str, list[ReplyCase]], part: str) -> None:
    broken = {topic for case in parts[part] if case.expect != "pass" for topic in case.topics[:1]}
    assert set(VIOLATION_TOPICS) - broken == set()


@pytest.mark.parametrize("part", PARTS)
def test_a_part_has_violations_and_good_replies_in_like_numbers(parts: dict[str, list[ReplyCase]], part: str) -> None:
    share = sum(case.expect == "pass" for case in parts[part]) / len(parts[part])
    assert 0.3 <= share <= 0.7
    assert {case.expect for case in parts[part]} == {"pass", "warn", "block"}


def test_a_violation_names_what_it_violates_and_a_good_reply_nothing(replies: list[ReplyCase]) -> None:
    assert [case.id for case in replies if bool(case.topics) is (case.expect == "pass")] == []


def test_a_style_is_one_of_those_that_are_described(replies: list[ReplyCase]) -> None:
    assert {case.style for case in replies} - STYLES == set()


def test_every_rule_has_hard_negatives_of_its_topic(replies: list[ReplyCase]) -> None:
    """Such a reply passes and holds, with its question, every word that a form of one of the topic's rules needs."""
    checker = load_checker()
    found: Counter[str] = Counter()
    for case in replies:
        if case.expect == "pass":
            reading = Reading(f"{case.question}。{case.reply}", checker.packs.lexicon)
            found.update({rule.spec.topic for rule in checker.packs.rules if speaks_of(rule, reading)})
    topics = {rule.spec.topic for rule in checker.packs.rules}
    assert {topic for topic in topics if found[topic] < LEAST_NEGATIVES} == set()


def speaks_of(rule: Rule, reading: Reading) -> bool:
    """Tell whether the reply holds the words of a form; a form that needs none is about manner, which any reply has."""
    if all(form.form.manner is not None for form in rule.forbids):
        return True
    return any(form.needs and form.is_possible(reading) for form in rule.forbids)


def test_no_reply_of_the_test_part_stands_in_the_dev_part_nor_nearly(parts: dict[str, list[ReplyCase]]) -> None:
    assert list(alike(parts["dev"], parts["test"])) == []


def test_no_reply_of_the_test_part_is_taught_to_the_second_layer(parts: dict[str, list[ReplyCase]]) -> None:
    train = read_replies(shelf("evals"), "train")
    assert list(alike(train, parts["test"])) == []
    assert not {case.id for case in train} & {case.id for cases in parts.values() for case in cases}


def alike(some: list[ReplyCase], others: list[ReplyCase]) -> Iterator[tuple[str, str]]:
    """Give the ids of every reply of `some` with those of `others` whose trigrams it shares too many of."""
    known = [(case.id, trigrams(case.reply)) for case in some]
    of_trigram: dict[str, list[int]] = {}
    for place, (_, grams) in enumerate(known):
        for gram in grams:
            of_trigram.setdefault(gram, []).append(place)
    for case in others:
        grams = trigrams(case.reply)
        shared = Counter(place for gram in grams for place in of_trigram.get(gram, ()))
        for place, count in shared.items():
            name, theirs = known[place]
            if count / (len(grams) + len(theirs) - count) >= TOO_ALIKE:
                yield name, case.id


def trigrams(text: str) -> frozenset[str]:
    """Return every three characters in a row; a shorter text stands for itself."""
    return frozenset(text[start : start + 3] for start in range(max(len(text) - 2, 1)))


def test_what_is_too_alike_is_told_by_its_ids() -> None:
    def case(name: str, text: str) -> ReplyCase:
        return ReplyCase(id=name, reply=text, expect="pass", topics=[], style="natural", why="")

    some = [case("a", "亲，发票有的哦，随货寄出"), case("b", "可以")]
    others = [case("c", "亲，发票有的哦，随货寄"), case("d", "可以"), case("e", "亲，今天发货的哦")]
    assert sorted(alike(some, others)) == [("a", "c"), ("b", "d")]
