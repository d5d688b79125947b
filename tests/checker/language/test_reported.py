"""What a reply reports of the buyer in order to reject it."""

from __future__ import annotations

import pytest

from replyguide.checker import load_checker
from replyguide.checker.language.reading import Reading
from replyguide.checker.language.reported import reported_spans


def reported(text: str) -> list[str]:
    reading = Reading(text, load_checker().packs.lexicon)
    return [reading.folded.text[start:end] for start, end in reported_spans(reading.clauses)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("您说的加6个点是别家的说法", ["加6个点"]),
        ("您说打到私人账户，这样不安全的", ["打到私人账户"]),
        ("您提到的微信转账我们不支持哦", ["微信转账"]),
        ("您说的微信可以的", []),
        ("您说的微信，我们可以加的", []),
        ("您说的没问题，我们加您微信", []),
        ("我们说的加6个点不是别家的说法", []),
    ],
)
def test_only_what_is_rejected_counts(text: str, expected: list[str]) -> None:
    assert reported(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("拿红包换好评这种事我们不做", ["拿红包换好评"]),
        ("寄空包返本金这类买卖咱可不敢碰", ["寄空包返本金"]),
        ("永远不起球这样的话我们不敢讲", ["永远不起球"]),
        ("天天打电话催评价这种事我们不做", ["天天打电话催评价"]),
        ("开票要加钱这种事我们不做", ["开票要加钱"]),
        ("给您开发票这种事我们不做", []),
        ("给您退款的事我们不能处理", []),
        ("拿红包换好评这种事我们可以做", []),
    ],
)
def test_a_thing_that_is_never_done_is_not_what_the_shop_commits_to(text: str, expected: list[str]) -> None:
    assert reported(text) == expected


def test_every_one_of_a_long_reply_is_told() -> None:
    assert len(reported("您说的加6个点是别家的说法，" * 5000)) == 5000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("您担心的是先点发货货还在厂里", ["先点发货货还在厂里"]),
        ("您怕质量不好可以加微信看", ["质量不好"]),
        ("一楼说的不收信用卡是误会", ["不收信用卡"]),
        ("昨天说不收运费是口误", []),
        ("不存在刷卡补差的说法", ["刷卡补差"]),
        ("没有退货这回事", []),
    ],
)
def test_fears_and_rumours_are_reported_and_what_is_due_is_not(text: str, expected: list[str]) -> None:
    assert reported(text) == expected
