"""The rules that travel with the package, each by itself and all together."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import pytest

from replyguide.corpus.reader import read_corpus
from replyguide.corpus.rule import Rule
from replyguide.corpus.topics import TOPICS
from replyguide.index.words import fold
from replyguide.resources import shelf

RULES = read_corpus(shelf("corpus")).rules
_FACT = re.compile(r"\*\*([A-Z]{2,5}-[0-9]{2,3})\*\*")


def _bare(ask: str) -> str:
    return "".join(character for character in fold(ask) if character.isalnum())


def test_every_topic_of_the_policy_has_a_rule() -> None:
    assert set(TOPICS) == {rule.topic for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_fact_of_the_front_matter_stands_in_the_body_exactly_once(rule: Rule) -> None:
    assert Counter(_FACT.findall(rule.body)) == Counter(rule.facts)


def test_every_fact_belongs_to_one_rule_alone() -> None:
    owners = defaultdict(list)
    for rule in RULES:
        for fact in rule.facts:
            owners[fact].append(rule.id)

    assert {fact: rules for fact, rules in owners.items() if len(rules) > 1} == {}


def test_no_ask_belongs_to_two_rules() -> None:
    owners = defaultdict(set)
    for rule in RULES:
        for ask in rule.asks:
            owners[_bare(ask)].add(rule.id)

    assert {ask: rules for ask, rules in owners.items() if len(rules) > 1} == {}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_body_has_a_section_of_rules(rule: Rule) -> None:
    assert "## 规则" in rule.body
