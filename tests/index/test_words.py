"""Folding and cutting text into words."""

from __future__ import annotations

import pytest

from replyguide.index.words import fold, recipe, words


def test_folding_undoes_width_case_and_script() -> None:
    assert fold("ＶＸ轉帳ＯＫ嗎") == "vx转帐ok吗"


@pytest.mark.parametrize("word", ["运费险", "货到付款", "七天无理由", "关闭交易", "税点", "到付", "好评返现"])
def test_words_of_the_marketplace_stay_whole(word: str) -> None:
    assert word in words(f"亲，请问你们家{word}怎么说")


def test_long_words_also_give_the_words_in_them() -> None:
    assert {"运费", "运费险"} <= set(words("运费险怎么退"))


def test_punctuation_and_particles_give_no_words() -> None:
    assert words("亲，请问在吗？？！ 😀") == []


def test_negation_and_ability_are_kept() -> None:
    assert {"不能"} <= set(words("不能退吗"))


def test_traditional_and_simplified_give_the_same_words() -> None:
    assert words("運費險怎麼退") == words("运费险怎么退")


def test_the_recipe_names_the_segmenter_and_the_lists() -> None:
    assert recipe().startswith("rjieba ")
