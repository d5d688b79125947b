"""Every input gets a verdict in bounded time: ten times the text, about ten times the work.

Work is counted in calls, which are the same on every machine. What happens inside one call (a regular expression, a
scan) is timed, against the same work on less text, never against a clock, and with room for what else the machine does.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import FrameType

import pytest

from replyguide.checker import load_checker
from replyguide.checker.rules.packs import example_context
from replyguide.context import Context

CHECKER = load_checker()
_SHORT, _LONG = 1_000, 10_000
_CALLS_AT_MOST = 13.0  # times as many at ten times the length
_TIME_AT_MOST = 40.0  # what is quadratic takes a hundred times as long

TEXTS = {
    "polite": "亲，发票随货寄出的哦，48小时内发货，",
    "violating": "亲，没有发票的哦，不开不给不提供",
    "without an edge": "的发票微信退款",
    "one character": "加",
    "one digit": "1",
    "one numeral": "一",
    "negators": "不是没有",
    "reported speech": "您说的",
    "conditions": "如果",
    "only emoji": "😀🌸",
    "right to left": "שלום עולם ",
    "lone surrogates": "\ud800\udfff",
    "NULs": "\0亲",
    "zero-width": "亲\u200b",
    "opening quotes": "“",
    "quotes": "“亲”",
    "blanks": "亲 ",
    "enumeration commas": "亲、",
    "latin": "ab ",
    "accounts": "vx123",
    "dots": "a.",
    "quantities": "三天五元",
    "one per line": "加\n微\n信\n",
}


def filled(part: str, length: int) -> str:
    return (part * (length // len(part) + 1))[:length]


def least(work: Callable[[], object], times: int = 3) -> float:
    measured = []
    for _ in range(times):
        started = time.process_time()
        work()
        measured.append(time.process_time() - started)
    return min(measured)


def calls(work: Callable[[], object]) -> int:
    count = 0

    def counted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def growth_of_calls(check: Callable[[int], object]) -> float:
    check(_LONG)  # what is compiled or remembered once is there
    return calls(lambda: check(_LONG)) / calls(lambda: check(_SHORT))


def growth_of_time(check: Callable[[int], object]) -> float:
    check(_LONG)
    return least(lambda: check(_LONG)) / max(least(lambda: check(_SHORT)), 0.001)


@pytest.mark.parametrize("name", TEXTS)
def test_the_cost_of_a_reply_grows_with_its_length(name: str) -> None:
    def check(length: int) -> object:
        return CHECKER.check(filled(TEXTS[name], length))

    assert growth_of_calls(check) < _CALLS_AT_MOST
    assert growth_of_time(check) < _TIME_AT_MOST


@pytest.mark.parametrize("rule", CHECKER.packs.rules, ids=lambda rule: rule.spec.id)
def test_the_cost_of_violations_side_by_side_grows_with_their_number(rule: object) -> None:
    """The first example of each rule, over and over, in its context: where forms look around, facts are compared."""
    from replyguide.checker.rules.packs import Rule

    assert isinstance(rule, Rule)
    example = (*rule.spec.examples.block, *rule.spec.examples.warn)[0]
    part, context = f"{example.unmarked()}，", example_context(example)
    assert growth_of_calls(lambda length: CHECKER.check(filled(part, length), context)) < _CALLS_AT_MOST


def test_the_cost_of_a_question_grows_with_its_length() -> None:
    def check(length: int) -> object:
        return CHECKER.check("亲，没有的哦", Context(question=filled("有发票吗", length)))

    assert growth_of_calls(check) < _CALLS_AT_MOST
    assert growth_of_time(check) < _TIME_AT_MOST


def test_the_cost_of_a_history_does_not_grow_with_its_turns_beyond_the_last() -> None:
    def with_turns(count: int) -> Context:
        turn = {"role": "agent", "text": "亲，这款是包邮的哦"}
        return Context.model_validate({"history": [turn] * count})

    few, many, reply = with_turns(100), with_turns(10_000), "亲，邮费10元哦"
    assert CHECKER.check(reply, many).verdict == "block"
    assert calls(lambda: CHECKER.check(reply, many)) <= calls(lambda: CHECKER.check(reply, few))


def test_the_cost_of_a_turn_does_not_grow_with_what_no_chat_window_sends() -> None:
    def with_turn(length: int) -> Context:
        return Context.model_validate({"history": [{"role": "agent", "text": filled("亲，这款是包邮的哦，", length)}]})

    long, longer, reply = with_turn(10_000), with_turn(100_000), "亲，邮费10元哦"
    assert CHECKER.check(reply, longer).verdict == "block"
    CHECKER.check(reply, long)  # what is compiled or read for the first time counts for neither
    most = 1.01 * calls(lambda: CHECKER.check(reply, long))
    assert calls(lambda: CHECKER.check(reply, longer)) <= most


@pytest.mark.parametrize("name", ["polite", "only emoji", "right to left", "lone surrogates", "NULs", "zero-width"])
def test_a_hundred_thousand_characters_get_a_verdict(name: str) -> None:
    result = CHECKER.check(filled(TEXTS[name], 100_000))
    assert result.verdict in ("pass", "warn", "block")


@pytest.mark.parametrize("before", ["亲，您放心拍哦。", "😀🌸", "שלום ", "\0", "\ud800"], ids=ascii)
def test_a_violation_is_found_at_the_end_of_a_hundred_thousand_characters(before: str) -> None:
    reply = filled(before, 100_000) + "。亲，特价的开不了发票哦"
    result = CHECKER.check(reply)
    assert result.verdict == "block"
    assert any("发票" in finding.matched for finding in result.findings)
    assert all(reply[finding.start : finding.end] == finding.matched for finding in result.findings)


def test_everything_at_once_gets_a_verdict() -> None:
    turns = [{"role": role, "text": text} for role in ("buyer", "agent") for text in TEXTS.values()] * 200
    context = Context.model_validate({"history": turns, "question": filled("包邮吗", 100_000)})
    assert CHECKER.check(filled("亲，没有发票的哦，", 100_000), context).verdict == "block"


def test_a_wall_of_violations_is_reported_in_bounded_length() -> None:
    findings = CHECKER.check(filled("亲，没有发票的哦。", 50_000)).findings
    by_rule = {finding.rule: sum(other.rule == finding.rule for other in findings) for finding in findings}
    assert max(by_rule.values()) <= 40


def test_what_is_quadratic_fails_these_measures() -> None:
    def looking_back(length: int) -> int:
        return sum(len(str(other)) for place in range(length // 20) for other in range(place))

    def scanning(length: int) -> int:
        return sum(filled("亲，", length * 100).count("哦") for _ in range(length // 20))

    assert growth_of_calls(looking_back) > _CALLS_AT_MOST
    assert growth_of_time(scanning) > _TIME_AT_MOST
