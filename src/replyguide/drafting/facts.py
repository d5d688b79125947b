"""The known facts of shop and product, each as one Chinese line for a prompt. What is unknown is left out."""

from __future__ import annotations

from replyguide.context import Context, FreeShipping, Product, Promotion, Shop
from replyguide.drafting.fence import one_line

_FREE_SHIPPING: dict[FreeShipping, str] = {
    "all": "全部地区包邮",
    "mainland": "大陆地区包邮，港澳台和海外除外",
    "except_remote": "包邮，偏远地区除外",
    "none": "不包邮，运费以页面的运费模板为准",
}
_PROMOTION: dict[Promotion, str] = {
    "juhuasuan": "商品正在参加聚划算",
    "seckill": "商品正在参加秒杀",
    "limited_discount": "商品正在参加限时折扣",
    "none": "商品没有参加活动",
}
_FACT_LENGTH = 80


def known_facts(context: Context) -> tuple[str, ...]:
    """Return one line a known fact, shop first; texts of shop and page are cut to a harmless line."""
    lines = (*_shipping(context.shop), *_services(context.shop), *_product(context.product))
    return tuple(line for line in lines if line)


def identity(context: Context) -> str:
    """Say whether the asker is known to be the one who placed the order; unknown counts as not."""
    if context.buyer_verified is True:
        return "对方用下单的账号咨询，身份已核实"
    return "对方没有核实为下单账号，不能向他提供、核对或修改订单信息"


def number(value: float) -> str:
    """Write a number as people do: 7, not 7.0."""
    return f"{value:.10g}"


def _shipping(shop: Shop) -> list[str]:
    lines = []
    if shop.free_shipping is not None:
        lines.append(_FREE_SHIPPING[shop.free_shipping])
    if shop.free_shipping_min_qty is not None and shop.free_shipping_min_qty > 1:
        lines.append(f"满 {shop.free_shipping_min_qty} 件才包邮")
    if shop.couriers:
        lines.append(f"页面写明的快递：{_listed(shop.couriers)}")
    if shop.ships_within_hours is not None:
        lines.append(f"付款后 {number(shop.ships_within_hours)} 小时内发货")
    return lines


def _services(shop: Shop) -> list[str]:
    switches = (
        (shop.cod, "这件商品支持货到付款", "这件商品没有开通货到付款"),
        (shop.return_7d, "支持七天无理由退货", "属于不支持七天无理由退货的商品"),
        (shop.freight_insurance, "店铺赠送退货运费险", "店铺没有赠送退货运费险"),
    )
    lines = [yes if on else no for on, yes, no in switches if on is not None]
    if shop.promotion is not None:
        lines.append(_PROMOTION[shop.promotion])
    if shop.invoice_days is not None:
        lines.append(f"漏寄的发票 {number(shop.invoice_days)} 天内补寄")
    return lines


def _product(product: Product) -> list[str]:
    lines = []
    if product.price_yuan is not None:
        lines.append(f"页面价格 {number(product.price_yuan)} 元")
    if product.material is not None:
        lines.append(f"材质：{one_line(product.material, limit=_FACT_LENGTH)}")
    if product.gifts:
        lines.append(f"页面写明的赠品：{_listed(product.gifts)}")
    if product.category is not None:
        lines.append(f"类目：{one_line(product.category, limit=_FACT_LENGTH)}")
    return lines


def _listed(names: list[str]) -> str:
    return one_line("、".join(names), limit=_FACT_LENGTH)
