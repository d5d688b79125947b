"""Telling a model what is known."""

from __future__ import annotations

from replyguide.context import Context, Product, Shop
from replyguide.drafting.facts import identity, known_facts


def test_what_is_unknown_is_left_out() -> None:
    """Nothing known, nothing told."""
    assert known_facts(Context()) == ()


def test_false_zero_and_one_are_known() -> None:
    """A switch that is off is a fact; free shipping from one piece needs no words."""
    shop = Shop(cod=False, return_7d=False, freight_insurance=False, free_shipping_min_qty=1, invoice_days=0)

    assert known_facts(Context(shop=shop)) == (
        "这件商品没有开通货到付款",
        "属于不支持七天无理由退货的商品",
        "店铺没有赠送退货运费险",
        "漏寄的发票 0 天内补寄",
    )


def test_every_fact_of_the_policy_has_its_line() -> None:
    """A field that is added to the context must be told to the model too."""
    shop = Shop(
        free_shipping="mainland",
        free_shipping_min_qty=2,
        couriers=["顺丰", "圆通"],
        cod=True,
        ships_within_hours=48,
        return_7d=True,
        freight_insurance=True,
        promotion="seckill",
        invoice_days=7,
    )
    product = Product(price_yuan=29.9, material="纯棉", gifts=["袜子"], category="服饰")
    known = Context(shop=shop, product=product)

    assert len(known_facts(known)) == len(Shop.model_fields) + len(Product.model_fields)
    assert "大陆地区包邮，港澳台和海外除外" in known_facts(known)
    assert "付款后 48 小时内发货" in known_facts(known)
    assert "页面价格 29.9 元" in known_facts(known)


def test_an_unknown_identity_counts_as_not_verified() -> None:
    """Only a clear yes opens order details."""
    assert "不能" in identity(Context())
    assert "不能" in identity(Context(buyer_verified=False))
    assert "已核实" in identity(Context(buyer_verified=True))
