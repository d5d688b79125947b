"""Facts of the context and the conditions on them, in words for the person who reads why a rule speaks."""

from __future__ import annotations

from replyguide.conditions import Condition, When

_NAMES = {
    "asker": "提问的人",
    "buyer_verified": "已确认是下单账号",
    "shop.free_shipping": "店铺包邮范围",
    "shop.free_shipping_min_qty": "包邮起始件数",
    "shop.couriers": "页面写明的快递",
    "shop.cod": "开通货到付款",
    "shop.ships_within_hours": "承诺发货小时数",
    "shop.return_7d": "支持七天无理由退货",
    "shop.freight_insurance": "店铺送运费险",
    "shop.promotion": "活动",
    "shop.invoice_days": "补寄发票天数",
    "product.price_yuan": "商品价格（元）",
    "product.material": "页面材质",
    "product.gifts": "页面赠品",
    "product.category": "商品类目",
}
_VALUES = {
    "all": "全国包邮",
    "mainland": "大陆包邮",
    "except_remote": "偏远地区除外包邮",
    "none": "没有",
    "juhuasuan": "聚划算",
    "seckill": "秒杀",
    "limited_discount": "限时折扣",
    "buyer": "买家",
    "agent": "客服同事",
}
_LONGEST_LIST = 6


def name_of_fact(path: str) -> str:
    """Return what a fact is called; a path without a name stays as it is."""
    return _NAMES.get(path, path)


def value_in_words(value: object) -> str:
    """Tell the value of a fact; `None` is one that is not known."""
    if value is None:
        return "未知"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        shown = "、".join(value_in_words(one) for one in value[:_LONGEST_LIST])
        return f"{shown}等 {len(value)} 种" if len(value) > _LONGEST_LIST else shown
    return _VALUES.get(str(value), str(value))


def condition_in_words(path: str, condition: Condition) -> str:
    """Tell what a fact must be."""
    name = name_of_fact(path)
    if condition.known is not None:
        return f"{name}{'已知' if condition.known else '未知'}"
    if condition.allowed is not None:
        return f"{name}：{value_in_words(list(condition.allowed))}"
    low = f"不小于 {condition.minimum:g}" if condition.minimum is not None else ""
    high = f"不大于 {condition.maximum:g}" if condition.maximum is not None else ""
    return f"{name}{'、'.join(part for part in (low, high) if part)}"


def when_in_words(when: When) -> str:
    """Tell a whole condition: every part must hold."""
    return "，并且".join(condition_in_words(path, condition) for path, condition in when.items())
