"""Reading a context: what is refused, in words that an agent understands, and what counts as unknown."""

from __future__ import annotations

from typing import Any

import pytest

from replyguide.context import Context, Shop, Turn, read_context
from replyguide.errors import InputError


def test_null_means_unknown_wherever_it_stands() -> None:
    data = {"question": None, "history": None, "asker": None, "shop": {"cod": None, "invoice_days": 7}, "product": None}

    assert read_context(data, where="a.json") == Context(shop=Shop(invoice_days=7))
    assert read_context(None, where="a.json") == Context()


def test_false_zero_and_empty_are_values() -> None:
    data = {"shop": {"cod": False, "invoice_days": 0, "couriers": []}, "product": {"price_yuan": 0}}
    context = read_context(data, where="a.json")

    assert (context.shop.cod, context.shop.invoice_days, context.shop.couriers) == (False, 0, [])
    assert context.product.price_yuan == 0


def test_a_text_that_names_several_things_is_a_list_of_them() -> None:
    context = read_context({"shop": {"couriers": "中通、圆通, 顺丰"}, "product": {"gifts": "收纳袋"}}, where="a.json")

    assert (context.shop.couriers, context.product.gifts) == (["中通", "圆通", "顺丰"], ["收纳袋"])


def test_lone_surrogates_become_replacement_characters() -> None:
    context = read_context({"history": [{"role": "buyer", "text": "好\ud800的"}]}, where="a.json")

    assert context.history == [Turn(role="buyer", text="好\ufffd的")]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ({"colour": 1}, "不认识的字段 colour，请删掉它或改正拼写"),
        ({"Shop": {"cod": True}}, "不认识的字段 Shop，请删掉它或改正拼写"),
        ({"history": [{"role": "buyer"}]}, "缺少字段 history.0.text，请补上"),
        (
            {"history": [{"role": "seller", "text": "好"}]},
            "字段 history.0.role 的值 'seller' 不对：只能是 'buyer'、'agent'，请改正",
        ),
        ({"shop": {"cod": "yes"}}, "字段 shop.cod 的值 'yes' 不对：应是 true 或 false，请改正"),
        ({"shop": {"ships_within_hours": -1}}, "字段 shop.ships_within_hours 的值 -1 不对：应大于 0，请改正"),
        ({"shop": {"invoice_days": "soon"}}, "字段 shop.invoice_days 的值 'soon' 不对：应是数字，请改正"),
        ({"shop": []}, "字段 shop 的值 [] 不对：应是“键: 值”的形式，请改正"),
        ({"product": {"gifts": 3}}, "字段 product.gifts 的值 3 不对：应是列表，请改正"),
        ([1], "字段 （整体） 的值 [1] 不对：应是“键: 值”的形式，请改正"),
    ],
)
def test_what_is_wrong_is_told_in_one_chinese_line(data: Any, line: str) -> None:
    with pytest.raises(InputError) as caught:
        read_context(data, where="shop.yaml")

    assert str(caught.value) == f"shop.yaml：{line}"
