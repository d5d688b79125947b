"""The topic ids of the reply policy, shared by corpus, packs, eval cases and output, with their Chinese names."""

from __future__ import annotations

from typing import Final

VIOLATION_TOPICS: Final[dict[str, str]] = {
    "invoice": "发票",
    "shipping-fee": "运费与包邮",
    "credit-card": "信用卡",
    "cod": "货到付款",
    "privacy": "泄露信息",
    "close-order": "关闭交易",
    "order-change": "私改订单",
    "off-platform-payment": "线下付款",
    "off-platform-contact": "站外联系",
    "stock": "缺货",
    "ship-time": "发货时间",
    "returns": "退换货",
    "return-freight": "退换运费",
    "after-sale": "售后责任",
    "promise": "违背承诺",
    "fake-trade": "虚假交易",
    "review": "评价",
    "misdescription": "描述不符",
    "counterfeit": "假货",
    "ad-claims": "绝对化用语",
    "attitude": "态度",
    "harassment": "恶意骚扰",
    "courtesy": "敬语",
    "overpromise": "无依据承诺",
}
RETRIEVAL_TOPICS: Final[dict[str, str]] = {
    "price": "议价",
    "logistics": "物流",
    "product-info": "商品咨询",
    "greeting": "接待用语",
    "complaint": "投诉处理",
    "response-time": "响应时效",
    "penalty": "扣分与处罚",
    "scam": "职业索赔与套保证金",
    "workplace": "内部制度与排班",
}
TOPICS: Final[dict[str, str]] = {**VIOLATION_TOPICS, **RETRIEVAL_TOPICS}
