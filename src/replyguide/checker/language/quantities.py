"""Numbers as values: durations in hours, money in yuan, shares in percent, counts in pieces.

Digits and Chinese numerals are read alike. `17天` is seventeen days, never `7天`: a numeral is always taken whole.
A range (`五到七天`) counts as its upper end, since that is what the shop keeps open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Unit = Literal["hours", "yuan", "percent", "pieces"]

_CHINESE = "零〇一二两三四五六七八九十百千万半壹贰叁肆伍陆柒捌玖拾佰仟俩仨廿"
# Bounded, so that a wall of digits costs linear time; no quantity in a chat is longer.
_NUMERAL = rf"(?:(?<![\d.])\d{{1,9}}(?:\.\d{{1,4}})?|(?<![{_CHINESE}])[{_CHINESE}]{{1,12}})"
_DIGIT = {
    **{character: value for value, character in enumerate("零一二三四五六七八九")},
    **{character: value for value, character in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    "两": 2,
    "俩": 2,
    "仨": 3,
}
_SCALE = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10000, "廿": 20}
_HOURS = {
    "小时": 1.0, "钟头": 1.0, "h": 1.0, "分钟": 1 / 60, "天": 24.0, "日": 24.0, "工作日": 24.0,
    "周": 168.0, "星期": 168.0, "礼拜": 168.0, "月": 720.0, "个月": 720.0, "hour": 1.0, "day": 24.0, "week": 168.0,
}  # fmt: skip
_QUANTITY = re.compile(
    # `周六日照发` names days of the week, no six days.
    rf"(?<!周)(?<!星期)(?<!礼拜)(?:{_NUMERAL}(?:到|至|-|，|或者?))?(?P<high>{_NUMERAL})(?P<more>多|几|来)?(?:个)?"
    r"(?:(?P<time>工作日|小时|钟头|分钟|h(?:ours?|rs?)?(?![a-z])|天|日(?!期|常|本)|周(?!年|边|岁)|星期|礼拜|个月|月(?!份|\d))"
    r"|\x20?(?P<english>hour|day|week)s?"
    r"|(?P<money>块(?!地)|元|圆|毛|角(?!落)|rmb|yuan)"
    r"|(?P<share>%|个?百分点|(?<=个)d(?![a-z0-9])|个点|点(?!击|开|多|半|钟|前|后|左右|发|到|之|以|上|下)|折|成(?!功|分|本|交|品|年|员|为))"
    r"|(?P<pieces>件(?!事|套)|双(?!方|十)|套(?!路)|盒|箱|瓶|袋|条(?!件)|份(?!额)|支(?!持|付)|罐|桶|本(?!店|人|公司|来)|包(?!邮|装|裹|含|括|您|退|换|赔|修)))"
)
# A price told without its unit: `页面标价六十九`.
_PRICE = re.compile(
    rf"(?:标价|售价|页面价|现价|单价|标的|价格)(?:就?是|为|写)?的?(?P<high>{_NUMERAL})(?=[的了哦呢哈啊亲，。？]|$)"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit; `start`/`end` are offsets into the folded text."""

    value: float
    unit: Unit
    start: int
    end: int


def quantities(text: str, start: int = 0, end: int | None = None) -> list[Quantity]:
    """Find every quantity between two offsets of a folded text, left to right."""
    matches = _QUANTITY.finditer(text, start, len(text) if end is None else end)
    found = [quantity for match in matches if (quantity := _quantity(match)) is not None]
    return sorted(found + _prices(text, start, len(text) if end is None else end), key=lambda quantity: quantity.start)


def _prices(text: str, start: int, end: int) -> list[Quantity]:
    return [
        Quantity(value, "yuan", *match.span("high"))
        for match in _PRICE.finditer(text, start, end)
        if (value := number_of(match["high"])) is not None and value >= 10
    ]


def _quantity(match: re.Match[str]) -> Quantity | None:
    number = number_of(match["high"])
    if number is None:
        return None
    if match["more"]:
        number = number * 10 if match["more"] == "几" else number
    if match["time"] or match["english"]:
        word = match["english"] or match["time"]
        return Quantity(number * _HOURS["h" if word.startswith("h") else word], "hours", *match.span())
    if match["money"]:
        return Quantity(number / 10 if match["money"] in "毛角" else number, "yuan", *match.span())
    if match["pieces"]:
        return Quantity(number, "pieces", *match.span())
    if match["share"] == "点" and match["high"] == "一":
        return None  # 一点小瑕疵: a little, not one percent
    share = number * 10 if match["share"] in "折成" and number < 10 else number
    return Quantity(share, "percent", *match.span())


def number_of(numeral: str) -> float | None:
    """Read a numeral in digits or Chinese characters; `None` if the characters form no number."""
    if numeral[0].isdigit():
        return float(numeral)
    if numeral == "半":
        return 0.5
    if all(character in _DIGIT for character in numeral):
        return float(_spelled(numeral))
    total, current = 0.0, 0.0
    for character in numeral:
        if character in _DIGIT:
            current = _DIGIT[character]
        elif character == "万":
            total, current = (total + current) * 10000, 0.0
        elif character in _SCALE:
            total, current = total + (current if current else 1) * _SCALE[character], 0.0
        elif character == "半":
            total, current = total + current + 0.5, 0.0
    return total + current


def _spelled(numeral: str) -> int:
    """Read digits side by side: `五七` is the range five to seven, of which the upper end counts; `一三八` is 138."""
    digits = [_DIGIT[character] for character in numeral]
    if len(digits) == 2 and digits[0] + 1 == digits[1]:
        return digits[1]
    return int("".join(map(str, digits)))
