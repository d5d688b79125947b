"""The kinds of personal data, and how they are called in place of the data."""

from __future__ import annotations

from typing import Final, Literal

PersonalKind = Literal["name", "phone", "address", "order", "tracking", "card", "id-card", "email", "account"]

NAMES: Final[dict[PersonalKind, str]] = {
    "name": "姓名",
    "phone": "电话",
    "address": "地址",
    "order": "订单号",
    "tracking": "快递单号",
    "card": "银行卡号",
    "id-card": "身份证号",
    "email": "邮箱",
    "account": "账号",
}
KINDS: Final[dict[str, PersonalKind]] = {name: kind for kind, name in NAMES.items()}
#: What a reply to the buyer who placed the order may repeat of what he wrote himself.
OWN_DATA: Final[frozenset[PersonalKind]] = frozenset({"name", "phone", "address", "order", "tracking"})
NOTHING: Final[frozenset[PersonalKind]] = frozenset()
