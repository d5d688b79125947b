"""Hits that name different figures for the same thing."""

from __future__ import annotations

import pytest

from replyguide.corpus.topics import Topic
from replyguide.index.figures import with_disagreements
from replyguide.index.hit import Hit


def make_hit(text: str, source: str, *, topic: Topic = "invoice", kind: str = "item") -> Hit:
    return Hit(
        id=f"{source}-{len(text)}",
        topic=topic,
        title="",
        text=text,
        source=source,
        platform="merchant",
        score=0.9,
        rank=1,
        kind=kind,  # type: ignore[arg-type]
        authority="merchant",
    )


def figures(*hits: Hit) -> list[list[tuple[str, str]]]:
    return [[(figure.figure, figure.source) for figure in hit.disagreement] for hit in with_disagreements(hits)]


def test_both_hits_show_both_figures_with_their_sources_the_stricter_first() -> None:
    ours = make_hit("拒绝开具发票一经成立，每次扣4分", "本店手册.docx")
    theirs = make_hit("拒绝开具发票一经成立，每次扣 6 分。", "000", kind="rule")

    both = [("6 分", "000"), ("4分", "本店手册.docx")]
    assert figures(ours, theirs) == [both, both]


@pytest.mark.parametrize(
    ("one", "other", "first"),
    [
        ("付款之后48小时之内必须发出", "付款之后 42 小时之内必须发出", "42 小时"),
        ("迟发货按货款的30%赔付给买家", "迟发货按货款的 50% 赔付给买家", "50%"),
        ("缺货最高赔付买家500元封顶", "缺货最高赔付买家 300 元封顶", "500元"),
        ("漏寄的发票要在7天内补寄给买家", "漏寄的发票要在 15 日内补寄给买家", "7天"),
    ],
)
def test_less_time_and_more_of_anything_else_is_stricter(one: str, other: str, first: str) -> None:
    shown, _ = with_disagreements([make_hit(one, "甲.txt"), make_hit(other, "乙.txt")])

    assert shown.disagreement[0].figure == first


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("拒绝开具发票每次扣6分", "拒绝开具发票每次扣 6 分"),
        ("拒绝开具发票每次扣6分", "拒绝开具发票罚款 600 元"),
        ("拒绝开具发票每次扣6分", "客服早班从 9 点到 18 点，迟到一次扣 2 分"),
        ("一般违规每次扣 3 分，严重的扣 12 分", "一般违规每次扣 4 分"),
    ],
    ids=["same figure", "other unit", "other matter", "several figures"],
)
def test_what_is_about_something_else_is_no_disagreement(one: str, other: str) -> None:
    assert figures(make_hit(one, "甲.txt"), make_hit(other, "乙.txt")) == [[], []]


def test_hits_of_another_topic_or_of_the_same_document_do_not_disagree() -> None:
    one = make_hit("拒绝开具发票每次扣6分", "甲.txt")
    assert figures(one, make_hit("拒绝开具发票每次扣 4 分", "乙.txt", topic="cod")) == [[], []]
    assert figures(one, make_hit("拒绝开具发票每次扣 4 分", "甲.txt")) == [[], []]


def test_the_packaged_rules_tell_of_their_own_disagreements_themselves() -> None:
    one, other = (make_hit(f"拒绝开具发票每次扣 {n} 分", f"00{n}", kind="rule") for n in (4, 6))

    assert figures(one, other) == [[], []]


def test_a_rule_that_the_list_has_no_place_for_is_compared_too_and_not_listed() -> None:
    ours = make_hit("拒绝开具发票一经成立，每次扣4分", "本店手册.docx")
    theirs = make_hit("- **INV-03** 发票违规一经成立，扣 6 分。（来源 000；天猫）", "000", kind="rule")

    (shown,) = with_disagreements([ours], [theirs])
    assert [(figure.figure, figure.source) for figure in shown.disagreement] == [
        ("6 分", "000"),
        ("4分", "本店手册.docx"),
    ]
