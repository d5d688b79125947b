"""Numbers are values: any numeral style, the whole numeral, with its unit."""

from __future__ import annotations

import pytest

from replyguide.checker.language.folding import fold
from replyguide.checker.language.quantities import number_of, quantities


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("48小时", "hours", 48),
        ("四十八小时", "hours", 48),
        ("17天", "hours", 17 * 24),
        ("五到七天", "hours", 7 * 24),
        ("3-5天", "hours", 5 * 24),
        ("三四天", "hours", 4 * 24),
        ("一个礼拜", "hours", 7 * 24),
        ("两周", "hours", 14 * 24),
        ("半个月", "hours", 15 * 24),
        ("６天", "hours", 6 * 24),
        ("8块", "yuan", 8),
        ("十二元", "yuan", 12),
        ("5毛", "yuan", 0.5),
        ("6个点", "percent", 6),
        ("85%", "percent", 85),
        ("八折", "percent", 80),
        ("within 72 hours", "hours", 72),
        ("页面标价六十九哦", "yuan", 69),
        ("满3件", "pieces", 3),
        ("两件起", "pieces", 2),
        ("十二双", "pieces", 12),
    ],
)
def test_a_quantity_is_read_in_any_numeral_style(text: str, unit: str, value: float) -> None:
    found = quantities(fold(text).text)
    assert [(unit, value)] == [(quantity.unit, pytest.approx(quantity.value)) for quantity in found]


@pytest.mark.parametrize(
    "text",
    ["下午5点之前", "一点小瑕疵", "日期", "成功", "304不锈钢", "块地", "一件事", "一支持", "三包邮", "周六日照发"],
)
def test_a_look_alike_is_no_quantity(text: str) -> None:
    assert quantities(fold(text).text) == []


@pytest.mark.parametrize(
    ("numeral", "value"), [("二十", 20), ("一百二十", 120), ("一三八", 138), ("廿", 20), ("两千", 2000)]
)
def test_chinese_numerals_have_their_value(numeral: str, value: float) -> None:
    assert value == number_of(numeral)
