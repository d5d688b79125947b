"""Slow patterns are told by their structure: the same on every machine, and never a pattern that is only long."""

from __future__ import annotations

import pytest

from replyguide.checker.rules.slowness import slowness


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$",
        "(a|a)*b",
        "(a|ab|b)*c",
        "(?:a*)*b",
        "(?:a*b*)*c",
        r"(?:\w+\s?)*$",
        "(?:去|跟|去跟)*问",
        "(?:自己|把[^，]{0,8})*关",
        "(?:.{0,20}){0,20}x",
        "(?:(?:a{1,20}){1,20}){1,20}b",
        "(?:a?){9}b",
        "(?=(a+)+b)a",
        "(?!.*(?:a|a)*b)",
        "(?:a|a)*+b|(?:b|b)*c",
        r"(?:(\d)|\1)*x",
        "(?i)(?:ab|AB)*c",
        "(?:(?:a|a)*b)*+c",
    ],
)
def test_a_loop_that_reads_one_text_in_two_ways_is_slow(pattern: str) -> None:
    assert "不止一种读法" in (slowness(pattern, 1000) or "")


@pytest.mark.parametrize(
    "pattern",
    [".*微信.*转账", ".*.*x", "a*a*b", "[^，]+了[^，]+", "a{0,6}" * 7 + "b", r"\d+[一二\d]+元", "(?=.*微.*信)x"],
)
def test_loops_that_read_on_into_each_other_are_slow(pattern: str) -> None:
    assert "前后几个循环" in (slowness(pattern, 1000) or "")


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "微信",
        "(?:给|给您|帮您)*的",
        "(?:一下|一个|亲)*$",
        "[^，。]{0,8}x[^，。]{0,8}",
        "(?:[^，]+，)*$",
        r"\d+(?:\.\d+)?",
        r"[a-z]+@[a-z]+(?:\.[a-z]+)+",
        "^(?!.*(?:不|没)).*关",
        "(?:a|b)*c(?:a|b)*",
        "(?:(?:ab)*c)*",
        "(?:百|千)分之[零一二三四五六七八九十]+",
        "(a)?(?(1)b|c)*d",
        "^(?:好|好的|的|[a-z ]+)*+$",
        "x" * 2000,
    ],
)
def test_what_is_read_in_one_way_is_not_slow(pattern: str) -> None:
    assert slowness(pattern, 1000) is None


def test_two_loops_are_fine_over_a_clause_and_not_over_a_page() -> None:
    assert slowness(".*关.*", 160) is None
    assert slowness(".*关.*", 1000) is not None
