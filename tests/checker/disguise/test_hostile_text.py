"""A reply made to be slow costs time in proportion to its length."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replyguide.checker.checking import Checker, load_checker

LENGTH = 20_000
WALLS = {
    "pinyin": "zhuan zhang ",
    "ambiguous pinyin": "xianxian",
    "pieces of a number": "138，",
    "mixed numerals": "一3，",
    "backwards": "信微我加",
    "one per line": "加\n",
    "json": '{"a":"',
    "html": "<b>微",
    "open brackets": "[",
    "system words": "[check check ",
    "pictures": "⭐",
    "quotes": "“微”",
    "halves": "亻言",
    "homophones": "围信",
    "parted terms": "转😊账",
    "lone surrogates": "\ud800",
}


@pytest.fixture(scope="module")
def checker() -> Checker:
    return load_checker()


@pytest.mark.parametrize("name", WALLS)
def test_a_wall_of_oddities_is_judged_in_bounded_time(checker: Checker, name: str) -> None:
    wall = (WALLS[name] * LENGTH)[:LENGTH]
    started = time.perf_counter()
    checker.check(wall)
    assert time.perf_counter() - started < 6  # a twentieth of a second a thousand characters, and a slow machine


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="亲加我微信转账缺货亻言女子卫abchuoqw138一二，。！\n 😊💰+<>[]{}\"':&\u200b", max_size=80))
def test_no_mixture_of_oddities_breaks_the_check_or_its_spans(text: str) -> None:
    for finding in load_checker().check(text).findings:
        assert 0 <= finding.start < finding.end <= len(text)
        assert finding.matched == text[finding.start : finding.end]
