"""Cutting messages into questions."""

from __future__ import annotations

import pytest

from replyguide.index.parts import LONGEST_TEXT, MOST_PARTS, bounded, parts


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("有发票吗", ("有发票吗",)),
        ("今天能发货吗？用什么快递", ("今天能发货吗", "用什么快递")),
        ("可以开发票吗，另外能不能便宜点", ("可以开发票吗", "能不能便宜点")),
        ("什么时候发货 顺便问下有没有运费险", ("什么时候发货", "有没有运费险")),
        ("东西坏了，你们管不管呢", ("东西坏了，你们管不管呢",)),
        ("do you ship today? and also do you give invoices", ("do you ship today", "do you give invoices")),
    ],
)
def test_each_question_is_a_part_and_what_leads_up_to_it_stays_with_it(message: str, expected: tuple[str, ...]) -> None:
    assert parts(message) == expected


def test_scraps_are_no_parts() -> None:
    assert parts("有发票吗？急用！谢谢") == ("有发票吗",)


def test_a_message_of_any_length_gives_few_and_short_parts() -> None:
    cut = parts("这个能不能便宜点？" * 2000)

    assert len(cut) <= MOST_PARTS
    assert all(len(part) <= LONGEST_TEXT for part in cut)


def test_a_long_text_keeps_its_beginning_and_its_end() -> None:
    text = "开头" + "中" * 10_000 + "结尾"

    assert bounded(text).startswith("开头")
    assert bounded(text).endswith("结尾")
    assert len(bounded(text)) <= LONGEST_TEXT + 1
    assert bounded("短") == "短"
