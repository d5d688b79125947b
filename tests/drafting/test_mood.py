"""Telling who needs an apology."""

from __future__ import annotations

import pytest

from replyguide.drafting.mood import mood_of


@pytest.mark.parametrize(
    "question",
    [
        "怎么还没发货啊",
        "為什麼還沒到貨",
        "拍了三天了还不发",
        "等了好久了",
        "物流一直不更新",
        "快递好几天没动了",
        "麻烦催一下",
        "I still haven't received it",
        "Where is my parcel?",
    ],
)
def test_a_buyer_who_waits(question: str) -> None:
    """Late parcels, told directly or not."""
    assert mood_of(question) == "waiting"


@pytest.mark.parametrize(
    "question",
    [
        "你们就是骗子",
        "什么态度！",
        "再不处理我就去12315",
        "收到货发现杯子碎了",
        "给我发错货了",
        "衣服破了",
        "The cup arrived broken",
    ],
)
def test_an_upset_buyer(question: str) -> None:
    """Anger, and a fault that has happened."""
    assert mood_of(question) == "upset"


@pytest.mark.parametrize(
    "question",
    [
        "有发票吗",
        "几天能到",
        "今天拍什么时候发货",
        "如果收到坏了怎么办",
        "会不会掉色",
        "我还没付款，能便宜点吗",
        "还没到7天可以退吗",
        "还没发货可以改地址吗",
        "为什么不发圆通",
        "为什么不送运费险",
        "收到货多少天内可以退",
        "收到了，质量不错",
        "多少发货费",
        "买了三天了还能退吗",
        "收到好几天了还能换吗",
        "怎么搜不到你家的店",
        "定做的要等几天",
        "USB接口的有吗",
        "你们发什么快递",
        "可以到付吗",
        "do you ship to Canada",
    ],
)
def test_a_calm_buyer(question: str) -> None:
    """Plain and hypothetical questions get no apology."""
    assert mood_of(question) == "calm"
