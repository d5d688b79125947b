"""Initials and pinyin, spelled out."""

from __future__ import annotations

import pytest

from replyguide.index.words import plain_words


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("fp有吗", "发票有吗"),
        ("FP有吗", "发票有吗"),
        ("加个vx", "加个微信"),
        ("hdfk", "货到付款"),
        ("yj到付么", "邮寄到付么"),
        ("发piao有没", "发票有没"),
        ("fapiao开不", "发票开不"),
        ("退huo的yf谁出", "退货的运费谁出"),
        ("七天无理由tuihuo", "七天无理由退货"),
    ],
)
def test_key_terms_in_letters_are_read_as_words(typed: str, read: str) -> None:
    assert plain_words(typed) == read


@pytest.mark.parametrize(
    "typed", ["T恤有L码吗", "iPhone的手机壳", "sd卡多大", "30cm够不够", "qq号", "ems能到吗", "wifi连不上"]
)
def test_sizes_brands_and_units_stay_as_they_are(typed: str) -> None:
    assert plain_words(typed) == typed.lower()


def test_english_stays_english() -> None:
    assert plain_words("Can you ship by Friday?") == "can you ship by friday?"
