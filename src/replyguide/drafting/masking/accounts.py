"""E-mail addresses, and the names under which people are found elsewhere: WeChat, QQ, Alipay, member names, codes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replyguide.drafting.masking.kinds import PersonalKind

_EMAIL = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63}\s?[@＠]\s?[A-Za-z0-9][A-Za-z0-9\-]{0,62}(?:\s?[.．]\s?[A-Za-z]{2,10}){1,3}"
)
_ACCOUNT = re.compile(
    r"(?<!型号)(?:微信|薇信|威信|v信|薇❤️?|微❤️?|vx|wx|wechat|weixin|qq|加q|扣扣|企鹅|line|支付宝|旺旺|会员名|昵称|淘宝号|淘宝|账号|帐号|密码|验证码)"
    r"\s?(?:号码?|名|账号|帐号|id)?(?:是|为|叫|加|[：:]|\s)*(?P<id>[A-Za-z0-9][A-Za-z0-9_\-]{4,29})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_HAS_DIGIT_OR_MARK = re.compile(r"[\d_]")


def accounts(text: str) -> Iterator[tuple[PersonalKind, int, int]]:
    """Yield kind and span of every e-mail address and account; a plain word after `微信` (`微信pay`) is none."""
    for found in _EMAIL.finditer(text):
        yield "email", *found.span()
    for found in _ACCOUNT.finditer(text):
        if _HAS_DIGIT_OR_MARK.search(found["id"]):
            yield "account", *found.span("id")
