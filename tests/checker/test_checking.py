"""The checker as its callers see it: verdicts, spans, context, and the packs that ship."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replyguide.checker import load_checker
from replyguide.checker.proof.proving import prove
from replyguide.context import Context

CHECKER = load_checker()
RULES = CHECKER.packs.rules


def test_every_example_of_the_shipped_packs_holds() -> None:
    proof = prove(CHECKER)
    assert [failure.message for failure in proof.failures] == []
    assert proof.rules > 0
    assert min(proof.found, proof.passing) > proof.rules


def test_a_block_names_rule_topic_points_and_the_characters() -> None:
    reply = "亲，特价的宝贝开不了发票哦，请您理解"
    result = CHECKER.check(reply)
    assert result.verdict == "block"
    finding = result.findings[0]
    assert (finding.topic, finding.points) == ("invoice", (6,))
    assert reply[finding.start : finding.end] == finding.matched


def test_the_question_supplies_the_object_that_the_reply_leaves_out() -> None:
    reply = "亲，这个没有的哦"
    assert CHECKER.check(reply, Context(question="有发票吗")).verdict == "block"
    assert CHECKER.check(reply, Context(question="有没有带盖子的")).verdict == "pass"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.spec.id)
@pytest.mark.parametrize("disguise", ["zero-width", "traditional", "full-width"])
def test_a_disguised_example_is_still_found(rule: object, disguise: str) -> None:
    from replyguide.checker.rules.packs import Rule, example_context

    assert isinstance(rule, Rule)
    for example in rule.spec.examples.block:
        result = CHECKER.check(_disguised(example.unmarked(), disguise), example_context(example))
        assert result.verdict == "block", (rule.spec.id, disguise, example.reply)


def _disguised(reply: str, disguise: str) -> str:
    if disguise == "zero-width":
        return "\u200b".join(reply)
    if disguise == "traditional":
        from replyguide.script import to_traditional

        return to_traditional(reply)
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" and c not in "[]()" else c for c in reply)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300), st.one_of(st.none(), st.text(max_size=40)))
def test_any_reply_gets_the_same_verdict_twice_and_spans_inside_it(reply: str, question: str | None) -> None:
    context = Context(question=question)
    first, second = CHECKER.check(reply, context), CHECKER.check(reply, context)
    assert first == second
    for finding in first.findings:
        assert 0 <= finding.start < finding.end <= len(reply)
        assert reply[finding.start : finding.end] == finding.matched


def test_a_huge_reply_costs_linear_time() -> None:
    """Counts work, not seconds: twice the text, about twice the tokens and clauses."""
    from replyguide.checker.language.reading import Reading

    part = "亲，没有发票的哦，不开不给不提供" * 500
    once, twice = (Reading(part * times, CHECKER.packs.lexicon) for times in (1, 2))
    assert len(twice.tokens) <= 2 * len(once.tokens) + 10
    assert CHECKER.check(part * 12).verdict == "block"


def test_a_short_question_is_read_once_and_a_long_one_is_not_kept() -> None:
    def readings(question: str) -> list[object]:
        return [CHECKER.read("亲，有的哦", Context(question=question))[1].question for _ in range(2)]

    short, again = readings("有发票吗" * 125)
    assert short is again
    long, anew = readings("有发票吗" * 125 + "？")
    assert long is not anew


def test_random_emoji_alone_is_judged_without_a_crash() -> None:
    generator = random.Random(7)
    text = "".join(chr(generator.randrange(0x1F300, 0x1F6FF)) for _ in range(500))
    assert CHECKER.check(text).verdict in ("pass", "warn")
