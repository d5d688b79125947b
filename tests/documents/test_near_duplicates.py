"""Texts that nearly repeat one another."""

from __future__ import annotations

from replyguide.documents import near_duplicates

LONG = "商家必须给任何已经付款并且提出要求的买家免费开具正规发票，不得以任何理由拒绝或者另外收费。"


def test_a_text_that_was_there_before_points_to_the_first() -> None:
    assert near_duplicates([LONG, "别的内容写在这里", LONG, LONG]) == [None, None, 0, 0]


def test_width_script_and_punctuation_do_not_count() -> None:
    traditional = "商家必須給任何已經付款並且提出要求的買家免費開具正規發票,不得以任何理由拒絕或者另外收費"

    assert near_duplicates([LONG, LONG.replace("，", ","), traditional]) == [None, 0, 0]


def test_a_few_other_characters_make_it_no_other_text() -> None:
    assert near_duplicates([LONG, LONG.replace("免费开具正规发票", "免费地开具正规发票")]) == [None, 0]


def test_another_figure_is_another_text_if_the_text_is_short() -> None:
    assert near_duplicates(["拒绝开票扣6分", "拒绝开票扣4分"]) == [None, None]


def test_nothing_and_blank_texts_are_no_trouble() -> None:
    assert near_duplicates([]) == []
    assert near_duplicates(["", "，", "有字"]) == [None, 0, None]
