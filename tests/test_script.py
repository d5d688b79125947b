"""Scripts: the character table, and telling traditional and English messages."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from replyguide.script import SIMPLIFIED, is_english, is_traditional, to_simplified, to_traditional

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import make_script_table


def test_the_table_is_what_zhconv_gives_today() -> None:
    traditional, simplified = make_script_table.table()

    assert dict(zip(map(ord, traditional), map(ord, simplified), strict=True)) == SIMPLIFIED


def test_folding_to_simplified_keeps_the_length() -> None:
    text = "請問有發票嗎？「隻要」一張😀ok"

    assert to_simplified(text) == "请问有发票吗？「只要」一张😀ok"
    assert len(to_simplified(text)) == len(text)


def test_folding_twice_changes_nothing_more() -> None:
    assert not set(SIMPLIFIED.values()) & SIMPLIFIED.keys()


def test_traditional_is_written_word_by_word() -> None:
    assert to_traditional("头发和发票") == "頭髮和發票"
    assert to_traditional("签收后拒签，标签还在") == "簽收後拒簽，標籤還在"


@pytest.mark.parametrize("text", ["請問有發票嗎", "只能這樣了", "發票", "可以開嗎 謝謝"])
def test_traditional_messages_are_told(text: str) -> None:
    assert is_traditional(text)


@pytest.mark.parametrize("text", ["请问有发票吗", "你好", "可以開吗", "乾隆瓷器有吗", "do you ship", "", "？"])
def test_simplified_and_neutral_messages_are_not_traditional(text: str) -> None:
    assert not is_traditional(text)


@pytest.mark.parametrize(
    "text",
    ["do you have invoice", "Is it free shipping?", "can I get a 发票 for this", "when will it ship", "How much"],
)
def test_english_messages_are_told(text: str) -> None:
    assert is_english(text)


@pytest.mark.parametrize("text", ["you fapiao ma", "iPhone 有吗", "XL", "ok", "hello", "QQ", "有size吗", "", "123"])
def test_pinyin_brands_and_greetings_of_chinese_buyers_are_not_english(text: str) -> None:
    assert not is_english(text)


@pytest.mark.parametrize("text", ["tell me a joke", "it still has not arrived", "I need it today"])
def test_plain_english_is_english(text: str) -> None:
    assert is_english(text)


@pytest.mark.parametrize("text", ["she bu de mai", "me you huo ma", "long jing cha"])
def test_pinyin_with_syllables_that_are_english_words_is_not(text: str) -> None:
    assert not is_english(text)
