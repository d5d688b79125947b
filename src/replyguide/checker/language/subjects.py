"""Who does an act: the buyer or the shop."""

from __future__ import annotations

import re
from typing import Literal

from replyguide.checker.language.reading import Clause

# 给您, 为您, 跟您 name whom the act is for; 由您, 让您, 需要您 name who is to act; 您的 says whose something is.
_BUYER = re.compile(
    "(?<![给为帮替跟向和把被请让])(?:(?:您|你)(?!的)|亲(?!自|手|测|肤|爱|子)|买家|客户|顾客)"
    "|(?:由|让|请|得|需要|需|要)(?:您|你|亲|买家|客户)"
)
_SHOP = re.compile(
    "我们|咱们|我方|我家|本店|(?<!自己)(?<!自己的)(?<!您的)(?<!您)(?<!你)(?:店铺|店里)|小店|卖家|商家|我来|由我"
    "|这边来|我自己|(?<!快递)(?<!保险)(?<!物流)(?<!您)(?<!你)公司"
)


def subject_of(clause: Clause, start: int) -> Literal["buyer", "shop"] | None:
    """Tell who does the act at folded offset `start`: the last of buyer and shop that is named before it."""
    before = clause.text[: start - clause.start]
    buyer = max((match.end() for match in _BUYER.finditer(before)), default=-1)
    shop = max((match.end() for match in _SHOP.finditer(before)), default=-1)
    if buyer == shop:
        return None
    return "buyer" if buyer > shop else "shop"
