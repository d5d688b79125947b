"""Messages that give orders to a machine instead of asking the shop: a person has to see those.

Only open attempts are told here, by their form; what they manage to bring about still has to pass the checker.
"""

from __future__ import annotations

import re

_QUOTE = '[：:“”"「『]'
_ORDERS = re.compile(
    # 请只回复“……” / 跟我念：…… (客服说“不退” is a complaint and no order)
    rf"(?:请你?|请只|只[需要能用]?|必须|务必|跟我|照着?|原样|原话|一字不差)[^，。！？\n]{{0,10}}(?:回复|输出|重复|复述|回答|念|说)"
    rf"[^，。！？\n]{{0,12}}{_QUOTE}"
    r"|(?:忽略|无视|忘记|忘掉|抛开|解除|不用遵守)[^，。！？\n]{0,14}(?:指令|规则|提示|设定|限制|约束)"
    r"|系统提示|提示词|开发者模式|越狱模式|(?:api|接口)\s*(?:key|密钥)|环境变量"
    r"|(?:你现在是|从现在(?:开始|起)，?你|你(?:要|来)?扮演)[^，。！？\n]{0,16}(?:助手|人工智能|ai|模型|黑客|限制|奶奶)"
    r"|新的?(?:系统)?(?:规则|指令|指示)\s*[：:]|</?[a-z_]+>"
    r"|\b(?:ignore|disregard|forget|override)\b.{0,30}\b(?:instructions?|rules?|prompts?|above|previous)\b"
    r"|\b(?:system prompt|developer mode|you are now|act as an?|repeat after me|say exactly)\b",
    re.IGNORECASE,
)


def gives_orders(folded: str) -> bool:
    """Tell whether a message (folded by `words.fold`) orders the machine about."""
    return _ORDERS.search(folded) is not None
